import { useMemo } from 'react'
import type { FeatureHealth } from '../../results.ts'
import { recordsOf, type RecordOf } from '../../store/evaluations.ts'
import { useSession } from '../../store/hooks.ts'
import { representationColour } from '../charts/knn.ts'
import { Help } from './Help.tsx'
import classes from './results.module.css'
import { Sparkline } from './Sparkline.tsx'
import { useSubject } from './useEvaluation.ts'
import { labelOf } from './words.ts'

/** One sign of collapse. */
interface Monitor {
  readonly name: string
  readonly help: string
  readonly value: (health: FeatureHealth) => number | null
  /** The value beside which it is to be read; null where there is none. */
  readonly level: (health: FeatureHealth) => number | null
  readonly text: (health: FeatureHealth) => string
  /** What it is of, where it is the same for all representations of the network. */
  readonly shared?: string
}

const even = ({ dimensions }: FeatureHealth): number => 1 / Math.sqrt(dimensions)

const monitors: readonly Monitor[] = [
  {
    name: 'Spread',
    help: 'Standard deviation of unit-norm features, averaged over their dimensions. 1/√dimensions, the dashed line, where the features of different images point everywhere alike; 0 where they are all the same: complete collapse.',
    value: ({ deviation }) => deviation,
    level: even,
    text: (health) => `${health.deviation.toFixed(4)} of ${even(health).toFixed(4)}`,
  },
  {
    name: 'Effective rank',
    help: 'RankMe: how many directions the features really use, from the entropy of their singular values. At most their number of dimensions; few directions of many are a dimensional collapse.',
    value: ({ effectiveRank }) => effectiveRank,
    level: () => null,
    text: ({ effectiveRank, dimensions }) => `${effectiveRank.toFixed(1)} of ${dimensions}`,
  },
  {
    name: 'Token similarity',
    help: 'Mean cosine between different patch tokens of the same image. Near 1 all patches of an image say the same, and places can no longer be told apart.',
    shared: 'Patch tokens',
    value: ({ tokenSimilarity }) => tokenSimilarity,
    level: () => 1,
    text: ({ tokenSimilarity }) => tokenSimilarity?.toFixed(3) ?? '–',
  },
]

/** How the features spread, now and over training: one card a sign. */
export function Monitors({ latest }: { readonly latest: RecordOf<'knn'> }) {
  const kept = useSession((state) => state.evaluations.kept)
  const records = useMemo(() => recordsOf(kept, 'knn'), [kept])
  const hasTokens = latest.result.scores.some(({ health }) => health.tokenSimilarity !== null)
  return (
    <div className={classes.monitors}>
      {monitors
        .filter(({ name }) => hasTokens || name !== 'Token similarity')
        .map((monitor) => (
          <MonitorCard key={monitor.name} monitor={monitor} latest={latest} records={records} />
        ))}
    </div>
  )
}

interface MonitorCardProps {
  readonly monitor: Monitor
  readonly latest: RecordOf<'knn'>
  readonly records: readonly RecordOf<'knn'>[]
}

function MonitorCard({ monitor, latest, records }: MonitorCardProps) {
  const { representations } = useSubject()
  const { name, help, value, level, text, shared } = monitor
  const scores = latest.result.scores.slice(0, shared === undefined ? undefined : 1)
  const colourOf = (place: number) =>
    shared === undefined ? representationColour(place) : 'var(--mantine-color-dimmed)'
  const lines = scores.map(({ representation }, place) => ({
    key: representation,
    colour: colourOf(place),
    values: records.map(({ result }) => {
      const score = result.scores.find((other) => other.representation === representation)
      return (score && value(score.health)) ?? 0
    }),
  }))
  const texts = scores.map(({ representation, health }) => ({
    representation,
    label: shared ?? labelOf(representations, representation),
    text: text(health),
  }))
  return (
    <div className={classes.monitor} data-testid={`monitor-${name}`}>
      <h4>
        {name} <Help about={name}>{help}</Help>
      </h4>
      <dl>
        {texts.map(({ representation, label, text: shown }, place) => (
          <div key={representation}>
            <dt>
              <span className={classes.swatch} style={{ background: colourOf(place) }} />
              {label}
            </dt>
            <dd>{shown}</dd>
          </div>
        ))}
      </dl>
      <Sparkline
        lines={lines}
        places={records.map(({ step }) => step)}
        level={level(scores[0]!.health)}
        label={`${name} over training; now ${texts.map((each) => `${each.label} ${each.text}`).join(', ')}`}
      />
    </div>
  )
}
