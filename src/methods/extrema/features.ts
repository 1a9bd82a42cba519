import type * as tf from '@tensorflow/tfjs'
import { scatterTokens } from '../../engine/ops/tokens.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import { gridOf } from '../../models/vit.ts'
import type { FeatureRequest, Features } from '../method.ts'
import { networkConfig } from './config.ts'
import { ExtremaNetwork, type ExtremaConfig } from './network.ts'
import { tokenCells } from './representations.ts'
import type { ExtremaSettings } from './settings.ts'
import { teacherOf } from '../teacherOf.ts'

/** Mean of the tokens: [B, n, D] to [B, D]. */
const meanOf = (tokens: tf.Tensor3D): tf.Tensor2D => tokens.mean<tf.Tensor2D>(1)

const isStudents = (id: string): boolean => id.startsWith('student')

/** Features of whole images, without predictor and projector (spec section 7). */
export function features(
  settings: ExtremaSettings,
  views: tf.Tensor4D,
  parameters: ParameterSource,
  request: FeatureRequest,
): Features {
  const config = networkConfig(settings)
  const found = new Map<string, tf.Tensor2D>()
  const pass = (ofStudent: boolean): tf.Tensor3D | null => {
    const wanted = request.wanted.filter((id) => isStudents(id) === ofStudent)
    if (wanted.length === 0 && (ofStudent || request.wanted.length > 0)) return null
    const source = ofStudent ? parameters : teacherOf(parameters)
    return featuresOf(config, views, source, { ...request, wanted }, found)
  }
  const [ofTeacher, ofStudent] = [pass(false), pass(true)]
  const first = request.wanted[0]
  return {
    features: request.wanted.map((id) => found.get(id)!),
    tokens: first !== undefined && isStudents(first) ? ofStudent : ofTeacher,
  }
}

/** One network’s pass: writes its features into `found`, and returns its tokens. */
function featuresOf(
  config: ExtremaConfig,
  views: tf.Tensor4D,
  source: ParameterSource,
  { wanted, kept, positions }: FeatureRequest,
  found: Map<string, tf.Tensor2D>,
): tf.Tensor3D {
  const network = new ExtremaNetwork(config, source)
  const tokens = network.tokens(views, {
    ...(kept && { kept }),
    ...(positions && { positions }),
    afterBlock: (output, block) => {
      const id = `layer${block + 1}`
      if (wanted.includes(id)) found.set(id, meanOf(output))
    },
  })
  const isInstance = (id: string): boolean => /instance/i.test(id)
  if (wanted.some(isInstance)) {
    const read = network.read(tokens)
    const instance = network.norm(read)
    for (const id of wanted.filter(isInstance))
      found.set(id, id === 'instancePreNorm' ? read : instance)
  }
  for (const id of ['tokens', 'studentTokens'])
    if (wanted.includes(id)) found.set(id, meanOf(tokens))
  for (const [id, cell] of tokenCells(gridOf(config)))
    if (wanted.includes(id)) found.set(id, tokenAt(config, tokens, cell, kept))
  return tokens
}

/** The token of a cell, [B, D]; zeros where it was left out. */
function tokenAt(
  config: ExtremaConfig,
  tokens: tf.Tensor3D,
  cell: number,
  kept: tf.Tensor1D | undefined,
): tf.Tensor2D {
  const [images, , width] = tokens.shape
  const all =
    kept === undefined
      ? tokens
      : scatterTokens(
          tokens,
          kept.expandDims(0).tile<tf.Tensor2D>([images, 1]),
          gridOf(config) ** 2,
          null,
        )
  return all.slice([0, cell, 0], [-1, 1, -1]).reshape([images, width])
}
