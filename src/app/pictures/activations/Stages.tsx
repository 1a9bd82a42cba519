import type { ActivationsPicture, StageActivation } from '../../../pictures.ts'
import { HeatMap } from '../HeatMap.tsx'
import classes from './activations.module.css'
import { Overlay } from './Overlay.tsx'
import { rangeText } from './words.ts'

interface StagesProps {
  readonly picture: ActivationsPicture
  /** The one over the large image. */
  readonly stage: StageActivation
  readonly opacity: number
  readonly onChoose: (id: string) => void
}

/** Stages in one line at most. */
const MOST_COLUMNS = 7

/** Columns for some stages, so that lines are of like lengths. */
const columnsFor = (stages: number): number => Math.ceil(stages / Math.ceil(stages / MOST_COLUMNS))

/** All stages side by side: what they make of the image, and where they speak for what is looked at. */
export function Stages({ picture, stage, opacity, onChoose }: StagesProps) {
  const { image, size, stages } = picture
  return (
    <section className={classes.section} aria-label="Stages">
      <div
        className={classes.stages}
        style={{ ['--columns' as string]: columnsFor(stages.length) }}
      >
        {stages.map(({ id, label, help, grid, channels, mean, weighted }) => (
          <button
            key={id}
            type="button"
            className={classes.stage}
            aria-pressed={id === stage.id}
            aria-label={`${label}: lay it over the image`}
            title={help}
            data-testid={`activations-stage-${id}`}
            onClick={() => onChoose(id)}
          >
            <strong>{label}</strong>
            <small>
              {grid} × {grid} × {channels}
            </small>
            <HeatMap
              values={mean}
              range={{ bottom: Math.min(...mean), top: Math.max(...mean) }}
              grid={grid}
              label={`Channel mean of ${label}`}
            />
            <small>{rangeText(mean)}</small>
            <Overlay
              pixels={image}
              size={size}
              values={weighted}
              grid={grid}
              opacity={opacity}
              label={`Weighted by gradients: ${label}`}
            />
            <small>{rangeText(weighted)}</small>
          </button>
        ))}
      </div>
      <p className={classes.about}>
        {stage.label}: {stage.help} Above, the mean over its channels, in colours from its least to
        its largest value; below, the same features weighted by gradients (Grad-CAM): bright where
        more of them would make better what is looked at; dark is 0.
      </p>
    </section>
  )
}
