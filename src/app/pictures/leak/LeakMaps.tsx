import { useMemo } from 'react'
import type { LeakPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { sampleTitle } from '../captions.ts'
import { paintChanges } from '../order/causality.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { tileOf } from '../tiles.ts'
import classes from './leak.module.css'
import { percentText } from './words.ts'

/** Which cells of the encoder's output moved, over every image. */
export function LeakMaps({ picture }: { readonly picture: LeakPicture }) {
  const { samples, grid, moved, tolerance, largest } = picture
  const table = useSession((state) => state.strips)
  const labels = useSession((state) => state.labels)
  const cells = grid * grid
  const maps = useMemo(
    () =>
      samples.map((_, at) => {
        const changes = moved.subarray(at * cells, (at + 1) * cells)
        return {
          pixels: paintChanges(changes, tolerance, largest),
          count: changes.filter((change) => change > tolerance).length,
          most: Math.max(...changes),
        }
      }),
    [samples, moved, cells, tolerance, largest],
  )
  const originals = table?.columns[0]
  return (
    <ul className={classes.maps} aria-label="Cells that moved">
      {samples.map((sample, at) => {
        const { pixels, count, most } = maps[at]!
        const row = table?.samples.indexOf(sample) ?? -1
        const text = `${sampleTitle(sample, labels)}: ${count} of ${cells} cells moved, by up to ${percentText(most)}`
        return (
          <li key={sample} title={text}>
            {originals && row >= 0 && (
              <PixelCanvas
                className={classes.ground}
                pixels={tileOf(originals, row)}
                size={originals.size}
                label="the image"
              />
            )}
            <PixelCanvas className={classes.moved} pixels={pixels} size={grid} label={text} />
          </li>
        )
      })}
    </ul>
  )
}
