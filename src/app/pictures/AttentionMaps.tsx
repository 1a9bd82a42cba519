import { memo } from 'react'
import type { Pointed } from './AttentionView.tsx'
import classes from './attention.module.css'
import type { AttentionMap } from './attentionRows.ts'
import { MAP_LABELS } from './attentionLayout.ts'
import { ownRange } from './attentionScale.ts'
import type { ColourRange } from './colourMap.ts'
import type { Orientation } from './layout.ts'
import { HeatMap } from './HeatMap.tsx'
import { patchUnder } from './patches.ts'
import { PictureGrid } from './PictureGrid.tsx'
import { mapName } from './readout.ts'

/** Smallest cell with room for a whole word above it. */
const WORD_CELL = 42

interface AttentionMapsProps {
  /** [layer][head…, mean][patch] */
  readonly rows: readonly (readonly Float32Array[])[]
  /** Patches along a side of the image. */
  readonly grid: number
  /** 1 for every patch that the network was shown; absent when it saw all. */
  readonly visible: Uint8Array | undefined
  readonly orientation: Orientation
  /** Side of a map in CSS pixels. */
  readonly cellSide: number
  /** The colours of all maps; null gives every map its own range. */
  readonly range: ColourRange | null
  /** The map shown over the image. */
  readonly chosen: AttentionMap
  readonly onPoint: (pointed: Pointed | null) => void
  readonly onChoose: (map: AttentionMap) => void
}

/**
 * A heat map for every layer and head, and the mean over the heads of every layer. Rendered only when what is on it
 * changes: a pointer moving over more than a hundred maps must not draw them all again.
 */
export const AttentionMaps = memo(function AttentionMaps(props: AttentionMapsProps) {
  const { rows, grid, visible, orientation, cellSide, range, chosen, onPoint, onChoose } = props
  const heads = (rows[0]?.length ?? 1) - 1
  const mapAt = (layer: number, column: number): AttentionMap => ({
    layer,
    head: column === heads ? null : column,
  })
  const word = (text: string, number: number, side: boolean) =>
    side || cellSide >= WORD_CELL ? `${text} ${number}` : String(number)
  const across = orientation === 'across'

  return (
    <PictureGrid
      label="Attention by layer and head"
      layout={{ orientation, cell: cellSide }}
      labelSizes={MAP_LABELS}
      zoom={false}
      items={rows.map((_, layer) => ({
        key: layer,
        render: (focus) => (
          <span {...focus} className={classes.heading} aria-label={`Layer ${layer + 1}`}>
            {word('layer', layer + 1, !across)}
          </span>
        ),
      }))}
      columns={Array.from({ length: heads + 1 }, (_, head) => ({
        key: head,
        render: (focus) => (
          <span
            {...focus}
            className={classes.heading}
            aria-label={head === heads ? 'Mean over heads' : `Head ${head + 1}`}
          >
            {head === heads ? 'mean' : word('head', head + 1, across)}
          </span>
        ),
      }))}
      cell={(layer, column, focus) => {
        const map = mapAt(layer, column)
        const values = rows[layer]![column]!
        const point = (patch: number | null) => onPoint({ on: 'map', map, patch })
        return (
          <button
            {...focus}
            type="button"
            className={classes.map}
            aria-pressed={map.layer === chosen.layer && map.head === chosen.head}
            data-testid={`attention-${layer}-${map.head ?? 'mean'}`}
            onFocus={() => {
              focus.onFocus()
              point(null)
            }}
            onBlur={() => onPoint(null)}
            onPointerMove={(event) => point(patchUnder(event, grid))}
            onPointerLeave={() => onPoint(null)}
            onClick={() => onChoose(map)}
          >
            <HeatMap
              values={values}
              range={range ?? ownRange(values, visible)}
              grid={grid}
              visible={visible}
              label={mapName(map)}
            />
          </button>
        )
      }}
    />
  )
})
