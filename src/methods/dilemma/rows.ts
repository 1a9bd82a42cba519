import { choice, integer, real, toggle, type ValuesOf } from '../../settings/rows.ts'
import { claimPolicies, type ClaimPolicy } from './policies.ts'

const group = 'DILEMMA'

const withDilemma = { key: 'dilemma', is: [true] } as const

/** The settings of the layer, the same for all hosts (spec sections 2 and 3). */
export const dilemmaRows = {
  dilemma: toggle({
    label: 'DILEMMA',
    help: 'Some patches that the student sees claim a wrong place, and a linear head on its tokens must tell which. Off: the host alone, with true places; with a sparsity above 0 its student still sees fewer patches.',
    group,
    default: true,
    effect: 'restart',
    provenance: 'paper',
  }),
  mismatch: real({
    label: 'Mismatch probability',
    help: 'p: probability that a patch claims a wrong place. 0.2 is what the authors recommend in every case (README of the official code). A head that learns nothing but p reaches the entropy H(p), the dashed line of the chart.',
    group,
    default: 0.2,
    min: 0,
    max: 0.9,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withDilemma,
  }),
  dilemmaWeight: real({
    label: 'Detection weight',
    help: 'λ: the total loss is the host’s plus λ times the detection loss. 1 is the default of the official code; the paper’s own value could not be read.',
    group,
    default: 1,
    min: 0,
    max: 10,
    step: 0.1,
    effect: 'live',
    provenance: 'code',
    when: withDilemma,
  }),
  claims: choice<ClaimPolicy>({
    label: 'Wrong places',
    help: 'Which place a patch claims falsely. Dropped cells: that of a patch which is not shown, as in the official code; below a sparsity of 0.5 there are too few of these, and two patches may claim one cell, which gives the false one away. Our own: Permute, patches swap places among themselves, so that no cell is missing or claimed twice; Any cell: evenly among all others; Near cells: a few cells off, which is harder to tell.',
    group,
    options: claimPolicies,
    default: 'dropped',
    effect: 'live',
    provenance: 'code',
    when: withDilemma,
  }),
  claimRadius: integer({
    label: 'Radius of near cells',
    help: 'How many cells off, in rows and in columns, a wrong place lies at most. Our own design.',
    group,
    unit: 'cells',
    default: 1,
    min: 1,
    max: 4,
    step: 1,
    effect: 'live',
    provenance: 'own',
    when: [withDilemma, { key: 'claims', is: ['near'] }],
  }),
} as const

/** The share of the patches that the student does not see; for hosts that hide none themselves. */
export const sparsityRow = {
  sparsity: real({
    label: 'Sparsity',
    help: 's: share of the patches that the student does not get; it sees floor(patches × (1 − s)) of them, at least one. Its step is cheaper for it, and its features stand occlusion. The official README shows 0 and 0.75 and recommends more for larger models; 0.5 is our choice for networks as small as these.',
    group,
    default: 0.5,
    min: 0,
    max: 0.9,
    step: 0.05,
    effect: 'live',
    provenance: 'browser',
  }),
} as const

/** Values of the layer's settings. */
export type DilemmaSettings = ValuesOf<typeof dilemmaRows>

/** Values of the layer's settings and of the sparsity. */
export type SparseDilemmaSettings = DilemmaSettings & ValuesOf<typeof sparsityRow>
