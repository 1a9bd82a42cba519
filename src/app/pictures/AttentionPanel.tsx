import { useState, type KeyboardEvent } from 'react'
import { useSession } from '../../store/hooks.ts'
import { AttentionImage } from './AttentionImage.tsx'
import { layAttention } from './attentionLayout.ts'
import { AttentionMaps } from './AttentionMaps.tsx'
import { ownRange, sharedRange, type Scale } from './attentionScale.ts'
import { AttentionToolbar } from './AttentionToolbar.tsx'
import {
  attentionRow,
  attentionRows,
  CLASS_TOKEN,
  topOf,
  type AttentionMap,
} from './attentionRows.ts'
import classes from './attention.module.css'
import { sampleTitle } from './captions.ts'
import panel from './pictures.module.css'
import { PicturesEmpty } from './PicturesEmpty.tsx'
import { mapReadout, queryReadout } from './readout.ts'
import { Stage } from './Stage.tsx'

/** What the pointer or the focus is on: a patch of the image, or a patch in one of the maps. */
export type Pointed =
  | { readonly on: 'image'; readonly query: number }
  | { readonly on: 'map'; readonly map: AttentionMap; readonly patch: number | null }

/** What one image's tokens look at, in every layer and head. */
export function AttentionPanel() {
  const attention = useSession((state) => state.attention)
  const wanted = useSession(({ view }) => view.attentionSample ?? view.samples[0])
  const labels = useSession((state) => state.labels)
  const [scale, setScale] = useState<Scale>('shared')
  const [kept, setKept] = useState(CLASS_TOKEN)
  const [chosen, setChosen] = useState<AttentionMap | null>(null)
  const [pointed, setPointed] = useState<Pointed | null>(null)

  if (!attention)
    return (
      <div className={panel.panel}>
        <AttentionToolbar scale={scale} onScale={setScale} range={null} step={null} />
        <PicturesEmpty />
      </div>
    )

  const { picture, step } = attention
  const query = Math.min(pointed?.on === 'image' ? pointed.query : kept, picture.tokens - 1)
  const { rows, top } = attentionRows(picture, query)
  const shape = { layers: picture.layers, columns: picture.heads + 1, grid: picture.grid }
  const map = within(pointed?.on === 'map' ? pointed.map : chosen, picture)
  const values = attentionRow(picture, map, query)
  const shared = sharedRange(top, picture.tokens)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || query === CLASS_TOKEN) return
    event.stopPropagation()
    setKept(CLASS_TOKEN)
    setPointed(null)
  }

  return (
    <div className={panel.panel} onKeyDown={onKeyDown}>
      <AttentionToolbar scale={scale} onScale={setScale} range={shared} step={step} />
      <Stage>
        {(space) => {
          const { image, maps } = layAttention(shape, space)
          return (
            <div className={classes.body}>
              <AttentionImage
                side={image}
                picture={picture}
                title={sampleTitle(picture.sample, labels)}
                busy={picture.sample !== wanted}
                map={map}
                values={values}
                range={
                  scale === 'shared' ? sharedRange(topOf(values), picture.tokens) : ownRange(values)
                }
                query={query}
                kept={kept}
                readout={
                  pointed?.on === 'map'
                    ? mapReadout(picture, pointed.map, query, pointed.patch)
                    : queryReadout(picture, map, query)
                }
                onPoint={setPointed}
                onKeep={setKept}
              />
              <AttentionMaps
                rows={rows}
                grid={picture.grid}
                layout={maps}
                range={scale === 'shared' ? shared : null}
                chosen={map}
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
function within(
  map: AttentionMap | null,
  { layers, heads }: { readonly layers: number; readonly heads: number },
): AttentionMap {
  if (!map || map.layer >= layers) return { layer: layers - 1, head: null }
  return map.head !== null && map.head >= heads ? { ...map, head: null } : map
}
