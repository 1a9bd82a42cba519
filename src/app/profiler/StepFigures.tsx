import type { StepProfile } from '../../profile.ts'
import { formatNumber } from '../../settings/format.ts'
import { formatBytes, formatMilliseconds } from '../format.ts'
import classes from './profiler.module.css'
import { gpuMilliseconds } from './sortKernels.ts'

/** What a step costs as a whole. */
export function StepFigures({ profile }: { readonly profile: StepProfile }) {
  const gpu = gpuMilliseconds(profile.kernels)
  const { dispatches, submits, hostMilliseconds, uploadedBytes } = profile
  const { plannedBytes, liveBytes, constantBytes, heldBytes } = profile
  return (
    <div className={classes.figures}>
      <Figures
        title="A step"
        figures={[
          ['Dispatches', formatNumber(dispatches)],
          ['Submits', formatNumber(submits)],
          ['GPU time', gpu === null ? 'not told' : formatMilliseconds(gpu)],
          [
            'Host time',
            hostMilliseconds === null
              ? 'after the next step'
              : formatMilliseconds(hostMilliseconds),
          ],
          ['Uploaded', formatBytes(uploadedBytes)],
        ]}
      />
      <Figures
        title="GPU memory"
        figures={[
          ['Planned for the step', formatBytes(plannedBytes)],
          ['Least that it needs', formatBytes(liveBytes)],
          ['Constants', formatBytes(constantBytes)],
          ['Held for everything', formatBytes(heldBytes)],
        ]}
      />
    </div>
  )
}

interface FiguresProps {
  readonly title: string
  readonly figures: readonly (readonly [name: string, value: string])[]
}

function Figures({ title, figures }: FiguresProps) {
  return (
    <section>
      <h3 className={classes.title}>{title}</h3>
      <dl className={classes.list}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
