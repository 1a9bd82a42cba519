import { sequentialNames, type BatchNormHead } from '../../models/batchNormHead.ts'

/** Sizes of the two heads of MoCo-v3. */
export interface HeadSizes {
  /** Channels of the class token. */
  readonly width: number
  readonly projectorWidth: number
  /** Channels of queries and keys. */
  readonly projectionSize: number
  readonly predictorWidth: number
}

/** The projector, three layers that student and teacher have (spec 5.1). */
export const projectorOf = ({
  width,
  projectorWidth,
  projectionSize,
}: HeadSizes): BatchNormHead => ({
  sizes: [width, projectorWidth, projectorWidth, projectionSize],
  last: 'noAffine',
  ...sequentialNames('head'),
})

/** The predictor, two layers that only the student has. */
export const predictorOf = ({ projectionSize, predictorWidth }: HeadSizes): BatchNormHead => ({
  sizes: [projectionSize, predictorWidth, projectionSize],
  last: 'noAffine',
  ...sequentialNames('predictor'),
})
