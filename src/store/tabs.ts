import type { MethodDescription } from '../methods/description.ts'
import type { SettingValues } from '../settings/rows.ts'
import { methodOf } from './form.ts'
import type { Session } from './session.ts'
import { pictureTabs, type PictureTab } from './view.ts'

/** Tabs that not every run has, and what decides. */
const conditions: Readonly<
  Partial<Record<PictureTab, (method: MethodDescription, settings: SettingValues) => boolean>>
> = {
  order: ({ hasOrder = false }) => hasOrder,
  places: ({ hasPlaces }, settings) => hasPlaces?.(settings) ?? false,
  attention: ({ hasAttention }, settings) => hasAttention?.(settings) ?? true,
  activations: ({ hasActivations }, settings) => hasActivations?.(settings) ?? false,
  fourier: ({ hasSpectrum = false }) => hasSpectrum,
  similarity: ({ hasSimilarity = false }) => hasSimilarity,
  tokens: ({ hasTokens }, settings) => hasTokens(settings),
}

/** Lists that were made before: the same tabs are the same list. */
const known = new Map<string, readonly PictureTab[]>()

/** The tabs of the run, or before there is one, of what is in the form. */
export function visibleTabs({
  running,
  method,
  wanted,
}: Pick<Session, 'running' | 'method' | 'wanted'>): readonly PictureTab[] {
  const description = methodOf(running?.method ?? method)
  const settings = running?.values ?? wanted
  const tabs = pictureTabs.filter((tab) => conditions[tab]?.(description, settings) ?? true)
  const key = tabs.join()
  known.set(key, known.get(key) ?? tabs)
  return known.get(key)!
}

/** Tabs that stand for each other where a network has only one of them. */
const likeTabs: Readonly<Partial<Record<PictureTab, PictureTab>>> = {
  attention: 'activations',
  activations: 'attention',
}

/** The tab in front, or what comes in its place where the run does not have it. */
export function tabInstead(
  state: Pick<Session, 'running' | 'method' | 'wanted' | 'view'>,
): PictureTab {
  const tabs = visibleTabs(state)
  const { tab } = state.view
  return [tab, likeTabs[tab]].find((each) => each && tabs.includes(each)) ?? 'masks'
}

/** The visible tab after the one in front, in a circle. */
export function nextTab(
  state: Pick<Session, 'running' | 'method' | 'wanted' | 'view'>,
): PictureTab {
  const tabs = visibleTabs(state)
  return tabs[(tabs.indexOf(state.view.tab) + 1) % tabs.length]!
}
