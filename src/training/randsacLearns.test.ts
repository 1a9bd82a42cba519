import { expect, test } from 'vitest'
import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from '../data/images.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { randomAt, Stream } from '../engine/random.ts'
import { loadMethod } from '../methods/load.ts'
import { randsac } from '../methods/randsac/description.ts'
import { resolveSelection } from '../settings/selection.ts'
import { smallRun } from './testing/small.ts'

const engine = useEngine()

const STEPS = 24

const settings = resolveSelection([randsac], {
  preset: 'tiny',
  values: {
    batchSize: 8,
    width: 24,
    depth: 2,
    decoderDepth: 2,
    heads: 2,
    mlpRatio: 2,
    patchSize: '8',
    segmentSize: '2',
    learningRate: 0.01,
    scheduleSteps: STEPS,
    knnEvery: 0,
  },
}).values

/** Images that are a slope of grey, of a direction of its own each: a prediction has to look at what it is given. */
function slopes(count: number): ImageSet {
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  for (let image = 0; image < count; image++) {
    const angle = 2 * Math.PI * randomAt(1, Stream.samples, image).uniform()
    for (let i = 0; i < IMAGE_BYTES; i++) {
      const [row, column] = [Math.floor(i / IMAGE_SIZE) % IMAGE_SIZE, i % IMAGE_SIZE]
      const height = (column - 15.5) * Math.cos(angle) + (row - 15.5) * Math.sin(angle)
      pixels[image * IMAGE_BYTES + i] = Math.round(128 + 5 * height)
    }
  }
  return { count, pixels, labels: new Uint8Array(count) }
}

test('12.9 in small: the loss falls from that of predicting zero', async () => {
  const method = await loadMethod(randsac.id)
  const run = await smallRun(engine(), { settings, description: randsac, method }, slopes(256))
  await run.trainTo(STEPS)
  const losses = run.rows.map(({ values }) => values.loss!)
  run.dispose()
  // The head starts at 0.
  const zero = randsac.metrics[0]!.reference!(settings)!
  expect(losses[0]).toBeCloseTo(zero.value, 2)
  expect(Math.max(...losses.slice(-4))).toBeLessThan(0.5)
})
