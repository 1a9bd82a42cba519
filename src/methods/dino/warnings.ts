import type { MethodDescription } from '../description.ts'
import { dilemmaWarnings } from '../dilemma/warnings.ts'
import { frozenTeacher } from '../frozenTeacher.ts'
import type { DinoSettings } from './settings.ts'

/** Steps in which an even teacher is no more than a beginning, as are student and teacher that agree. */
const EARLY_STEPS = 500
/** Share of ln K above which the teacher finds all prototypes alike. */
const EVEN = 0.98
/** Prototypes in use below which every image gets the same. */
const ONE = 1.5
/** Divergence below which student and teacher say the same. */
const AGREED = 0.005

type Warnings = NonNullable<MethodDescription['warnings']>
type Values = Parameters<Warnings>[0]

/** The failures of spec section 12 that a step’s own numbers and the settings show. */
export const warnings: Warnings = (values, settings, step) => {
  const dino = settings as DinoSettings
  const own = [frozenTeacher(dino, step)]
  if (step >= earlySteps(dino)) own.push(collapse(values, dino))
  return [...own.filter((text) => text !== null), ...dilemmaWarnings(values, settings, step)]
}

const earlySteps = ({ warmupFraction, scheduleSteps, frozenLastLayer }: DinoSettings): number =>
  Math.max(EARLY_STEPS, warmupFraction * scheduleSteps, frozenLastLayer)

const REMEDY = 'A lower learning rate or a longer time of frozen prototypes may help, too.'

function collapse(
  { teacherEntropy, prototypesInUse, divergence }: Values,
  { prototypes, centreMomentum }: DinoSettings,
): string | null {
  if (prototypesInUse !== undefined && prototypesInUse < ONE) {
    const cure =
      centreMomentum === 1
        ? 'There is no centring: a centre momentum of 0.9 brings it back.'
        : 'A lower centre momentum follows the teacher faster.'
    return `The teacher gives nearly every image the same prototype: the network has collapsed, and a low loss means nothing now. ${cure} ${REMEDY}`
  }
  const most = Math.log(prototypes)
  if (teacherEntropy !== undefined && teacherEntropy > EVEN * most)
    return `The teacher finds all prototypes alike: its entropy of ${teacherEntropy.toFixed(2)} is as good as ln K = ${most.toFixed(2)}. A lower teacher temperature makes it surer. ${REMEDY}`
  if (divergence !== undefined && divergence < AGREED)
    return `Student and teacher say the same of all crops (divergence ${divergence.toFixed(4)}), so there is nothing left to learn: a sign of collapse. ${REMEDY}`
  return null
}
