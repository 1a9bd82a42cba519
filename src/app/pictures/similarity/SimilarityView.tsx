import { useMemo, useState } from 'react'
import type { SimilarityPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { sampleTitle } from '../captions.ts'
import { colourGradient, paintValues } from '../colourMap.ts'
import type { Place } from '../gridMoves.ts'
import { Matrix } from '../Matrix.tsx'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { rangeOf, type Scale } from '../tokens/similarity.ts'
import { formatCosine } from '../tokens/words.ts'
import { agreementOf, beside, likest, shareOf } from './numbers.ts'
import classes from './similarity.module.css'
import { agreementText, pairText } from './words.ts'

interface SimilarityViewProps {
  readonly picture: SimilarityPicture
  readonly scale: Scale
  /** Another number of images has been asked for. */
  readonly busy: boolean
}

/** The matrix of cosines between its images, and the pair under the pointer. */
export function SimilarityView({ picture, scale, busy }: SimilarityViewProps) {
  const labels = useSession((state) => state.labels)
  const [pointed, setPointed] = useState<Place | null>(null)
  const { samples, cosines, temperature, views, size } = picture
  const images = samples.length
  const agreement = useMemo(() => agreementOf(cosines, images), [cosines, images])
  const range = useMemo(() => rangeOf(cosines, scale), [cosines, scale])
  const pixels = useMemo(() => paintValues(cosines, range), [cosines, range])
  const [ofRows, ofColumns] = [
    views.subarray(0, views.length / 2),
    views.subarray(views.length / 2),
  ]
  const across = useMemo(
    () => beside(views.subarray(views.length / 2), images, size),
    [views, images, size],
  )
  const strays = useMemo(
    () =>
      samples.flatMap((_, row) => {
        const column = likest(cosines, images, row)
        return column === row ? [] : [{ row, column }]
      }),
    [samples, cosines, images],
  )
  const pair = pointed && pointed.row < images && pointed.column < images ? pointed : null
  const titleOf = (at: number) => sampleTitle(samples[at]!, labels)
  const viewOf = (all: Uint8ClampedArray, at: number) => {
    const bytes = size * size * 4
    return all.subarray(at * bytes, (at + 1) * bytes)
  }
  return (
    <div className={classes.body} aria-busy={busy} data-busy={busy || undefined}>
      <div
        className={classes.matrix}
        style={{ ['--beside' as string]: `calc((100% - 22px) / ${images + 1})` }}
      >
        <Matrix
          rows={images}
          columns={images}
          rowsLabel={picture.rows}
          columnsLabel={picture.columns}
          label={`Cosines of ${images} images, each with each. ${agreementText(agreement, images)}`}
          testId="similarity-matrix"
          beside={
            <PixelCanvas
              pixels={ofRows}
              width={size}
              size={size * images}
              label={`${picture.rows}, one a row`}
              className={`${classes.strip} ${classes.upright}`}
            />
          }
          above={
            <PixelCanvas
              pixels={across}
              width={size * images}
              size={size}
              label={`${picture.columns}, one a column`}
              className={`${classes.strip} ${classes.level}`}
            />
          }
          onPoint={setPointed}
        >
          <PixelCanvas
            pixels={pixels}
            size={images}
            label="Cosines by row and column"
            className={classes.plot}
          />
          <svg className={classes.layer} viewBox={`0 0 ${images} ${images}`} aria-hidden>
            <path className={classes.rim} d={squares(images)} />
            <path className={classes.diagonal} d={squares(images)} />
            {strays.map(({ row, column }) => (
              <circle
                key={row}
                className={classes.stray}
                cx={column + 0.5}
                cy={row + 0.5}
                r={0.22}
              />
            ))}
            {pair && <path className={classes.cursor} d={`M${pair.column} ${pair.row}h1v1h-1z`} />}
          </svg>
        </Matrix>
      </div>
      <div className={classes.aside}>
        <dl className={classes.figures} data-testid="similarity-figures">
          <div>
            <dt>Two views of one image</dt>
            <dd>{formatCosine(agreement.same)}</dd>
          </div>
          <div>
            <dt>Views of two images</dt>
            <dd>{formatCosine(agreement.others)}</dd>
          </div>
          <div>
            <dt>Rows most like their own image</dt>
            <dd>
              {agreement.found} of {images}
            </dd>
          </div>
        </dl>
        {pair && (
          <div className={classes.pair}>
            <PixelCanvas pixels={viewOf(ofRows, pair.row)} size={size} label={titleOf(pair.row)} />
            <PixelCanvas
              pixels={viewOf(ofColumns, pair.column)}
              size={size}
              label={titleOf(pair.column)}
            />
          </div>
        )}
        <p className={classes.readout} aria-live="polite" data-testid="similarity-readout">
          {pair
            ? pairText(
                titleOf(pair.row),
                titleOf(pair.column),
                pair.row === pair.column,
                cosines[pair.row * images + pair.column]!,
                shareOf(cosines, images, pair.row, pair.column, temperature),
              )
            : 'Point at a pair, tap it, or go there with the arrow keys. Training draws the framed diagonal towards 1, and the rest apart from it.'}
        </p>
        <ul className={classes.legend} aria-label="Colours of the matrix">
          <li>
            {formatCosine(range.bottom)}
            <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />
            {formatCosine(range.top)}
          </li>
          {strays.length > 0 && (
            <li>
              <svg viewBox="0 0 12 12" aria-hidden>
                <circle className={classes.stray} cx="6" cy="6" r="3" />
              </svg>
              most alike of its row, but another image
            </li>
          )}
        </ul>
      </div>
    </div>
  )
}

/** Frames around the places of the diagonal. */
const squares = (count: number): string =>
  Array.from({ length: count }, (_, at) => `M${at} ${at}h1v1h-1z`).join('')
