import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Parameters } from '../../engine/parameters.ts'
import { randomAt, randomPermutation, Stream } from '../../engine/random.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload, type HostTensor } from '../../engine/testing/run.ts'
import { Vit, type ShownCells, type VitConfig } from '../../models/vit.ts'
import type { CorruptorPlan } from './corruptor.ts'
import { detectorLogits } from './head.ts'
import { corruptorInputs, labelsOf, shownOf } from './inputs.ts'
import { detection } from './loss.ts'
import { encodeView } from './step.ts'
import { livelyParameters, planWith, SMALL } from './testing/networks.ts'

/*
 * What DILEMMA rests on, in a small transformer of its own (spec section 14): hosts show the same of theirs where it could
 * be otherwise.
 */

const engine = useEngine()
const IMAGES = 3
const CELLS = 16
const PIXELS = noise([IMAGES, 8, 8, 3], 1)

/** Rows of cells or labels, one an image. */
type Rows = number[][]

/** What images show, where it claims to lie, and which claims are false. */
interface Drawn {
  readonly real: Rows
  readonly claimed: Rows
  readonly labels: Rows
}

/** The claims of a step, as its inputs have them. */
function draw(plan: CorruptorPlan, images = IMAGES, step = 0): Drawn {
  const inputs = corruptorInputs(plan, { seed: 7, step }, images, 0)
  const rows = (key: string): Rows => {
    const { data } = inputs[`${key}0`]!
    return Array.from({ length: images }, (_, image) => [
      ...data.slice(image * plan.kept, (image + 1) * plan.kept),
    ])
  }
  return { real: rows('real'), claimed: rows('claimed'), labels: rows('labels') }
}

const shownAs = ({ real, claimed }: Pick<Drawn, 'real' | 'claimed'>): ShownCells => ({
  real: tf.tensor2d(real),
  claimed: tf.tensor2d(claimed),
})

let lively: Parameters
beforeAll(() => {
  lively = livelyParameters(engine(), SMALL)
})
afterAll(() => lively.dispose())

/** What images with claims become: class tokens [B, D] and logits [B, k]. */
async function look(
  shown: () => ShownCells | undefined,
  { config = SMALL, parameters = lively, pixels = PIXELS } = {},
) {
  const { classToken, logits } = tf.tidy(() => {
    const view = encodeView(config, upload<tf.Rank.R4>(pixels), parameters, { shown: shown() })
    return { classToken: view.classToken, logits: detectorLogits(view.tokens, parameters) }
  })
  return { classToken: await take(classToken), logits: await take(logits) }
}

/** Rows in another order, the same for all. */
const reordered = (rows: Rows, order: ArrayLike<number>): Rows =>
  rows.map((row) => Array.from(order, (from) => row[from]!))

const drawn = draw(planWith())

describe('a wrong place', () => {
  it('changes what comes out: class token and logits (D27)', async () => {
    const { real } = drawn
    const truly = await look(() => shownAs({ real, claimed: real }))
    const falsely = await look(() => shownAs(drawn))
    expect(worstError(falsely.classToken, truly.classToken)).toBeGreaterThan(1e-3)
    expect(worstError(falsely.logits, truly.logits)).toBeGreaterThan(1e-3)
  })

  it('leaves the class token that goes in as it is, and the number of tokens (D5)', async () => {
    const place = async (claimed: Rows) => {
      const placed = tf.tidy(() => {
        const vit = new Vit(SMALL, lively)
        const shown = shownAs({ real: drawn.real, claimed })
        return vit.place(vit.embed(upload<tf.Rank.R4>(PIXELS)), { shown })
      })
      expect(placed.shape).toEqual([IMAGES, 1 + 8, SMALL.width])
      return take(placed)
    }
    const [falsely, truly] = [await place(drawn.claimed), await place(drawn.real)]
    for (let image = 0; image < IMAGES; image++) {
      const token = (of: Float32Array, at: number): Float32Array => {
        const start = (image * 9 + at) * SMALL.width
        return of.subarray(start, start + SMALL.width)
      }
      expect(token(falsely, 0)).toEqual(token(truly, 0))
      drawn.labels[image]!.forEach((label, i) => {
        const same = token(falsely, i + 1).join() === token(truly, i + 1).join()
        expect(same).toBe(label === 0)
      })
    }
  })
})

describe('without wrong places (D6)', () => {
  it('all bits are those of a sparse student that no one asks', async () => {
    const inputsOf = (detects: boolean) => {
      const plan = planWith({ mismatch: 0, detects })
      const tensors = Object.entries(corruptorInputs(plan, { seed: 7, step: 0 }, IMAGES, 0)).map(
        ([name, { shape, data }]) =>
          [name, tf.tensor(Float32Array.from(data), [...shape])] as const,
      )
      return Object.fromEntries(tensors)
    }
    const [asked, unasked] = await Promise.all(
      [true, false].map((detects) => look(() => shownOf(inputsOf(detects), 0))),
    )
    expect(asked).toEqual(unasked)
    tf.tidy(() => {
      expect(labelsOf(inputsOf(true), 0)?.shape).toEqual([IMAGES, 8])
      expect(labelsOf(inputsOf(false), 0)).toBeUndefined()
    })
  })

  it('and with all patches, they are the plain transformer’s, whatever their order', async () => {
    const whole = draw(planWith({ mismatch: 0, dropRate: 0 }))
    const [all, plain] = [await look(() => shownAs(whole)), await look(() => undefined)]
    expect(worstError(all.classToken, plain.classToken)).toBeLessThan(1e-5)
    const inOrder = whole.real.flatMap((row, image) =>
      row.map((cell) => plain.logits[image * CELLS + cell]!),
    )
    expect(worstError(all.logits, inOrder)).toBeLessThan(1e-5)
  })
})

describe('order', () => {
  const order = randomPermutation(randomAt(1, Stream.samples), 8)

  it('of the tokens says nothing (D7)', async () => {
    const shuffled = {
      real: reordered(drawn.real, order),
      claimed: reordered(drawn.claimed, order),
    }
    const [a, b] = [await look(() => shownAs(drawn)), await look(() => shownAs(shuffled))]
    expect(worstError(b.classToken, a.classToken)).toBeLessThan(1e-5)
    const moved = drawn.real.flatMap((_, image) =>
      Array.from(order, (from) => a.logits[image * 8 + from]!),
    )
    expect(worstError(b.logits, moved)).toBeLessThan(1e-5)
  })

  it('of the patches in the image says nothing, as long as they claim the same (D8)', async () => {
    const places = randomPermutation(randomAt(2, Stream.samples), CELLS)
    const moved = {
      real: drawn.real.map((row) => row.map((cell) => places[cell]!)),
      claimed: drawn.claimed,
    }
    const [a, b] = [
      await look(() => shownAs(drawn)),
      await look(() => shownAs(moved), { pixels: withPatchesAt(PIXELS, places) }),
    ]
    expect(b).toEqual(a)
    const unpaired = await look(() => shownAs(drawn), { pixels: withPatchesAt(PIXELS, places) })
    expect(worstError(unpaired.logits, a.logits)).toBeGreaterThan(1e-3)
  })
})

describe('gradients', () => {
  /** Those of a host's toy loss plus λ times the detection, by the names of the parameters. */
  async function gradientsOf(parameters: Parameters, config: VitConfig, weight: number | null) {
    const gradients = tf.tidy(() => {
      const [images, shown] = [upload<tf.Rank.R4>(PIXELS), shownAs(drawn)]
      const labels = tf.tensor2d(drawn.labels)
      const lambda = tf.scalar(weight ?? 0)
      const loss = (): tf.Tensor => {
        const { classToken, tokens } = encodeView(config, images, parameters, { shown })
        const host = classToken.square().sum()
        if (weight === null) return host
        const logits = detectorLogits(tokens, parameters)
        return host.add(detection([{ logits, labels, ...shown }], lambda, 4).loss)
      }
      const wanted = parameters.segments.filter(
        ({ name }) => weight !== null || !name.startsWith('dilemma_head'),
      )
      const found = tf.grads(loss)(wanted.map(({ name }) => parameters.get(name)))
      return Object.fromEntries(wanted.map(({ name }, i) => [name, found[i]!]))
    })
    const read = Object.entries(gradients).map(
      async ([name, gradient]) => [name, await take(gradient)] as const,
    )
    return new Map(await Promise.all(read))
  }
  const largest = (values: Float32Array): number => Math.max(...values.map(Math.abs))

  it('are the host’s alone with λ = 0, and nothing in the detector (D24)', async () => {
    const host = await gradientsOf(lively, SMALL, null)
    const both = await gradientsOf(lively, SMALL, 0)
    for (const [name, gradient] of host) expect(both.get(name), name).toEqual(gradient)
    for (const part of ['weight', 'bias'])
      expect(largest(both.get(`dilemma_head.${part}`)!)).toBe(0)
    expect(both.size).toBe(host.size + 2)
  })

  it('of the detection reach the trunk and a learned position table (D27)', async () => {
    const config = { ...SMALL, positions: 'learnedPatches' } as const
    const parameters = livelyParameters(engine(), config)
    const [without, together] = [
      await gradientsOf(parameters, config, 0),
      await gradientsOf(parameters, config, 1),
    ]
    const names = ['pos_embed', 'patch_embed.proj.weight', 'blocks.0.attn.qkv.weight']
    for (const name of [...names, 'dilemma_head.weight', 'dilemma_head.bias']) {
      const change = together.get(name)!.map((value, i) => value - without.get(name)![i]!)
      expect(largest(change), name).toBeGreaterThan(1e-3)
    }
    parameters.dispose()
  })
})

describe('images of one colour', () => {
  /** AUROC over all tokens of many images, and its standard deviation where nothing is known. */
  function auroc(logits: ArrayLike<number>, labels: Rows): { area: number; deviation: number } {
    const scores = (label: number): number[] =>
      labels.flat().flatMap((each, i) => (each === label ? [logits[i]!] : []))
    const [ones, zeros] = [scores(1), scores(0)]
    let wins = 0
    for (const one of ones)
      for (const zero of zeros) wins += one > zero ? 1 : one === zero ? 0.5 : 0
    const pairs = ones.length * zeros.length
    const deviation = Math.sqrt((ones.length + zeros.length + 1) / (12 * pairs))
    return { area: wins / pairs, deviation }
  }

  const MANY = 200
  const grey: HostTensor = { shape: [MANY, 8, 8, 3], data: new Float32Array(MANY * 192).fill(0.3) }

  it.each([0.5, 0.75])(
    'tell nothing at s = %d: the claimed cells are as likely false as true (D26)',
    async (dropRate) => {
      const many = draw(planWith({ dropRate }), MANY)
      const { logits } = await look(() => shownAs(many), { pixels: grey })
      const { area, deviation } = auroc(logits, many.labels)
      expect(new Set(logits).size).toBeGreaterThan(100)
      expect(Math.abs(area - 0.5)).toBeLessThan(4 * deviation)
    },
  )

  it.each([
    [0.25, true],
    [0.5, false],
  ])('at s = %d: whether cells that are claimed twice give it away is %s', (dropRate, leaks) => {
    const { claimed, labels } = draw(planWith({ dropRate }), MANY)
    const claimants = claimed.flatMap((row) =>
      row.map((cell) => row.filter((other) => other === cell).length),
    )
    const { area, deviation } = auroc(claimants, labels)
    if (leaks) expect(area - 0.5).toBeGreaterThan(4 * deviation)
    else expect(area).toBe(0.5)
  })
})

/** Images in which the patch of every cell lies at `places[cell]`. */
function withPatchesAt({ shape, data }: HostTensor, places: ArrayLike<number>): HostTensor {
  const { imageSize: side, patchSize: patch } = SMALL
  const grid = side / patch
  const moved = new Float32Array(data.length)
  for (let i = 0; i < data.length; i++) {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % side, Math.floor(i / 3 / side) % side]
    const image = Math.floor(i / 3 / side / side)
    const to = places[Math.floor(y / patch) * grid + Math.floor(x / patch)]!
    const [toY, toX] = [Math.floor(to / grid) * patch, (to % grid) * patch]
    const row = image * side + toY + (y % patch)
    moved[(row * side + toX + (x % patch)) * 3 + channel] = data[i]!
  }
  return { shape, data: moved }
}
