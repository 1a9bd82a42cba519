import type { LeakPicture } from '../pictures.ts'
import type { SettingValues } from '../settings/rows.ts'
import { methodOf } from './form.ts'
import type { Session } from './session.ts'
import { settingsAhead } from './settingsAhead.ts'
import type { PictureView } from './view.ts'

/** What a check for leaks is made with. */
export interface LeakSubject {
  readonly maskSeed: number
  readonly method: string
  readonly values: SettingValues
}

/** The last check for leaks. */
export interface LeakFinding {
  readonly picture: LeakPicture
  readonly step: number
  readonly subject: LeakSubject
}

type Subjects = Pick<Session, 'running' | 'method' | 'wanted' | 'view'>

/** What a check would be made with now. */
export const leakSubject = (state: Subjects): LeakSubject => ({
  maskSeed: state.view.maskSeed,
  method: state.running?.method ?? state.method,
  values: settingsAhead(state),
})

/** Asks for a check of the present run. */
export const askForLeaks = (subject: LeakSubject) => (view: PictureView) => ({
  ...view,
  leak: subject,
})

/** Whether the run has a check for leaks. */
export const hasLeakCheck = ({ running, method }: Pick<Session, 'running' | 'method'>): boolean =>
  methodOf(running?.method ?? method).hasLeakCheck === true
