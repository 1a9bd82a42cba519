import { useMemo, useState } from 'react'
import type { SpectrumMap, SpectrumPicture } from '../../../pictures.ts'
import { formatValue } from '../../charts/axes.ts'
import { colourGradient } from '../colourMap.ts'
import type { Place } from '../gridMoves.ts'
import { HeatMap } from '../HeatMap.tsx'
import { Matrix } from '../Matrix.tsx'
import { PixelCanvas } from '../PixelCanvas.tsx'
import classes from './fourier.module.css'
import { frequencyAt, ofSamples, paintedMap, waveOf } from './numbers.ts'
import { mapText } from './words.ts'

interface MapsSectionProps {
  readonly picture: SpectrumPicture
  /** The sample's place; null for the mean over all. */
  readonly at: number | null
  readonly title: string
}

/** Numbers for every frequency, and the wave under the pointer. */
export function MapsSection({ picture, at, title }: MapsSectionProps) {
  const { samples, size, maps } = picture
  const [pointed, setPointed] = useState<Place | null>(null)
  const shown = useMemo(
    () => maps.map((map) => ({ map, values: ofSamples(map.values, samples.length, at) })),
    [maps, samples.length, at],
  )
  const wave = useMemo(
    () => (pointed ? waveOf(frequencyAt(pointed, size), size) : null),
    [pointed, size],
  )
  return (
    <section className={classes.maps} aria-label={`Spectra of ${title}`}>
      {shown.map(({ map, values }) => (
        <MapFigure
          key={map.id}
          map={map}
          values={values}
          size={size}
          title={title}
          pointed={pointed}
          onPoint={setPointed}
        />
      ))}
      <div className={classes.reading}>
        <div className={classes.wave}>
          {wave && <PixelCanvas pixels={wave} size={size} label="The wave of this frequency" />}
        </div>
        <p className={classes.readout} aria-live="polite" data-testid="fourier-readout">
          {pointed
            ? mapText(
                frequencyAt(pointed, size),
                shown.map(({ map: { label }, values }) => ({
                  label,
                  value: values[pointed.row * size + pointed.column]!,
                })),
              )
            : 'Point at a frequency, tap it, or go there with the arrow keys, to read it and to see its wave. The constant part lies in the middle, fine detail at the rim; opposite points are the same wave.'}
        </p>
      </div>
    </section>
  )
}

interface MapFigureProps {
  readonly map: SpectrumMap
  readonly values: Float32Array
  readonly size: number
  readonly title: string
  readonly pointed: Place | null
  readonly onPoint: (place: Place | null) => void
}

function MapFigure({ map, values, size, title, pointed, onPoint }: MapFigureProps) {
  const { id, label, help, scale } = map
  const { heights, range, ends } = useMemo(() => paintedMap(values, scale), [values, scale])
  return (
    <figure className={classes.map}>
      <h3>{label}</h3>
      <Matrix
        rows={size}
        columns={size}
        rowsLabel="down"
        columnsLabel="across"
        label={`${label} of ${title} by frequency.`}
        testId={`fourier-map-${id}`}
        beside={null}
        start={{ row: Math.floor(size / 2), column: Math.floor(size / 2) }}
        onPoint={onPoint}
      >
        <HeatMap values={heights} range={range} grid={size} label={`${label} by frequency`} />
        {pointed && (
          <svg className={classes.layer} viewBox={`0 0 ${size} ${size}`} aria-hidden>
            <path d={`M${pointed.column} ${pointed.row}h1v1h-1z`} />
          </svg>
        )}
      </Matrix>
      <p className={classes.legend}>
        {formatValue(ends.bottom)}
        <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />
        {formatValue(ends.top)}
      </p>
      <figcaption className={classes.about}>
        {help} {scale === 'log' && 'Colours by powers of ten.'}
      </figcaption>
    </figure>
  )
}
