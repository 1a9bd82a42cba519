import { useMemo } from 'react'
import { classNames } from '../../../data/classes.ts'
import { likenessOf, LOOKED_AT } from './likeness.ts'
import classes from './map.module.css'

interface LikenessTableProps {
  readonly points: Float32Array
  readonly labels: Uint8Array
  /** The points still move: nothing is counted before they have come to rest. */
  readonly isMoving: boolean
}

/** The map in numbers: how far images of a class lie together. */
export function LikenessTable({ points, labels, isMoving }: LikenessTableProps) {
  const likeness = useMemo(
    () => (isMoving ? null : likenessOf(points, labels, classNames.length)),
    [points, labels, isMoving],
  )
  if (!likeness) return null
  return (
    <div className={classes.likeness} data-testid="map-likeness">
      <p>
        <b>{likeness.all.toFixed(0)} %</b> of the {LOOKED_AT} nearest marks are of the same class
        (by chance {likeness.chance.toFixed(0)} %).
      </p>
      <details>
        <summary>By class</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">Same class near</th>
            </tr>
          </thead>
          <tbody>
            {classNames.map((name, label) => {
              const share = likeness.byClass[label] ?? null
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{share === null ? '–' : `${share.toFixed(0)} %`}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </details>
    </div>
  )
}
