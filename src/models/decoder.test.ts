import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { Parameters } from '../engine/parameters.ts'
import { noise, worstError } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take, upload } from '../engine/testing/run.ts'
import { Decoder, decoderParameters, type DecoderConfig } from './decoder.ts'
import { referenceDecoder } from './testing/decoderReference.ts'
import type { Rows } from './testing/rows.ts'
import { livelySpecs } from './testing/sources.ts'

const engine = useEngine()

const config: DecoderConfig = {
  width: 12,
  depth: 2,
  heads: 3,
  mlpWidth: 10,
  layerNormEpsilon: 1e-5,
  memoryNorm: true,
}

const BATCH = 2
/** Ranks of the queries and of the memory, of every image; there need not be as many. */
const QUERIES = [
  [1, 2, 1, 3],
  [3, 1, 2, 2],
]
const KEYS = [
  [0, 1, 2, 0, 2],
  [2, 0, 1, 1, 0],
]
const queries = noise([BATCH, 4, config.width], 1)
const memories = [2, 3].map((seed) => noise([BATCH, 5, config.width], seed))

const rowsOf = ({ shape, data }: typeof queries, image: number): Rows =>
  Array.from({ length: shape[1]! }, (_, row) => {
    const first = (image * shape[1]! + row) * config.width
    return Float64Array.from(Array.from(data).slice(first, first + config.width))
  })

const masksOf = (image: number) => ({
  self: QUERIES[image]!.map((query) => QUERIES[image]!.map((key) => key <= query)),
  memory: QUERIES[image]!.map((query) => KEYS[image]!.map((key) => key < query)),
})

const flat = (rows: readonly Rows[]): number[] => rows.flat().flatMap((row) => [...row])

describe.each([true, false])('memory norm %s', (memoryNorm) => {
  test('tokens and attention of both kinds are those of the float64 reference', async () => {
    const own = { ...config, memoryNorm }
    const specs = livelySpecs(decoderParameters(own, 1))
    const parameters = new Parameters(engine(), specs)
    const weights = new Map(
      specs.map(({ name, initial }) => [name, Float64Array.from(initial())] as const),
    )
    const taps = { self: [] as tf.Tensor[], memory: [] as tf.Tensor[] }
    const decoded = tf.tidy(() => {
      const ranks = tf.tensor2d(QUERIES)
      return new Decoder(own, parameters).run(
        upload(queries),
        memories.map((memory) => upload<tf.Rank.R3>(memory)),
        {
          self: { queries: ranks },
          memory: { queries: ranks, keys: tf.tensor2d(KEYS), strict: true },
        },
        {
          onSelfAttention: (shares, layer) => (taps.self[layer] = tf.keep(shares)),
          onMemoryAttention: (shares, layer) => (taps.memory[layer] = tf.keep(shares)),
        },
      )
    })
    expect(decoded.shape).toEqual([BATCH, 4, config.width])
    const values = await take(decoded)
    const shares = {
      self: await Promise.all(taps.self.map(take)),
      memory: await Promise.all(taps.memory.map(take)),
    }
    const images = [0, 1].map((image) =>
      referenceDecoder(
        own,
        weights,
        rowsOf(queries, image),
        memories.map((memory) => rowsOf(memory, image)),
        masksOf(image),
      ),
    )
    expect(worstError(values, flat(images.map(({ rows }) => rows)))).toBeLessThan(1e-5)
    for (const kind of ['self', 'memory'] as const)
      for (let layer = 0; layer < config.depth; layer++) {
        const wanted = flat(images.flatMap((image) => image[kind][layer]!))
        expect(worstError(shares[kind][layer]!, wanted), `${kind} ${layer}`).toBeLessThan(1e-6)
        expect(wanted.filter((share) => share === 0).length).toBeGreaterThan(BATCH * 3)
      }
    parameters.dispose()
  })
})
