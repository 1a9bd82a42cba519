import type { ActivationsPicture } from '../../../pictures.ts'
import { formatValue } from '../../charts/axes.ts'
import { colourGradient } from '../colourMap.ts'
import { HeatMap } from '../HeatMap.tsx'
import classes from './activations.module.css'

/** How long the features of every cell are before and after the mask token enters. */
export function TokenSection({
  token: { label, grid, before, after },
}: {
  readonly token: NonNullable<ActivationsPicture['token']>
}) {
  const range = {
    bottom: Math.min(...before, ...after),
    top: Math.max(...before, ...after),
  }
  return (
    <section className={classes.section} aria-label="Mask token" data-testid="activations-token">
      <h3>Mask token, {label}</h3>
      <div className={classes.token}>
        {[
          { name: 'Before', values: before },
          { name: 'After', values: after },
        ].map(({ name, values }) => (
          <figure key={name}>
            <HeatMap
              values={values}
              range={range}
              grid={grid}
              label={`Length of the features ${name.toLowerCase()} the mask token enters`}
            />
            <figcaption>{name}</figcaption>
          </figure>
        ))}
        <div>
          <p className={classes.legend}>
            {formatValue(range.bottom)}
            <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />
            {formatValue(range.top)}
          </p>
          <p className={classes.about}>
            Length of the features of every cell, before and after the learned token is put into the
            hidden ones. In the beginning the token is short, and the two look alike.
          </p>
        </div>
      </div>
    </section>
  )
}
