import * as tf from '@tensorflow/tfjs'
import { tensorWithin } from './backend.ts'
import type { Engine } from './engine.ts'
import type { ParameterLayout } from './parameters.ts'

/** A tensor for every parameter of a layout, within a flat buffer. Each is kept until it is disposed of. */
export function tensorsWithin(
  engine: Engine,
  { segments }: Pick<ParameterLayout, 'segments'>,
  buffer: GPUBuffer,
): ReadonlyMap<string, tf.Tensor> {
  return new Map(
    segments.map(({ name, shape, offset, size }) => {
      const range = { buffer, offset: 4 * offset, size: 4 * size }
      const tensor = tensorWithin(engine.backend, [...shape] as tf.ShapeMap[tf.Rank], range)
      return [name, tf.keep(tensor)]
    }),
  )
}

/** The tensor of that name. Throws when there is none. */
export function tensorNamed(tensors: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = tensors.get(name)
  if (tensor === undefined) throw new Error(`there is no parameter ${name}`)
  return tensor
}
