import { contextsUpTo } from '../../src/evaluation/interactions/contexts.ts'
import type { ImageInteractions } from '../../src/evaluation/interactions/estimate.ts'
import { drawnSample, type SamplePlan } from '../../src/evaluation/interactions/sampling.ts'
import { interactionPoints } from '../../src/evaluation/interactions/strengths.ts'
import { floorOf, noisyImage } from '../../src/evaluation/interactions/testing/noisyPairs.ts'
import type { InteractionPoint } from '../../src/results.ts'
import type { Table } from './table.ts'

/** Of the games whose answer is known: images and pairs, and the interaction of every pair beside none, in σ of a context. */
const GAME = { images: 20, pairs: 500, interaction: 0.2 }

/** What both estimators find of pairs without and with an interaction whose contexts scatter with σ = 1. */
export function floorTable(contextCounts: readonly number[]): Table {
  const { images, pairs, interaction: known } = GAME
  const found = (contexts: number, interaction: number): readonly string[] => {
    const wanted = { pairs, contexts, interaction, deviation: 1 }
    const all = Array.from({ length: images }, (_, image) => noisyImage({ ...wanted, image }))
    const { published, debiased } = interactionPoints([0], all)[0]!
    return [published, debiased].map(({ value, error }) => plusMinus(value, error))
  }
  return {
    head: ['contexts', 'floor', 'I = 0: J', 'de-biased', `I = ${known}: J`, 'de-biased'],
    numbersFrom: 0,
    rows: contextCounts.map((contexts) => [
      String(contexts),
      floorOf(contexts, 1).toFixed(4),
      ...found(contexts, 0),
      ...found(contexts, known),
    ]),
  }
}

/** A sample whose rewards are kept, of which smaller samples are a part. */
export interface MeasuredSample {
  readonly plan: SamplePlan
  /** Of every image, as the sample's subsets are shown. */
  readonly rewards: readonly Float64Array[]
}

/** The curve of the first images with the first contexts alone: what a smaller sample of the same seed finds. */
function curveOfPart(
  { plan, rewards }: MeasuredSample,
  images: number,
  contexts: number,
): { readonly rows: number; readonly points: readonly InteractionPoint[] } {
  const sampling = drawnSample({ ...plan, contexts })
  const others = plan.grid ** 2 - 2
  const parts = rewards.slice(0, images).map((all): ImageInteractions => {
    const part = new Float64Array(sampling.rows)
    let [from, to] = [0, 0]
    for (const order of plan.orders) {
      const there = 4 * contextsUpTo(others, order, plan.contexts)
      const taken = 4 * contextsUpTo(others, order, contexts)
      if (there !== taken && contextsUpTo(others, order, plan.contexts + 1) <= plan.contexts)
        throw new Error('the first of all contexts are not drawn at random')
      for (let pair = 0; pair < sampling.pairs; pair++) {
        part.set(all.subarray(from, from + taken), to)
        from += there
        to += taken
      }
    }
    return sampling.interactions(part)
  })
  return { rows: images * sampling.rows, points: interactionPoints(plan.orders, parts) }
}

/** Error bars by budget: of the middle of the curve, and on average over its orders. */
export function budgetTable(
  sample: MeasuredSample,
  imageCounts: readonly number[],
  contextCounts: readonly number[],
): Table {
  const rows = imageCounts.flatMap((images) =>
    contextCounts.map((contexts) => {
      const { rows: forwards, points } = curveOfPart(sample, images, contexts)
      const middle = points[points.length >> 1]!
      const columns = (['published', 'debiased'] as const).flatMap((strength) => {
        const { value, error, relative, relativeError } = middle[strength]
        const mean =
          points.reduce((sum, point) => sum + point[strength].relativeError, 0) / points.length
        return [plusMinus(value, error), plusMinus(relative, relativeError), mean.toFixed(3)]
      })
      return [images, contexts, forwards].map(String).concat(columns)
    }),
  )
  const of = ['middle', 'relative', 'mean ±']
  return {
    head: ['images', 'contexts', 'forwards', ...of, ...of.map((title) => `de-biased ${title}`)],
    numbersFrom: 0,
    rows,
  }
}

const plusMinus = (value: number, error: number): string =>
  `${value.toPrecision(3)} ± ${error.toPrecision(2)}`
