import type * as tf from '@tensorflow/tfjs'
import type { Expression } from '../../engine/fuse/expression.ts'
import { binnedSums } from '../../engine/ops/binnedSums.ts'
import { computeFused } from '../../engine/ops/fuse.ts'
import { CALIBRATION_BINS, displacementBins } from './bins.ts'
import { displacements } from './displacement.ts'
import type { DetectedView } from './loss.ts'

/** The tables of `detectionTables` for this step, from tokens in one row, [n] each. */
export function tableSums(
  { logits, labels, real, claimed }: Record<keyof DetectedView, tf.Tensor1D>,
  grid: number,
): Record<'calibration' | 'displacement', tf.Tensor2D> {
  const [probabilities, bins] = computeFused(
    'probabilities and their bins',
    logits.shape,
    [sigmoid, calibrationBin],
    [logits],
  )
  const [nearest] = computeFused(
    'whole displacements',
    logits.shape,
    [(distance) => distance.add(0.5).floor()],
    [displacements(real, claimed, grid)],
  )
  return {
    calibration: binnedSums(labels, bins!, CALIBRATION_BINS),
    displacement: binnedSums(probabilities!, nearest!, displacementBins(grid)),
  }
}

const sigmoid = (logit: Expression): Expression => logit.mul(0.5).tanh().mul(0.5).add(0.5)

/** The bin of a probability; that of 1 is the last one. */
const calibrationBin = (logit: Expression): Expression =>
  sigmoid(logit)
    .mul(CALIBRATION_BINS)
    .floor()
    .neg()
    .max(1 - CALIBRATION_BINS)
    .neg()
