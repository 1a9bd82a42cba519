import { useMemo } from 'react'
import type { Compiling, RunState } from '../../protocol.ts'
import { isGoing } from '../../store/actions.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import type { Session } from '../../store/session.ts'
import { formatCount, formatRate } from '../format.ts'
import classes from './controls.module.css'
import { StepCost } from './StepCost.tsx'

/** What the run is doing, in a word. */
export const stateNames: Readonly<Record<RunState, string>> = {
  opening: 'Opening the GPU',
  'no-data': 'No images yet',
  loading: 'Loading images',
  paused: 'Paused',
  training: 'Training',
  recovering: 'Recovering',
  stopped: 'Stopped',
}

/** How far the preparation of a step has come. */
export const compilingText = ({ stage, done, total }: Compiling): string =>
  `${stage === 'compiling' ? 'Compiling' : 'Tuning'} kernels ${done}/${total}`

/** Run state, step, epoch, speed and size; and what a step costs by the settings of the form. */
export function RunFacts() {
  const { state, step, epoch, imagesPerSecond, parameters } = useSession(({ run }) => run)
  const going = useSession(isGoing)
  const compiling = useSession((session) => session.compiling)
  const running = useSession((session) => session.running)
  const { unit, amount } = useMemo(() => workOf(running), [running])
  return (
    <dl className={classes.facts}>
      <div
        className={classes.chip}
        data-state={compiling ? 'compiling' : state}
        data-testid="run-state"
      >
        <dt className={classes.unseen}>State</dt>
        <dd>
          {compiling
            ? compilingText(compiling)
            : going && state !== 'training'
              ? `${stateNames[state]}, then training`
              : stateNames[state]}
        </dd>
      </div>
      <div className={classes.step}>
        <dt className={classes.unseen}>Steps done</dt>
        <dd data-testid="step-count">
          <span data-testid="step">Step {step}</span>
        </dd>
      </div>
      <Fact name="Epoch" rank="second" value={epoch.toFixed(2)} testId="epoch" />
      <Fact name="Images/s" value={formatRate(imagesPerSecond)} testId="images-per-second" />
      <Fact
        name={`${unit}/s`}
        rank="third"
        value={formatCount(Math.round(imagesPerSecond * amount))}
        testId="tokens-per-second"
      />
      {parameters > 0 && (
        <Fact name="Parameters" rank="last" value={formatCount(parameters)} testId="parameters" />
      )}
      <StepCost />
    </dl>
  )
}

/** What an image is to the run: tokens, or what is counted in their place. */
function workOf(running: Session['running']): { readonly unit: string; readonly amount: number } {
  if (!running) return { unit: 'Tokens', amount: 0 }
  const counts = methodOf(running.method).tokenCounts(running.values)
  const { unit = 'tokens', teacher, student } = counts
  return { unit: capitalised(unit), amount: teacher + student }
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

interface FactProps {
  readonly name: string
  readonly value: string
  readonly testId: string
  /** What goes when there is no room for all. */
  readonly rank?: 'second' | 'third' | 'last'
}

function Fact({ name, value, testId, rank }: FactProps) {
  return (
    <div className={classes.fact} data-rank={rank}>
      <dt>{name}</dt>
      <dd data-testid={testId}>{value}</dd>
    </div>
  )
}
