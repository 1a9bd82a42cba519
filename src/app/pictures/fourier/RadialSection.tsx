import { Button, CloseButton, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { SpectrumPicture } from '../../../pictures.ts'
import { methodOf } from '../../../store/form.ts'
import { useSession } from '../../../store/hooks.ts'
import { dropCurve, keepCurve } from '../../../store/keptCurves.ts'
import { session } from '../../../store/page.ts'
import { Swatch } from '../../charts/Swatch.tsx'
import { useRunAhead } from '../useRunAhead.ts'
import { CurveChart, type Curve } from './CurveChart.tsx'
import classes from './fourier.module.css'
import { isKept, ofSamples } from './numbers.ts'
import { differenceText, keptText, ringText } from './words.ts'

interface RadialSectionProps {
  readonly picture: SpectrumPicture
  /** The sample's place; null for the mean over all. */
  readonly at: number | null
  readonly step: number
}

const NOW = 'var(--mantine-color-text)'
const BESIDE = 'var(--mantine-color-dimmed)'
const besideDashes = ['2 3', '8 3', '5 2 1 2']
const keptColour = (id: number): string => `var(--series-${id})`

/** Errors and amplitudes by distance from the middle of the spectrum, beside those that were kept. */
export function RadialSection({ picture, at, step }: RadialSectionProps) {
  const { samples, radial } = picture
  const keptCurves = useSession((state) => state.keptCurves)
  const { method, settings } = useRunAhead()
  const [chosen, setChosen] = useState<string | null>(null)
  const mains = radial.curves.filter(({ beside }) => beside === undefined)
  const main = mains.find(({ id }) => id === chosen) ?? mains[0]
  const valuesOf = (values: Float32Array) => Array.from(ofSamples(values, samples.length, at))
  if (!main) return null

  const now = {
    curve: main.id,
    sample: at === null ? null : samples[at]!,
    at: radial.at,
    values: valuesOf(main.values),
    step,
    method: method.id,
    settings,
  }
  const kept = keptCurves.filter(({ curve }) => curve === main.id)
  const beside = radial.curves.filter((curve) => curve.beside === main.id)
  const entries: readonly (Curve & { readonly keptAs?: number; readonly note?: string })[] = [
    {
      id: 'now',
      label: `${main.label}, now`,
      colour: NOW,
      strong: true,
      x: radial.at,
      y: now.values,
    },
    ...beside.map(({ id, label, values }, place) => ({
      ...{ id, label, colour: BESIDE, dash: besideDashes[place % besideDashes.length]! },
      ...{ x: radial.at, y: valuesOf(values) },
    })),
    ...kept.map((curve) => ({
      ...{ id: `kept-${curve.id}`, keptAs: curve.id, colour: keptColour(curve.id) },
      label: keptText(methodOf(curve.method), curve),
      note: differenceText(method, curve, settings) ?? undefined,
      ...{ x: curve.at, y: curve.values },
    })),
  ]
  const top = Math.max(...entries.flatMap(({ x }) => x), 1)
  return (
    <section className={classes.section} aria-label="By frequency" data-testid="fourier-radial">
      <h3>By frequency</h3>
      <div className={classes.controls}>
        {mains.length > 1 && (
          <SegmentedControl
            aria-label="What is shown by frequency"
            size="xs"
            value={main.id}
            onChange={setChosen}
            data={mains.map(({ id, label }) => ({ value: id, label }))}
          />
        )}
        <Button
          variant="default"
          size="compact-sm"
          fz="xs"
          disabled={isKept(keptCurves, now)}
          data-testid="fourier-keep"
          onClick={() => keepCurve(session, now)}
        >
          Keep this curve
        </Button>
      </div>
      <CurveChart
        label={`${main.label} by frequency`}
        curves={entries}
        axis="cycles an image: coarse shapes on the left, fine detail on the right"
        ticks={ticksUpTo(top)}
        tickText={String}
        nameOf={ringText}
        logScale
        testId="fourier-radial-chart"
      />
      <ul className={classes.lines} aria-label="Lines">
        {entries.map(({ id, label, note, colour, dash, keptAs }) => (
          <li key={id}>
            <Swatch colour={colour} {...(dash && { dash })} />
            <span>
              {label}
              {note && <small>{note}</small>}
            </span>
            {keptAs !== undefined && (
              <CloseButton
                size="xs"
                aria-label={`Remove ${label}`}
                data-testid={`fourier-drop-${keptAs}`}
                onClick={() => dropCurve(session, keptAs)}
              />
            )}
          </li>
        ))}
      </ul>
      <p className={classes.about}>
        {main.help} {beside.map(({ label, help }) => `${label}: ${help}`).join(' ')} Keep a curve,
        train on or change a setting, and see which frequencies become better.
      </p>
    </section>
  )
}

/** Round places of the axis, the last of them at its end. */
const ticksUpTo = (top: number): number[] => {
  const step = top > 12 ? 4 : 1
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, tick) => tick * step)
}
