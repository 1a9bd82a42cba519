import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { randomAt, Stream } from '../../engine/random.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import { CALIBRATION_BINS, displacementBins } from './bins.ts'
import { detection } from './loss.ts'
import { entropyOf } from './metrics.ts'

useEngine()

/** What the detector made of one view, [images, k] each. */
interface View {
  readonly logits: number[][]
  readonly labels: number[][]
  readonly real?: number[][]
  readonly claimed?: number[][]
}

const GRID = 4
const inPlace = (rows: number[][]): number[][] => rows.map((row) => row.map((_, i) => i))

/** Terms, loss, tables, and the gradients of the loss in the logits, on the host. */
async function detect(views: readonly View[], weight = 1) {
  const logits = views.map((view) => tf.tensor2d(view.logits))
  const lambda = tf.scalar(weight)
  const others = views.map(({ logits: rows, labels, real, claimed }) => ({
    labels: tf.tensor2d(labels),
    real: tf.tensor2d(real ?? inPlace(rows)),
    claimed: tf.tensor2d(claimed ?? real ?? inPlace(rows)),
  }))
  const of = (...xs: tf.Tensor[]) =>
    detection(
      others.map((rest, i) => ({ ...rest, logits: xs[i] as tf.Tensor2D })),
      lambda,
      GRID,
    )
  const { loss, terms, tables } = tf.tidy(() => of(...logits))
  const gradients = tf.tidy(() => tf.grads((...xs) => of(...xs).loss)(logits))
  const read = async (tensors: Readonly<Record<string, tf.Tensor>>) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(tensors).map(async ([key, tensor]) => [key, await take(tensor)] as const),
      ),
    )
  const found = await read(terms)
  const result = {
    loss: (await take(loss))[0]!,
    terms: Object.fromEntries(Object.entries(found).map(([key, [value]]) => [key, value!])),
    tables: await read(tables),
    gradients: await Promise.all(gradients.map(take)),
  }
  tf.dispose([logits, lambda, others.map((each) => Object.values(each))])
  return result
}

describe('the binary cross-entropy', () => {
  it('is that of the specification (D11)', async () => {
    const labels = [
      [1, 0, 0],
      [0, 1, 1],
    ]
    const { loss, terms } = await detect([
      {
        logits: [
          [2, -1, 0.5],
          [-3, 0, 1],
        ],
        labels,
      },
    ])
    expect(terms.bce).toBeCloseTo(0.4115438170655354, 6)
    expect(loss).toBe(terms.bce)
    const zeros = await detect([{ logits: labels.map((row) => row.map(() => 0)), labels }])
    expect(zeros.terms.bce).toBeCloseTo(Math.LN2, 6)
  })

  it('of a head that knows p alone is near H(p) (D12)', async () => {
    const [p, rows, kept] = [0.2, 400, 10]
    const random = randomAt(1, Stream.samples)
    const prior = Math.log(p / (1 - p))
    const draw = (value: () => number): number[][] =>
      Array.from({ length: rows }, () => Array.from({ length: kept }, value))
    const { terms } = await detect([
      { logits: draw(() => prior), labels: draw(() => Number(random.uniform() < p)) },
    ])
    // A label moves the mean by |logit| / count; four deviations of the share of ones.
    const allowed = 4 * Math.abs(prior) * Math.sqrt((p * (1 - p)) / (rows * kept))
    expect(Math.abs(terms.bce! - entropyOf(p))).toBeLessThan(allowed)
    expect(Math.abs(terms.bce! - entropyOf(0.5))).toBeGreaterThan(3 * allowed)
    expect(terms).toMatchObject({ auroc: 0.5, balancedAccuracy: 0.5 })
  })

  it.each([
    [0.1, 0.32508],
    [0.2, 0.5004],
    [0.3, 0.61086],
    [0.5, 0.69315],
  ])('knows H(%d)', (p, entropy) => {
    expect(entropyOf(p)).toBeCloseTo(entropy, 5)
    expect(entropyOf(1 - p)).toBeCloseTo(entropy, 5)
  })

  it('of no surprise is 0', () => {
    expect([entropyOf(0), entropyOf(1)]).toEqual([0, 0])
  })
})

describe('several views', () => {
  const first: View = { logits: [[1, -2, 0.5, 3]], labels: [[1, 0, 1, 0]] }
  const second: View = { logits: [[0.25, -1]], labels: [[0, 0]] }

  it('count the same, however many tokens they have, and λ scales their gradients', async () => {
    const [a, b] = [await detect([first]), await detect([second])]
    const both = await detect([first, second], 3)
    expect(both.terms.bce).toBeCloseTo((a.terms.bce! + b.terms.bce!) / 2, 6)
    expect(both.loss).toBeCloseTo(3 * both.terms.bce!, 5)
    both.gradients.forEach((gradient, view) => {
      const alone = [a, b][view]!.gradients[0]!
      gradient.forEach((value, i) => expect(value).toBeCloseTo(1.5 * alone[i]!, 6))
    })
  })

  it('share their other numbers', async () => {
    const { terms } = await detect([first, second])
    // Ones 1 and 0.5 against zeros −2, 3, 0.25 and −1: each beats three of four.
    expect(terms.auroc).toBeCloseTo(6 / 8, 6)
    expect(terms.balancedAccuracy).toBeCloseTo((1 + 1 / 2) / 2, 6)
    expect(terms.wrongClaims).toBeCloseTo(2 / 6, 6)
  })

  it('with λ = 0 have no gradient', async () => {
    const { loss, terms, gradients } = await detect([first, second], 0)
    expect(loss).toBe(0)
    expect(terms.bce).toBeGreaterThan(0.1)
    for (const gradient of gradients) expect(gradient.every((value) => value === 0)).toBe(true)
  })
})

describe('tables', () => {
  const random = randomAt(2, Stream.samples)
  const draw = (value: () => number): number[][] =>
    Array.from({ length: 30 }, () => Array.from({ length: 8 }, value))
  const cell = (): number => random.below(GRID * GRID)
  const view = {
    // Also probabilities of 0 and 1, as far as float32 can tell.
    logits: draw(() => random.normal() * (random.below(10) === 0 ? 60 : 2)),
    labels: draw(() => random.below(2)),
    real: draw(cell),
    claimed: draw(cell),
  }
  const { logits, labels, real, claimed } = Object.fromEntries(
    Object.entries(view).map(([key, rows]) => [key, rows.flat()]),
  ) as Record<keyof typeof view, number[]>
  const probabilities = logits.map((logit) => 1 / (1 + Math.exp(-logit)))

  /** Sums of values and counts by bins, as a table of means has them. */
  const sums = (bins: readonly number[], values: readonly number[], count: number): number[] => {
    const rows = new Array<number>(2 * count).fill(0)
    bins.forEach((bin, i) => {
      rows[bin]! += values[i]!
      rows[count + bin]!++
    })
    return rows
  }

  it('sort labels by the predicted probability', async () => {
    const { tables } = await detect([view])
    const bins = probabilities.map((p) =>
      Math.min(CALIBRATION_BINS - 1, Math.floor(p * CALIBRATION_BINS)),
    )
    expect([...tables.calibration!]).toEqual(sums(bins, labels, CALIBRATION_BINS))
  })

  it('sort probabilities by how far a claim is from the truth', async () => {
    const { tables } = await detect([view])
    const bins = real.map((from, i) =>
      Math.round(
        Math.hypot(
          Math.floor(from / GRID) - Math.floor(claimed[i]! / GRID),
          (from % GRID) - (claimed[i]! % GRID),
        ),
      ),
    )
    const expected = sums(bins, probabilities, displacementBins(GRID))
    expect(tables.displacement).toHaveLength(expected.length)
    expected.forEach((value, i) => expect(tables.displacement![i]).toBeCloseTo(value, 4))
    expect(bins.filter((bin) => bin === 0)).toHaveLength(
      real.filter((from, i) => from === claimed[i]).length,
    )
  })
})
