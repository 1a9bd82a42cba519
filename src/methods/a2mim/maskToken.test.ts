import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { useEngine } from '../../engine/testing/opCase.ts'
import { noise } from '../../engine/testing/noise.ts'
import { take, upload, type HostTensor } from '../../engine/testing/run.ts'
import { sourceOf } from '../../models/testing/sources.ts'
import {
  enterToken,
  tokenParameters,
  type TokenConfig,
  type TokenEntry,
  type TokenMode,
} from './maskToken.ts'

useEngine()

const form = (changes: Partial<TokenConfig> = {}): TokenConfig => ({
  entry: 'sum',
  mode: 'learned',
  detach: false,
  learningRateScale: 1,
  ...changes,
})

const [BATCH, CELLS, WIDTH] = [2, 3, 4]
const z = noise([BATCH, CELLS, WIDTH], 1)
const dy = noise([BATCH, CELLS, WIDTH], 2)
const token = noise([1, 1, WIDTH], 3)
const gamma = noise([1, 1, WIDTH], 4)
const NAMES = [{ name: 'mask_token' }, { name: 'mask_gamma' }]
const mask = [1, 0, 1, 0, 0, 1]

/** The token entered, and gradients of sum(dy · result) in z, token and gamma; the first cell of an image may be none. */
async function entered(config: TokenConfig, others = 0) {
  const tensors = [z, token, gamma].map((tensor) => upload(tensor))
  const answer = tf.tidy(() => {
    const enter = (features: tf.Tensor, own: tf.Tensor, factor: tf.Tensor): tf.Tensor =>
      enterToken(
        features as tf.Tensor3D,
        tf.tensor3d(mask, [BATCH, CELLS, 1]),
        config,
        sourceOf(NAMES, [own, factor]),
        others,
      )
    const value = enter(...(tensors as [tf.Tensor, tf.Tensor, tf.Tensor])).clone()
    const loss = (...xs: tf.Tensor[]): tf.Scalar =>
      // Every input has a part in the loss, so that every gradient is defined.
      xs
        .reduce<tf.Scalar>((sum, x) => sum.add(x.mul(0).sum()), tf.scalar(0))
        .add(enter(xs[0]!, xs[1]!, xs[2]!).mul(upload(dy)).sum())
    return { value, gradients: tf.grads(loss)(tensors) }
  })
  tf.dispose(tensors)
  const [ofZ, ofToken, ofGamma] = [
    await take(answer.gradients[0]!),
    await take(answer.gradients[1]!),
    await take(answer.gradients[2]!),
  ]
  return { value: await take(answer.value), ofZ, ofToken, ofGamma }
}

const at = ({ data }: HostTensor, i: number): number => data[i]!
const hiddenAt = (i: number): boolean => mask[Math.floor(i / WIDTH)] === 1
const entries = Array.from({ length: z.data.length }, (_, i) => i)

describe('T1', () => {
  const single = (entry: TokenEntry, m: number): Promise<Float32Array> =>
    take(
      tf.tidy(() =>
        enterToken(
          tf.tensor3d([2], [1, 1, 1]),
          tf.tensor3d([m], [1, 1, 1]),
          form({ entry }),
          sourceOf(NAMES, [tf.tensor3d([0.1], [1, 1, 1]), tf.tensor3d([1e-6], [1, 1, 1])]),
        ),
      ),
    )

  test.each([
    ['sum', 2.1],
    ['replace', 0.1],
    ['gamma', 0.100002],
  ] as const)('%s', async (entry, expected) => {
    expect((await single(entry, 1))[0]).toBeCloseTo(expected, 6)
    expect((await single(entry, 0))[0]).toBe(2)
  })
})

/** Mean of z over the cells that are none of the first `others`, of one image or of all, for channel c. */
function meanOf(images: readonly number[], c: number, others: number): number {
  const values = images.flatMap((b) =>
    Array.from({ length: CELLS - others }, (_, n) => at(z, (b * CELLS + n + others) * WIDTH + c)),
  )
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

const keptOf = (entry: TokenEntry, i: number): number =>
  entry === 'sum' ? 1 : entry === 'replace' ? 0 : at(gamma, i % WIDTH)

/** What T is for an entry of z, by mode. */
const TOKENS: Record<Exclude<TokenMode, 'none'>, (i: number, others: number) => number> = {
  learned: (i) => at(token, i % WIDTH),
  frozen: (i) => at(token, i % WIDTH),
  zero: () => 0,
  batchMean: (i, others) => meanOf([0, 1], i % WIDTH, others),
  imageMean: (i, others) => meanOf([Math.floor(i / WIDTH / CELLS)], i % WIDTH, others),
}

describe.each(['sum', 'replace', 'gamma'] as const)('the form %s', (entry) => {
  test.each(Object.entries(TOKENS))('with the token %s', async (mode, tokenOf) => {
    for (const others of [0, 1]) {
      const config = form({ entry, mode: mode as TokenMode })
      const { value, ofZ, ofToken, ofGamma } = await entered(config, others)
      for (const i of entries) {
        const [old, kept] = [at(z, i), hiddenAt(i) ? keptOf(entry, i) : 1]
        const wanted = old * kept + (hiddenAt(i) ? tokenOf(i, others) : 0)
        expect(value[i], `value ${i}`).toBeCloseTo(wanted, 5)
        // The mean over each image has a gradient, that over the batch has none, as in the official code.
        const cells = entries.filter(
          (j) =>
            mode === 'imageMean' &&
            hiddenAt(j) &&
            j % WIDTH === i % WIDTH &&
            Math.floor(j / WIDTH / CELLS) === Math.floor(i / WIDTH / CELLS) &&
            Math.floor(i / WIDTH) % CELLS >= others,
        )
        const viaMean = cells.reduce((sum, j) => sum + at(dy, j), 0) / (CELLS - others)
        expect(ofZ[i], `gradient ${i}`).toBeCloseTo(at(dy, i) * kept + viaMean, 5)
      }
      const overHidden = (c: number, of: (i: number) => number): number =>
        entries.filter((i) => hiddenAt(i) && i % WIDTH === c).reduce((sum, i) => sum + of(i), 0)
      const isVector = mode === 'learned' || mode === 'frozen'
      for (let c = 0; c < WIDTH; c++) {
        expect(ofToken[c]).toBeCloseTo(isVector ? overHidden(c, (i) => at(dy, i)) : 0, 5)
        const share = overHidden(c, (i) => at(dy, i) * at(z, i))
        expect(ofGamma[c]).toBeCloseTo(entry === 'gamma' ? share : 0, 5)
      }
    }
  })

  test('detached, hidden cells keep their value and lose their gradient', async () => {
    const [free, detached] = [
      await entered(form({ entry })),
      await entered(form({ entry, detach: true })),
    ]
    for (const i of entries) {
      expect(detached.value[i]).toBeCloseTo(free.value[i]!, 6)
      expect(detached.ofZ[i]).toBeCloseTo(hiddenAt(i) ? 0 : at(dy, i), 6)
    }
    for (let c = 0; c < WIDTH; c++) {
      expect(detached.ofToken[c]).toBeCloseTo(free.ofToken[c]!, 5)
      expect(detached.ofGamma[c]).toBeCloseTo(free.ofGamma[c]!, 5)
    }
  })

  test('no token changes nothing', async () => {
    const { value } = await entered(form({ entry, mode: 'none' }))
    expect([...value]).toEqual(Array.from(z.data))
  })
})

describe('parameters', () => {
  const of = (changes: Partial<TokenConfig>) =>
    Object.fromEntries(tokenParameters(form(changes), 8, 1).map((spec) => [spec.name, spec]))

  test('token and gamma learn at a rate of their own and do not decay; gamma starts at 1e-6', () => {
    const { mask_token, mask_gamma, ...rest } = of({ entry: 'gamma', learningRateScale: 0.1 })
    expect(rest).toEqual({})
    for (const spec of [mask_token!, mask_gamma!])
      expect(spec).toMatchObject({ shape: [1, 1, 8], decay: false, learningRateScale: 0.1 })
    expect([...mask_gamma!.initial()]).toEqual(Array(8).fill(Math.fround(1e-6)))
    const values = mask_token!.initial()
    expect(new Set(values).size).toBe(8)
    expect(values.every((value) => Math.abs(value) < 0.1)).toBe(true)
  })

  test.each<[TokenMode, TokenEntry, string[]]>([
    ['learned', 'sum', ['mask_token']],
    ['frozen', 'gamma', ['mask_token', 'mask_gamma']],
    ['none', 'gamma', []],
    ['zero', 'replace', []],
    ['imageMean', 'gamma', ['mask_gamma']],
    ['batchMean', 'sum', []],
  ])('of a token %s in the form %s', (mode, entry, names) => {
    const specs = of({ mode, entry })
    expect(Object.keys(specs)).toEqual(names)
    if (mode === 'frozen') expect(specs.mask_token!.trainedFrom).toBe(Infinity)
  })
})
