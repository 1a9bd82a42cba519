import { createJSONStorage, persist } from 'zustand/middleware'
import { createStore } from 'zustand/vanilla'

/** What the charts' horizontal axis counts. */
export type ChartAxis = 'step' | 'epoch' | 'seconds'

/** What the person likes, over all runs; kept in the browser's local storage. */
export interface Preferences {
  /** Half-life of the charts' smoothing in steps; 0 shows the raw values. */
  readonly smoothing: number
  readonly logScale: boolean
  readonly axis: ChartAxis
  /** Metrics whose line or chart is switched off, by key. */
  readonly hiddenMetrics: readonly string[]
  /** What training does while the tab is in the background. */
  readonly background: 'train' | 'pause'
  /** Pictures a second. */
  readonly pictureRate: number
  /** `auto` follows the system. */
  readonly colourScheme: 'auto' | 'light' | 'dark'
}

const initial: Preferences = {
  smoothing: 10,
  logScale: false,
  axis: 'step',
  hiddenMetrics: [],
  background: 'train',
  pictureRate: 1,
  colourScheme: 'auto',
}

/** Pictures a second that the person may choose. */
export const PICTURE_RATES = [0.2, 0.5, 1, 2, 5] as const

/** Half-lives of the smoothing, in steps, that the slider offers. */
export const SMOOTHING_STEPS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const

const oneOf =
  (values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value)

const checks: Record<keyof Preferences, (value: unknown) => boolean> = {
  smoothing: oneOf(SMOOTHING_STEPS),
  logScale: (value) => typeof value === 'boolean',
  axis: oneOf(['step', 'epoch', 'seconds'] satisfies ChartAxis[]),
  hiddenMetrics: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  background: oneOf(['train', 'pause']),
  pictureRate: oneOf(PICTURE_RATES),
  colourScheme: oneOf(['auto', 'light', 'dark']),
}

/**
 * The person's preferences. Unreadable or foreign stored values fall back to the defaults. Stands behind the checks:
 * the stored values are read as soon as the store is made.
 */
export const preferences = createStore<Preferences>()(
  persist(() => initial, {
    name: 'peekaboo-preferences',
    version: 1,
    storage: createJSONStorage(() => localStorage),
    merge: (stored, current) => ({ ...current, ...readPreferences(stored) }),
  }),
)

/** Hides a metric's line or chart, or shows it again. */
export function toggleMetric(key: string): void {
  preferences.setState(({ hiddenMetrics }) => ({
    hiddenMetrics: hiddenMetrics.includes(key)
      ? hiddenMetrics.filter((other) => other !== key)
      : [...hiddenMetrics, key],
  }))
}

/** The valid part of what the storage held. */
export function readPreferences(stored: unknown): Partial<Preferences> {
  if (typeof stored !== 'object' || stored === null) return {}
  const valid = Object.entries(checks).filter(
    ([key, check]) => key in stored && check(stored[key as never]),
  )
  return Object.fromEntries(valid.map(([key]) => [key, stored[key as never]]))
}
