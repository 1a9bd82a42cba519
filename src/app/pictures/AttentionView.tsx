import { useMemo, useState, type KeyboardEvent } from 'react'
import type { AttentionPicture } from '../../pictures.ts'
import { useSession } from '../../store/hooks.ts'
import { pickedOf } from '../../store/view.ts'
import { AttentionImage } from './AttentionImage.tsx'
import { layAttention } from './attentionLayout.ts'
import { AttentionMaps } from './AttentionMaps.tsx'
import { AttentionParts } from './AttentionParts.tsx'
import {
  asksAsPatch,
  attentionRow,
  attentionRows,
  isVisible,
  queryWithin,
  topOf,
  visiblePatches,
  type AttentionMap,
} from './attentionRows.ts'
import { ownRange, sharedRange, type Scale } from './attentionScale.ts'
import { AttentionToolbar } from './AttentionToolbar.tsx'
import classes from './attention.module.css'
import { sampleTitle } from './captions.ts'
import panel from './pictures.module.css'
import { mapReadout, queryReadout } from './readout.ts'
import { Stage } from './Stage.tsx'

/** What the pointer or the focus is on: a patch of the image, or a patch in one of the maps. */
export type Pointed =
  | { readonly on: 'image'; readonly query: number }
  | { readonly on: 'map'; readonly map: AttentionMap; readonly patch: number | null }

interface AttentionViewProps {
  readonly picture: AttentionPicture
  readonly step: number
  readonly scale: Scale
  readonly onScale: (scale: Scale) => void
}

/** The image with one map over it, and all maps beside it, as seen from one token. */
export function AttentionView({ picture, step, scale, onScale }: AttentionViewProps) {
  const wanted = useSession(({ view }) => pickedOf(view))
  const labels = useSession((state) => state.labels)
  const [partId, setPartId] = useState<string | null>(null)
  const [chosenQuery, setChosenQuery] = useState<number | null>(null)
  const [chosen, setChosen] = useState<AttentionMap | null>(null)
  const [pointed, setPointed] = useState<Pointed | null>(null)

  const { grid, parts } = picture
  const part = parts.find(({ id }) => id === partId) ?? parts[0]!
  const { layers, heads, visible } = part
  const patches = grid * grid
  const kept = queryWithin(part, grid, chosenQuery)
  const query = pointed?.on === 'image' ? queryWithin(part, grid, pointed.query) : kept
  const { rows, top } = useMemo(() => attentionRows(part, patches, query), [part, patches, query])
  const shown = useMemo(() => visiblePatches(part, patches).length, [part, patches])
  const shared = useMemo(() => sharedRange(top, shown), [top, shown])
  const lasting = useMemo(() => mapWithin(chosen, layers, heads), [chosen, layers, heads])
  const map = pointed?.on === 'map' ? mapWithin(pointed.map, layers, heads) : lasting
  const values = attentionRow(part, patches, map, query)
  const seen = { part, grid, map, query }

  const onPatch = (patch: number | null) => {
    if (patch === null) setPointed(null)
    else if (asksAsPatch(part) && isVisible(part, patch)) setPointed({ on: 'image', query: patch })
    else setPointed({ on: 'map', map: lasting, patch })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || query === queryWithin(part, grid, null)) return
    event.stopPropagation()
    setChosenQuery(null)
    setPointed(null)
  }

  return (
    <div className={panel.panel} onKeyDown={onKeyDown}>
      <AttentionToolbar scale={scale} onScale={onScale} range={shared} step={step} />
      <AttentionParts
        parts={parts}
        part={part}
        onPart={(id) => {
          setPartId(id)
          setPointed(null)
        }}
      />
      <Stage>
        {(space) => {
          const { image, maps } = layAttention({ layers, columns: heads + 1, grid }, space)
          return (
            <div className={classes.body}>
              <AttentionImage
                side={image}
                picture={picture}
                part={part}
                title={sampleTitle(picture.sample, labels)}
                busy={picture.sample !== wanted}
                map={map}
                values={values}
                range={
                  scale === 'shared' ? sharedRange(topOf(values), shown) : ownRange(values, visible)
                }
                query={query}
                kept={kept}
                readout={
                  pointed?.on === 'map' ? mapReadout(seen, pointed.patch) : queryReadout(seen)
                }
                onPoint={onPatch}
                onKeep={setChosenQuery}
              />
              <AttentionMaps
                rows={rows}
                grid={grid}
                visible={visible}
                orientation={maps.orientation}
                cellSide={maps.cell}
                range={scale === 'shared' ? shared : null}
                chosen={lasting}
                onPoint={setPointed}
                onChoose={setChosen}
              />
            </div>
          )
        }}
      </Stage>
    </div>
  )
}

/** The chosen map as far as this network has it; the mean of the last layer where none was chosen. */
function mapWithin(map: AttentionMap | null, layers: number, heads: number): AttentionMap {
  if (!map || map.layer >= layers) return { layer: layers - 1, head: null }
  return map.head !== null && map.head >= heads ? { ...map, head: null } : map
}
