import type { Fault } from '../../errors.ts'
import type { Session } from '../session.ts'

/** Why the run in hand has stopped: what the page said last, which begins anew with every run. */
export const failureOf = ({ faults }: Pick<Session, 'faults'>): Fault =>
  faults.at(-1)?.fault ?? {
    code: 'internal',
    what: 'The run stopped without saying why.',
    kept: 'Its curves up to there are kept.',
    todo: 'Run it again; if it stops again, please report it.',
  }
