import { useState } from 'react'
import type { LayerSpectrum } from '../../../pictures.ts'
import { formatValue } from '../../charts/axes.ts'
import { Swatch } from '../../charts/Swatch.tsx'
import { cssColour } from '../colourMap.ts'
import { CurveChart } from './CurveChart.tsx'
import classes from './fourier.module.css'
import { sharesOf } from './numbers.ts'
import { layersHelp, shareText } from './words.ts'

/** Colours of the first and the last layer: neither is lost on a light or a dark page. */
const SHALLOW = 0.3
const DEEP = 0.78

/** The share of all layers that lie before one, as a colour. */
const depthColour = (layer: number, layers: number): string =>
  cssColour(SHALLOW + ((DEEP - SHALLOW) * layer) / Math.max(layers - 1, 1))

/** Which frequencies every layer lets through, and how much its features vary from place to place. */
export function LayersSection({ layers }: { readonly layers: readonly LayerSpectrum[] }) {
  const [pointed, setPointed] = useState<string | null>(null)
  const top = Math.max(...layers.map(({ variance }) => variance), Number.MIN_VALUE)
  const colours = new Map(layers.map(({ id }, at) => [id, depthColour(at, layers.length)]))
  return (
    <section className={classes.section} aria-label="Layers" data-testid="fourier-layers">
      <h3>By layer</h3>
      <CurveChart
        label="Relative log amplitude of the feature maps by layer"
        curves={layers.map(({ id, label, grid, amplitudes }) => ({
          ...{ id, label, colour: colours.get(id)!, strong: id === pointed },
          ...{ x: sharesOf(amplitudes, grid), y: amplitudes },
        }))}
        axis="frequency along the diagonal, as a share of the highest that the layer’s cells can show"
        ticks={[0, 0.25, 0.5, 0.75, 1]}
        tickText={(share) => `${100 * share} %`}
        nameOf={shareText}
        logScale={false}
        testId="fourier-layers-chart"
      />
      <p className={classes.about}>{layersHelp}</p>
      <table className={classes.variances}>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Cells</th>
            <th scope="col">Variance over the cells</th>
          </tr>
        </thead>
        <tbody>
          {layers.map(({ id, label, grid, variance }) => (
            <tr
              key={id}
              data-shown={id === pointed || undefined}
              onPointerEnter={() => setPointed(id)}
              onPointerLeave={() => setPointed(null)}
            >
              <th scope="row">
                <Swatch colour={colours.get(id)!} /> {label}
              </th>
              <td>
                {grid} × {grid}
              </td>
              <td>
                <span
                  className={classes.bar}
                  style={{ ['--share' as string]: `${(100 * variance) / top}%` }}
                >
                  {formatValue(variance)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.about}>
        The variance tells how much a channel differs from cell to cell, mean over channels and
        images: layers that average over places make it small.
      </p>
    </section>
  )
}
