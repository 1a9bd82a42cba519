import { Slider } from '@mantine/core'
import type { ComponentProps } from 'react'
import { countVerdicts, type Patch, type Verdict } from './patches.ts'
import classes from './places.module.css'
import { verdictNames } from './words.ts'

interface ThresholdProps {
  readonly patches: readonly Patch[]
  readonly threshold: number
  readonly onThreshold: (threshold: number) => void
}

const verdicts: readonly Verdict[] = ['hit', 'miss', 'falseAlarm', 'pass']

/** From which probability on a claim counts as found out, and how many then are rightly and wrongly. */
export function Threshold({ patches, threshold, onThreshold }: ThresholdProps) {
  const counts = countVerdicts(patches, threshold)
  return (
    <section className={classes.section} aria-label="Threshold">
      <h3>
        Doubted from a probability of <output>{threshold.toFixed(2)}</output>
      </h3>
      <Slider
        size={4}
        thumbSize={16}
        label={null}
        min={0}
        max={1}
        step={0.01}
        value={threshold}
        onChange={onThreshold}
        thumbLabel="Threshold"
        thumbProps={{ 'data-testid': 'places-threshold' } as ComponentProps<'div'>}
      />
      <dl className={classes.counts} data-testid="places-counts">
        {verdicts.map((verdict) => (
          <div key={verdict}>
            <dd>{counts[verdict]}</dd>
            <dt>{verdictNames[verdict][counts[verdict] === 1 ? 0 : 1]}</dt>
          </div>
        ))}
      </dl>
      <p className={classes.about}>
        Hits are wrong claims that are found out, misses are believed; false alarms are true claims
        that are doubted. The charts have the same over all images, for every threshold.
      </p>
    </section>
  )
}
