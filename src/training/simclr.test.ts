import { expect, test } from 'vitest'
import { IMAGE_BYTES, type ImageSet } from '../data/images.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { loadMethod } from '../methods/load.ts'
import { simclr } from '../methods/simclr/description.ts'
import type { SettingValues } from '../settings/rows.ts'
import { smallestSettings, trainThrough } from './testing/changes.ts'
import { noiseImages, smallRun } from './testing/small.ts'

const engine = useEngine()

const settings = (values: SettingValues): SettingValues =>
  smallestSettings(simclr, { projectionSize: 8, ...values })

test('SimCLR trains on through every change that may be made while it does, recorded as direct', async () => {
  const wished = settings({ checkRecording: true })
  await trainThrough(engine(), simclr, wished, [
    { sparsity: 0.75, mismatch: 0.5, dilemmaWeight: 3, temperature: 0.1 },
    { denseView: true, filters: true },
  ])
})

/** Images of noise around a colour of their own each, which a network has to learn to look at. */
function tints(count = 64): ImageSet {
  const { pixels, ...rest } = noiseImages(count)
  const tintsOf = pixels.slice(0, 3 * count)
  pixels.forEach((value, i) => {
    const channel = Math.floor(i / (IMAGE_BYTES / 3))
    pixels[i] = 0.75 * value + 0.25 * tintsOf[channel]!
  })
  return { ...rest, pixels }
}

test('the host’s loss and that of the detector fall', async () => {
  const method = await loadMethod(simclr.id)
  const wished = settings({
    learningRate: 0.01,
    warmupFraction: 0,
    sparsity: 0,
    cropScaleMin: 0.8,
    colourJitter: false,
  })
  const run = await smallRun(engine(), { settings: wished, description: simclr, method }, tints())
  await run.trainTo(30)
  const meanOf = (key: string, from: number): number =>
    run.rows.slice(from, from + 5).reduce((sum, { values }) => sum + values[key]! / 5, 0)
  expect(meanOf('hostLoss', 25)).toBeLessThan(0.8 * meanOf('hostLoss', 0))
  expect(meanOf('bce', 25)).toBeLessThan(meanOf('bce', 0))
  run.dispose()
})
