import type { EvaluationKind } from '../../results.ts'
import type { SettingValues } from '../../settings/rows.ts'
import type { Representation } from '../description.ts'

/** What a host offers to look at. */
export interface Offered {
  /** Whether it has a teacher: its paper then judges that, and the student can be looked at besides. */
  readonly teacher: boolean
  /** What is read after every block: the class token where the loss is on it, else the mean of the patch tokens. */
  readonly layers: 'class' | 'tokens'
  /** Offers the class tokens of so many last blocks side by side, each after the final norm: 4 in DINO's linear probe. */
  readonly lastClasses?: number
  /** Evaluations for which the paper takes something else than the class token of the first network: the id of that. */
  readonly recommended?: Partial<Record<EvaluationKind, string>>
}

/** Evaluations for which the papers of the hosts take the class token. */
const OF_CLASS = { knn: 'class', linear: 'class', finetune: 'class' } as const

/** Whether a representation is the student's where there is a teacher, too. */
export const isStudents = (id: string): boolean => id.startsWith('student')

/**
 * What the networks of a host know of a whole image with true places (spec section 11.4): ids `class`, `tokens`,
 * `lastClasses` and `layer1` … of the teacher or of the only network, `studentClass` and `studentTokens` beside a teacher.
 */
export const hostRepresentations =
  (offered: Offered) =>
  (settings: SettingValues): readonly Representation[] => {
    const depth = Number(settings.depth)
    const recommended: Partial<Record<EvaluationKind, string>> = {
      ...OF_CLASS,
      ...offered.recommended,
    }
    return entriesOf(offered, depth).map((entry) => {
      const recommendedFor = (Object.keys(recommended) as EvaluationKind[]).filter(
        (kind) => recommended[kind] === entry.id,
      )
      return recommendedFor.length > 0 ? { ...entry, recommendedFor } : entry
    })
  }

function entriesOf(
  { teacher, layers, lastClasses }: Offered,
  depth: number,
): readonly Representation[] {
  const [network, whose] = teacher
    ? (['teacher', ' (teacher)'] as const)
    : (['encoder', ''] as const)
  const first: readonly Representation[] = [
    {
      id: 'class',
      label: `Class token${whose}`,
      help: 'The class token after the final norm, of the whole image with every patch in its place.',
      network,
      online: true,
    },
    {
      id: 'tokens',
      label: `Mean of the tokens${whose}`,
      help: 'The patch tokens after the final norm, averaged, of the whole image.',
      network,
      online: true,
    },
  ]
  const ofStudent: readonly Representation[] = [
    {
      id: 'studentClass',
      label: 'Class token (student)',
      help: 'The class token of the student after the final norm, of the whole image: all patches, more than it sees while it learns, unless the sparsity is 0.',
      network: 'student',
      online: false,
    },
    {
      id: 'studentTokens',
      label: 'Mean of the tokens (student)',
      help: 'The patch tokens of the student after the final norm, averaged: what the detector reads, of the whole image.',
      network: 'student',
      online: false,
    },
  ]
  const last = Math.min(lastClasses ?? 0, depth)
  return [
    ...first,
    ...(last > 1 ? [lastOf(last, whose, network)] : []),
    ...(teacher ? ofStudent : []),
    ...Array.from({ length: depth - 1 }, (_, block): Representation => ({
      id: `layer${block + 1}`,
      label: `Block ${block + 1}${whose}`,
      help: `${layers === 'class' ? 'The class token' : 'The mean of the patch tokens'} at the output of block ${block + 1} of ${depth}, without norm.`,
      network,
      online: false,
    })),
  ]
}

const lastOf = (
  count: number,
  whose: string,
  network: Representation['network'],
): Representation => ({
  id: 'lastClasses',
  label: `Last ${count} class tokens${whose}`,
  help: `The class tokens at the output of the last ${count} blocks, each after the final norm, side by side.`,
  network,
  online: false,
})
