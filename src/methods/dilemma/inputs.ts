import type * as tf from '@tensorflow/tfjs'
import type { InputValues } from '../../engine/inputTensors.ts'
import { randomAt, Stream, type RandomSequence } from '../../engine/random.ts'
import type { ShownCells } from '../../models/vit.ts'
import type { DrawAddress } from '../method.ts'
import { drawClaims, type CorruptorPlan } from './corruptor.ts'

/** Views of an image that can have claims of their own. */
const MOST_VIEWS = 16

/** Cells up to which their numbers travel in bytes. */
const BYTE = 256

/** Whether the student of a plan gets anything but whole images with true places. */
const isPlain = ({ kept, cells, detects }: CorruptorPlan): boolean => kept === cells && !detects

/**
 * The step inputs of one view, [batch, kept] each: `real<view>`, and where wrong claims are to be found `claimed<view>` and
 * `labels<view>`. There are none where the student sees whole images and no one is asked. Every image and every view has a
 * draw of its own, at (seed, claims, step, image · 16 + view).
 * @param view from 0, below 16
 */
export const corruptorInputs = (
  plan: CorruptorPlan,
  { seed, step }: DrawAddress,
  batch: number,
  view: number,
): Record<string, InputValues> =>
  claimInputs(
    plan,
    Array.from({ length: batch }, (_, image) =>
      randomAt(seed, Stream.claims, step, image * MOST_VIEWS + view),
    ),
    view,
  )

/** The same inputs of images whose draws begin at these places. */
export function claimInputs(
  plan: CorruptorPlan,
  draws: readonly RandomSequence[],
  view: number,
): Record<string, InputValues> {
  if (isPlain(plan)) return {}
  const { kept, cells, detects } = plan
  const shape = [draws.length, kept]
  const cellsOf = (): Uint8Array | Float32Array =>
    cells <= BYTE ? new Uint8Array(draws.length * kept) : new Float32Array(draws.length * kept)
  const [real, claimed] = [cellsOf(), cellsOf()]
  const labels = new Uint8Array(draws.length * kept)
  draws.forEach((random, image) => {
    const claims = drawClaims(plan, random)
    real.set(claims.real, image * kept)
    claimed.set(claims.claimed, image * kept)
    labels.set(claims.labels, image * kept)
  })
  return {
    [`real${view}`]: { shape, data: real },
    ...(detects && {
      [`claimed${view}`]: { shape, data: claimed },
      [`labels${view}`]: { shape, data: labels },
    }),
  }
}

/** The draw of a sample for pictures, which is the same in every step. */
export const sampleDraw = (seed: number, maskSeed: number, index: number): RandomSequence =>
  randomAt(seed, Stream.sampleClaims, maskSeed, index)

/** Tensors of step inputs, by name. */
type Inputs = Readonly<Record<string, tf.Tensor>>

/** What the student is shown in a view, for `VitPlaces`; undefined where it sees whole images in their places. */
export function shownOf(inputs: Inputs, view: number): ShownCells | undefined {
  const real = inputs[`real${view}`] as tf.Tensor2D | undefined
  return real && { real, claimed: (inputs[`claimed${view}`] ?? real) as tf.Tensor2D }
}

/** Which claims of a view are false, [batch, kept]; undefined where no one is asked. */
export const labelsOf = (inputs: Inputs, view: number): tf.Tensor2D | undefined =>
  inputs[`labels${view}`] as tf.Tensor2D | undefined

/** λ as a step input; none where no one is asked. */
export const weightInput = ({
  dilemma,
  dilemmaWeight,
}: {
  readonly dilemma: boolean
  readonly dilemmaWeight: number
}): Record<string, InputValues> =>
  dilemma ? { dilemmaWeight: { shape: [], data: Float32Array.of(dilemmaWeight) } } : {}
