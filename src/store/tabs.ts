import { methodOf } from './form.ts'
import type { Session } from './session.ts'
import { pictureTabs, type PictureTab } from './view.ts'

const withoutOrder = pictureTabs.filter((tab) => tab !== 'order')

/** The tabs of the method that runs, or before there is a run, of the one in the form. */
export function visibleTabs({
  running,
  method,
}: Pick<Session, 'running' | 'method'>): readonly PictureTab[] {
  return methodOf(running?.method ?? method).hasOrder ? pictureTabs : withoutOrder
}

/** The visible tab after the one in front, in a circle. */
export function nextTab(state: Pick<Session, 'running' | 'method' | 'view'>): PictureTab {
  const tabs = visibleTabs(state)
  return tabs[(tabs.indexOf(state.view.tab) + 1) % tabs.length]!
}
