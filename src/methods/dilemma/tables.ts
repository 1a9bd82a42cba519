import type { SettingValues } from '../../settings/rows.ts'
import type { TableDescription } from '../../tables.ts'
import { CALIBRATION_BINS, displacementBins } from './bins.ts'
import { expectedShare } from './corruptor.ts'
import { planOf } from './plan.ts'

const countFrom = (count: number, at: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => at(index))

/** What the detector's probabilities are worth, over all patches that were shown; none with DILEMMA off (spec section 13). */
export function detectionTables(settings: SettingValues): readonly TableDescription[] {
  const plan = planOf(settings)
  if (!plan.detects) return []
  return [
    {
      key: 'calibration',
      label: 'Calibration',
      help: 'Of the patches that the detector gave a probability, the share whose claim was false indeed: on the diagonal where it knows how much it knows. Counts and shares together give the ROC curve.',
      kind: 'means',
      meaning: 'probability',
      columns: {
        label: 'Predicted probability',
        at: countFrom(CALIBRATION_BINS, (bin) => (bin + 0.5) / CALIBRATION_BINS),
      },
    },
    {
      key: 'displacement',
      label: 'Probability by displacement',
      help: 'Mean predicted probability by how far the claimed cell lies from the true one, in patches from centre to centre. 0 is in place. The further a patch is moved, the easier it should be to tell.',
      kind: 'means',
      columns: { label: 'Distance', at: countFrom(displacementBins(plan.grid), (bin) => bin) },
      reference: { label: 'Share of wrong claims', value: expectedShare(plan) },
    },
  ]
}
