import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { TokensPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { Tooltip } from '../../ui/Tooltip.tsx'
import { sampleName, sampleTitle } from '../captions.ts'
import { chooseLayout, type LabelSizes } from '../layout.ts'
import { PictureGrid } from '../PictureGrid.tsx'
import panel from '../pictures.module.css'
import { Stage } from '../Stage.tsx'
import { tokenColumns } from './columns.ts'
import type { Scale, TokenPlace } from './similarity.ts'
import { TokenCell } from './TokenCell.tsx'
import classes from './tokens.module.css'
import { TokensToolbar } from './TokensToolbar.tsx'
import { useSimilarity, type ComparedImage } from './useSimilarity.ts'
import { bestText, chosenText, cosineText, formatCosine } from './words.ts'

/** Space that column labels and sample captions take, in CSS pixels. */
const LABELS: LabelSizes = { side: 84, top: 34, caption: 22 }

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
  const titles = samples.map((sample) => sampleTitle(sample, labels))
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
            ? cosineText(titles[pointed.image]!, pointed.patch, grid, value)
            : chosenText(titles[chosen.image]!, chosen.patch, grid)
        }
      />
      <Stage>
        {(space) => (
          <PictureGrid
            label="Patch tokens of the sample images"
            layout={chooseLayout(
              { items: samples.length, columns: tokenColumns.length, pixels: size },
              space,
              LABELS,
            )}
            labelSizes={LABELS}
            busy={samples.join() !== wanted.join()}
            zoom={false}
            items={samples.map((sample, row) => ({
              key: sample,
              render: (focus) => (
                <span {...focus} className={classes.sample} title={titles[row]}>
                  <span className={classes.name}>{sampleName(sample, labels)}</span>
                  <span className={classes.match} data-testid={`token-match-${row}`}>
                    {row === chosen.image ? 'chosen' : bestCosine(images[row]!)}
                  </span>
                </span>
              ),
            }))}
            columns={tokenColumns.map(({ id, label, help }) => ({
              key: id,
              render: (focus) => (
                <Tooltip label={help} tap>
                  <UnstyledButton {...focus} className={panel.heading}>
                    {label}
                  </UnstyledButton>
                </Tooltip>
              ),
            }))}
            cell={(row, column, focus) => {
              const { id, label } = tokenColumns[column]!
              const { values, best, pictures } = images[row]!
              const isChosen = row === chosen.image
              const match = isChosen ? '' : `, ${bestText(best, grid, values[best]!)}`
              return (
                <TokenCell
                  focus={focus}
                  testId={`token-${id}-${row}`}
                  pixels={pictures[column]!}
                  size={id === 'image' ? size : grid}
                  grid={grid}
                  label={`${label} of ${titles[row]!}${id === 'similarity' ? match : ''}`}
                  chosen={isChosen ? chosen.patch : null}
                  best={isChosen ? null : best}
                  pointed={pointed?.image === row ? pointed.patch : null}
                  cursor={Math.min(cursor, grid * grid - 1)}
                  onPoint={(patch) => setPointed(patch === null ? null : { image: row, patch })}
                  onCursor={(patch) => {
                    setCursor(patch)
                    setPointed({ image: row, patch })
                  }}
                  onChoose={(patch) => {
                    setCursor(patch)
                    setKept({ sample: samples[row]!, patch })
                  }}
                />
              )
            }}
          />
        )}
      </Stage>
    </div>
  )
}

const bestCosine = ({ values, best }: ComparedImage) => `best ${formatCosine(values[best]!)}`

/** Where the chosen patch is now: in the middle of the first image when it is gone, or none was chosen. */
function placeOf(kept: Kept | null, { samples, grid }: TokensPicture): TokenPlace {
  const image = kept ? samples.indexOf(kept.sample) : -1
  if (kept && image >= 0 && kept.patch < grid * grid) return { image, patch: kept.patch }
  return { image: 0, patch: Math.floor(grid / 2) * (grid + 1) }
}
