import type { SettingValues } from '../settings/rows.ts'
import type { SessionStore } from './session.ts'

/** A curve of a spectrum, as it was when someone kept it to compare others with it. */
export interface KeptCurve {
  /** From 0, below `MOST_KEPT_CURVES`: no other kept curve has it as long as this one is kept. */
  readonly id: number
  /** Which of the picture's curves it is, by id. */
  readonly curve: string
  /** Data-set index of the image of which it is; null for the mean over the samples. */
  readonly sample: number | null
  /** Radius of the middle of every ring, in cycles an image, and the value there. */
  readonly at: readonly number[]
  readonly values: readonly number[]
  readonly step: number
  /** What the run was: kept curves outlive it. */
  readonly method: string
  readonly settings: SettingValues
}

/** More could not be told apart. The oldest gives way. */
export const MOST_KEPT_CURVES = 6

/** Keeps a curve. */
export function keepCurve(session: SessionStore, curve: Omit<KeptCurve, 'id'>): void {
  session.setState(({ keptCurves }) => {
    const kept = keptCurves.slice(1 - MOST_KEPT_CURVES)
    const taken = new Set(kept.map((each) => each.id))
    let id = 0
    while (taken.has(id)) id += 1
    return { keptCurves: [...kept, { ...curve, id }] }
  })
}

/** Lets a kept curve go. */
export function dropCurve(session: SessionStore, id: number): void {
  session.setState(({ keptCurves }) => ({
    keptCurves: keptCurves.filter((curve) => curve.id !== id),
  }))
}
