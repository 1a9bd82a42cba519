import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { Vit, type VitConfig } from '../../models/vit.ts'
import type { SettingValues } from '../../settings/rows.ts'
import type { FeatureRequest, Method } from '../method.ts'
import type { Host } from './host.ts'
import { isStudents, type Offered } from './representations.ts'
import { classTokenOf, patchTokensOf } from './step.ts'

/** Features by the ids of representations. */
type Found = Map<string, tf.Tensor2D>

/**
 * What a host's networks make of whole images with true places, for the representations of `hostRepresentations` with the
 * same offer (spec section 11.4): the backbone alone, without heads.
 */
export const hostFeatures =
  <S extends SettingValues>(host: Host<S>, offered: Offered): Method<S>['features'] =>
  (settings, views, parameters, request) => {
    const config = host.config(settings)
    const found: Found = new Map()
    const pass = (ofStudent: boolean): tf.Tensor3D | null => {
      const wanted = request.wanted.filter((id) => isStudents(id) === ofStudent)
      if (wanted.length === 0 && (ofStudent || request.wanted.length > 0)) return null
      const source =
        ofStudent || host.teacher === undefined
          ? host.student(parameters)
          : host.teacher(parameters)
      return passOf(config, offered, views, source, { ...request, wanted }, found)
    }
    const [first, ofStudent] = [pass(false), pass(true)]
    const leading = request.wanted[0]
    return {
      features: request.wanted.map((id) => found.get(id)!),
      tokens: leading !== undefined && isStudents(leading) ? ofStudent : first,
    }
  }

const meanOf = (tokens: tf.Tensor3D): tf.Tensor2D => tokens.mean<tf.Tensor2D>(1)

/** One network’s pass: writes its features into `found`, and returns its patch tokens after the final norm. */
function passOf(
  config: VitConfig,
  { layers, lastClasses = 0 }: Offered,
  views: tf.Tensor4D,
  source: ParameterSource,
  { wanted, kept, positions }: FeatureRequest,
  found: Found,
): tf.Tensor3D {
  const vit = new Vit(config, source)
  const wantsLast = wanted.includes('lastClasses')
  const last: tf.Tensor2D[] = []
  const encoded = vit.encode(vit.embed(views), {
    ...(kept && { kept }),
    ...(positions && { positions }),
    afterBlock: (tokens, block) => {
      const id = `layer${block + 1}`
      if (wanted.includes(id))
        found.set(id, layers === 'class' ? classTokenOf(tokens) : meanOf(patchTokensOf(tokens)))
      if (wantsLast && block >= config.depth - lastClasses)
        last.push(vit.norm(classTokenOf(tokens)))
    },
  })
  const tokens = patchTokensOf(encoded)
  if (wantsLast) found.set('lastClasses', tf.concat(last, 1))
  for (const id of wanted) {
    if (/class$/i.test(id)) found.set(id, classTokenOf(encoded))
    if (/tokens$/i.test(id)) found.set(id, meanOf(tokens))
  }
  return tokens
}
