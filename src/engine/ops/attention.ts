import type * as tf from '@tensorflow/tfjs'
import { kernelNamed, uniformOf } from '../kernel.ts'
import { attentionCode, probabilitiesCode } from '../kernels/attention.ts'
import {
  aloneGroups,
  attentionAloneCode,
  probabilitiesAloneCode,
  unrolled,
} from '../kernels/attentionAlone.ts'
import {
  keyGradientAloneCode,
  queryGradientAloneCode,
  readsContext,
} from '../kernels/attentionAloneGradient.ts'
import { keyGradientCode, queryGradientCode } from '../kernels/attentionGradient.ts'
import { nameOf, unitsOf, type AttentionPlan } from '../kernels/attentionPlan.ts'
import { tiled, tileGroups, type TiledPlan } from '../kernels/attentionTile.ts'
import { emptyTensor } from '../tensors.ts'
import { ownVariant, type Variant } from '../variant.ts'
import { planOf, type AttentionSource, type ScoreChange } from './attentionSource.ts'
import { columnSum } from './columnSum.ts'
import { differentiable } from './differentiable.ts'

export type { AttentionSource, RankMask, ScoreChange } from './attentionSource.ts'

/** The code of a kernel in both variants. */
interface Codes {
  readonly teams: (plan: TiledPlan) => string
  readonly alone: (plan: AttentionPlan) => string
}

const CONTEXT: Codes = { teams: attentionCode, alone: attentionAloneCode }
const PROBABILITIES: Codes = { teams: probabilitiesCode, alone: probabilitiesAloneCode }
const DQ: Codes = { teams: queryGradientCode, alone: queryGradientAloneCode }
const DKV: Codes = { teams: keyGradientCode, alone: keyGradientAloneCode }

/** The variant that is wanted, or the adapter's; but teams keep all scores of a row, which can be too many. */
const variantFor = (plan: AttentionPlan, wanted: Variant | null): Variant =>
  tiled(plan, 'queries') === null || tiled(plan, 'keys') === null
    ? 'alone'
    : (wanted ?? ownVariant(unrolled(plan)))

function run(
  name: string,
  codes: Codes,
  variant: Variant,
  side: 'queries' | 'keys',
  plan: AttentionPlan,
  images: number,
  buffers: readonly tf.Tensor[],
): void {
  const { queries, keys, heads } = plan
  const bindings = [uniformOf([queries, keys, unitsOf(plan), images, heads]), ...buffers]
  const tile = variant === 'teams' ? tiled(plan, side) : null
  if (tile !== null)
    kernelNamed(`attention ${name} ${nameOf(plan)} ${queries} ${keys}`, () =>
      codes.teams(tile),
    ).dispatchMany(bindings, tileGroups(tile, images))
  else
    kernelNamed(`attention ${name} alone ${nameOf(plan)} ${plan[side] < 4 ? 'few' : 'many'}`, () =>
      codes.alone(plan),
    ).dispatchMany(bindings, aloneGroups(plan, side, images))
}

/**
 * Multi-head attention: softmax(q · kᵀ / √(D / heads) + change) · v for every head. A query that sees no key gives 0,
 * and its gradients are 0. The probabilities are not kept; the gradient computes them again from each row's largest
 * score and sum.
 *
 * Gradients, with p the probabilities: dv = pᵀ · dy, ds = p (dy · vᵀ − Σ p (dy · vᵀ)), dq = ds · k / √(D / heads),
 * dk = dsᵀ · q / √(D / heads), dbias = sum of ds over the batch. Three dispatches in all; with a bias the sum adds one or
 * two.
 * @param source where q, k and v are. One query an image, as in class attention, is a matter of its shape
 * @param heads divides D
 * @param change what is done to the scores: a bias, or a mask; neither ranks nor masks have a gradient
 * @param variant null for the adapter's own
 * @returns [batch, queries, D]
 */
export function attend(
  source: AttentionSource,
  heads: number,
  change: ScoreChange | null = null,
  variant: Variant | null = null,
): tf.Tensor3D {
  const { plan, images, sources, terms } = planOf(source, heads, change)
  const own = variantFor(plan, variant)
  const keepsContext = own === 'alone' && readsContext(plan)
  const { queries, keys } = plan
  const withBias = plan.term.kind === 'bias'
  return differentiable<tf.Tensor3D>(
    withBias ? [...sources, ...terms] : sources,
    (save) => {
      const context = emptyTensor<tf.Rank.R3>([images, queries, heads * plan.size])
      const statistics = emptyTensor([images, heads, queries, 2])
      run('context', CONTEXT, own, 'queries', plan, images, [
        ...sources,
        ...terms,
        context,
        statistics,
      ])
      const kept = keepsContext ? [context] : []
      save([statistics, ...kept, ...sources, ...terms])
      return context
    },
    (dy, [statistics, ...saved]) => {
      const kept = keepsContext ? saved.slice(0, 1) : []
      const inputs = saved.slice(kept.length)
      const gradients = sources.map(({ shape }) => emptyTensor(shape))
      const means = emptyTensor([images, heads, queries])
      const scores = withBias ? [emptyTensor([images, heads * queries * keys])] : []
      const forQueries = [dy, ...kept, gradients[0]!, means, ...scores]
      run('dq', DQ, own, 'queries', plan, images, [...inputs, statistics!, ...forQueries])
      const forKeys = [dy, means, gradients.at(-1)!]
      run('dkv', DKV, own, 'keys', plan, images, [...inputs, statistics!, ...forKeys])
      const biases = scores.map((ds) =>
        columnSum(ds as tf.Tensor2D).reshape([heads, queries, keys]),
      )
      return [...gradients, ...biases]
    },
  )
}

/**
 * The probabilities of `attend`, for pictures; 0 in the rows of queries that see no key. Not differentiable.
 * @returns [batch, heads, query, key]
 */
export function probabilities(
  source: AttentionSource,
  heads: number,
  change: ScoreChange | null = null,
  variant: Variant | null = null,
): tf.Tensor4D {
  const { plan, images, sources, terms } = planOf(source, heads, change)
  const result = emptyTensor<tf.Rank.R4>([images, heads, plan.queries, plan.keys])
  const buffers = [...sources, ...terms, result]
  run('probabilities', PROBABILITIES, variantFor(plan, variant), 'queries', plan, images, buffers)
  return result
}
