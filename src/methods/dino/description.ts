import type { MethodDescription } from '../description.ts'
import { hostConstraints } from '../dilemma/constraints.ts'
import { hostTraits } from '../dilemma/family.ts'
import { hostRepresentations } from '../dilemma/representations.ts'
import { globalPlan, localPlan } from './config.ts'
import { metrics, tables } from './metrics.ts'
import { offered } from './offered.ts'
import { presets } from './presets.ts'
import { dinoTable, type DinoSettings } from './settings.ts'
import { warnings } from './warnings.ts'

/** DINO: self-distillation with no labels (Caron et al., ICCV 2021), with DILEMMA on top. */
export const dino: MethodDescription = {
  id: 'dino',
  name: 'DINO',
  summary:
    'Has a student say of a crop of an image what a slow copy of itself says of another, in shares of learned prototypes; with DILEMMA the student sees some of the patches, a few in wrong places, and must find these out.',
  paper: {
    title: 'Emerging Properties in Self-Supervised Vision Transformers',
    authors: 'Caron, Touvron, Misra, Jégou, Mairal, Bojanowski, Joulin',
    venue: 'ICCV 2021',
    url: 'https://arxiv.org/abs/2104.14294',
  },
  ...hostTraits,
  table: dinoTable,
  constraints: hostConstraints(dinoTable),
  presets,
  representations: hostRepresentations(offered),
  comparisons: () => import('./comparisons.ts'),
  warnings,
  metrics,
  tables,
  hasTeacher: true,
  tokenCounts: (values) => {
    const settings = values as DinoSettings
    const { localCrops } = settings
    const [global, local] = [globalPlan(settings), localPlan(settings)]
    const teacher = 2 * global.cells
    const student = 2 * global.kept + localCrops * local.kept
    const whole = 2 * global.cells + localCrops * local.cells
    return { teacher, student, unmasked: { label: 'whole crops', teacher, student: whole } }
  },
}
