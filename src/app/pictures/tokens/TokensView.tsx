import { useState } from 'react'
import type { TokensPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { sampleName, sampleTitle } from '../captions.ts'
import panel from '../pictures.module.css'
import { Stage } from '../Stage.tsx'
import type { Scale, TokenPlace } from './similarity.ts'
import classes from './tokens.module.css'
import { layTokens, TABLE_GAP } from './tokensLayout.ts'
import { TokensToolbar } from './TokensToolbar.tsx'
import { TokenTable } from './TokenTable.tsx'
import { useSimilarity } from './useSimilarity.ts'
import { chosenText, cosineText } from './words.ts'

/** A chosen patch: it stays while its image is among the samples. */
interface Kept {
  readonly sample: number
  readonly patch: number
}

interface TokensViewProps {
  readonly picture: TokensPicture
  readonly step: number
}

/** Every sample image with the colours of its tokens, and how like the chosen patch each of its patches is. */
export function TokensView({ picture, step }: TokensViewProps) {
  const wanted = useSession((state) => state.view.samples)
  const labels = useSession((state) => state.labels)
  const [scale, setScale] = useState<Scale>('stretched')
  const [kept, setKept] = useState<Kept | null>(null)
  const [pointed, setPointed] = useState<TokenPlace | null>(null)
  const [cursor, setCursor] = useState(0)

  const { samples, grid, size, explained } = picture
  const chosen = placeOf(kept, picture)
  const { range, images } = useSimilarity(picture, chosen, scale)
  const rows = samples.map((sample, image) => ({
    image,
    sample,
    name: sampleName(sample, labels),
    title: sampleTitle(sample, labels),
    compared: images[image]!,
  }))
  const value = pointed ? images[pointed.image]?.values[pointed.patch] : undefined

  return (
    <div className={panel.panel}>
      <TokensToolbar
        scale={scale}
        onScale={setScale}
        range={range}
        explained={explained}
        step={step}
        readout={
          pointed && value !== undefined
            ? cosineText(rows[pointed.image]!.title, pointed.patch, grid, value)
            : chosenText(rows[chosen.image]!.title, chosen.patch, grid)
        }
      />
      <Stage>
        {(space) => {
          const { perTable, table } = layTokens(samples.length, size, space)
          const starts = rows.map(({ image }) => image).filter((image) => image % perTable === 0)
          return (
            <div className={classes.tables} style={{ gap: TABLE_GAP }}>
              {starts.map((start) => (
                <TokenTable
                  key={start}
                  label={`Patch tokens of the sample images${start > 0 ? `, from image ${start + 1}` : ''}`}
                  rows={rows.slice(start, start + perTable)}
                  layout={table}
                  size={size}
                  grid={grid}
                  busy={samples.join() !== wanted.join()}
                  chosen={chosen}
                  pointed={pointed}
                  cursor={Math.min(cursor, grid * grid - 1)}
                  onPoint={setPointed}
                  onCursor={(place) => {
                    setCursor(place.patch)
                    setPointed(place)
                  }}
                  onChoose={({ image, patch }) => {
                    setCursor(patch)
                    setKept({ sample: samples[image]!, patch })
                  }}
                />
              ))}
            </div>
          )
        }}
      </Stage>
    </div>
  )
}

/** Where the chosen patch is now: in the middle of the first image when it is gone, or none was chosen. */
function placeOf(kept: Kept | null, { samples, grid }: TokensPicture): TokenPlace {
  const image = kept ? samples.indexOf(kept.sample) : -1
  if (kept && image >= 0 && kept.patch < grid * grid) return { image, patch: kept.patch }
  return { image: 0, patch: Math.floor(grid / 2) * (grid + 1) }
}
