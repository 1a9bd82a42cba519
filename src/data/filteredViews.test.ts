import { describe, expect, it } from 'vitest'
import type { ViewFilter } from '../engine/kernels/filter.ts'
import { randomAt, Stream } from '../engine/random.ts'
import { colourOracle } from '../engine/testing/colourOracle.ts'
import { cropOracle } from '../engine/testing/cropOracle.ts'
import { filterOracle } from '../engine/testing/filterOracle.ts'
import { worstError } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take } from '../engine/testing/run.ts'
import { drawBox } from './boxes.ts'
import { drawColours } from './colours.ts'
import { DeviceImages } from './deviceImages.ts'
import { drawViews, type ViewDraw } from './drawViews.ts'
import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from './images.ts'
import type { Normalisation } from './viewBatch.ts'
import type { ColourRule, FilterRule, ViewRule } from './viewRules.ts'

const engine = useEngine()

const COUNT = 7
const NORMALISATION: Normalisation = { mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3] }

const images: ImageSet = (() => {
  const random = randomAt(8, Stream.init)
  const pixels = Uint8Array.from({ length: COUNT * IMAGE_BYTES }, () => random.below(256))
  return { count: COUNT, pixels, labels: new Uint8Array(COUNT) }
})()

const crop = { scaleMin: 0.1, scaleMax: 0.4, flipProbability: 0.5 }
const colour: ColourRule = {
  brightness: 0.4,
  contrast: 0.4,
  saturation: 0.2,
  hue: 0.1,
  jitterProbability: 1,
  greyProbability: 0.2,
}
const filter: FilterRule = {
  blurProbability: 0.5,
  sigmaMin: 0.1,
  sigmaMax: 2,
  solariseProbability: 0.5,
}

/** The views of some images, every image in turn. */
async function viewsOf(rule: ViewRule, draw: ViewDraw): Promise<Float32Array[]> {
  const set = new DeviceImages(engine(), images)
  const count = draw.boxes.length
  const batch = set.batch(count, NORMALISATION, rule)
  batch.choose(
    Uint32Array.from({ length: count }, (_, i) => i % COUNT),
    draw,
  )
  const views = batch.encode()
  const { size = IMAGE_SIZE } = rule
  expect(views.shape).toEqual([count, size, size, 3])
  const values = await take(views)
  batch.dispose()
  set.dispose()
  const length = values.length / count
  return draw.boxes.map((_, i) => values.slice(i * length, (i + 1) * length))
}

/** One view of a draw in float64, normalised. */
function expected({ size = IMAGE_SIZE }: ViewRule, draw: ViewDraw, i: number): Float64Array {
  const bytes = images.pixels.subarray((i % COUNT) * IMAGE_BYTES, ((i % COUNT) + 1) * IMAGE_BYTES)
  const cut = cropOracle(bytes, IMAGE_SIZE, draw.boxes[i]!, size).map((value) => value / 255)
  const coloured = colourOracle(cut, draw.colours?.[i] ?? [])
  const view = draw.filters ? filterOracle(coloured, [size, size], draw.filters[i]!) : coloured
  const { mean, deviation } = NORMALISATION
  return view.map((value, at) => (value - mean[at % 3]!) / deviation[at % 3]!)
}

async function expectOracle(rule: ViewRule, draw: ViewDraw): Promise<void> {
  const values = await viewsOf(rule, draw)
  values.forEach((actual, i) => {
    const error = worstError(actual, expected(rule, draw, i))
    expect(error, `view ${i}: ${JSON.stringify(draw.filters?.[i])}`).toBeLessThan(3e-6)
  })
}

/** Views drawn as a step draws them, with one filter after another. */
const drawWith = (rule: ViewRule, filters: readonly ViewFilter[]): ViewDraw => ({
  boxes: filters.map((_, i) => drawBox(crop, 4, 1, i)),
  ...(rule.colour && { colours: filters.map((_, i) => drawColours(rule.colour!, 4, 1, i, 0)) }),
  filters,
})

const ODD: readonly ViewFilter[] = [
  { sigma: 0, solarised: false },
  { sigma: 0, solarised: true },
  { sigma: 0.3, solarised: false },
  { sigma: 0.4, solarised: false },
  { sigma: 1, solarised: true },
  { sigma: 1.9, solarised: false },
  { sigma: 6.5, solarised: true },
]

describe('views of a size of their own', () => {
  it.each([16, 20])('are those of the oracle, %i pixels', async (size) => {
    for (const rule of [
      { size, crop },
      { size, crop, colour },
      { size, crop, colour, filter },
    ]) {
      const [draw] = drawViews([rule], { seed: 2, step: 3 }, 9)
      await expectOracle(rule, draw!)
    }
  })
})

describe('filtered views', () => {
  it.each([4, 16, 32])('are those of the oracle, %i pixels', async (size) => {
    await expectOracle({ size, crop, filter }, drawWith({ crop }, ODD))
  })

  it('come after the colours', async () => {
    const rule: ViewRule = { crop, colour, filter }
    await expectOracle(rule, drawWith(rule, ODD))
  })

  it('are bit for bit the others where nothing is filtered', async () => {
    const none = Array.from({ length: 5 }, (): ViewFilter => ({ sigma: 0, solarised: false }))
    const { filters, ...draw } = drawWith({ crop, colour }, none)
    const plain = await viewsOf({ crop, colour }, draw)
    expect(await viewsOf({ crop, colour, filter }, { ...draw, filters })).toEqual(plain)
  })

  it('have the same bits twice', async () => {
    const rule: ViewRule = { size: 16, crop, colour, filter }
    const [draw] = drawViews([rule], { seed: 5, step: 6 }, 31)
    expect(draw!.filters!.filter(({ sigma }) => sigma > 0).length).toBeGreaterThan(5)
    expect(await viewsOf(rule, draw!)).toEqual(await viewsOf(rule, draw!))
  })

  it('want filters, and only they', () => {
    const set = new DeviceImages(engine(), images)
    for (const rule of [{ crop }, { crop, filter }]) {
      const batch = set.batch(1, NORMALISATION, rule)
      const { filters, ...draw } = drawWith({ crop }, ODD.slice(0, 1))
      const other = 'filter' in rule ? draw : { ...draw, filters }
      expect(() => batch.choose([0], other)).toThrow('filtered views')
      batch.dispose()
    }
    set.dispose()
  })

  it('refuse a blur that is too wide', () => {
    const set = new DeviceImages(engine(), images)
    const batch = set.batch(1, NORMALISATION, { filter })
    const draw = drawWith({ crop }, [{ sigma: 22, solarised: false }])
    expect(() => batch.choose([0], draw)).toThrow('wider than 21')
    batch.dispose()
    set.dispose()
  })
})
