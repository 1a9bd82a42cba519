import { expect, it, vi } from 'vitest'
import type { MethodDescription } from '../methods/description.ts'
import type { Method } from '../methods/method.ts'
import type { PictureRequest, PlacesWish } from '../pictures.ts'
import { pictureDesk } from './testing/pictureDesk.ts'

/** Every patch claims its own place until someone says otherwise; the more patches are wrong, the likelier each is. */
const places: NonNullable<Method['places']> = async (_, { indices }, maskSeed, view, __, wish) => {
  const { tokens, sweep } = wish
  const real = Uint16Array.from(tokens?.real ?? [0, maskSeed])
  const claimed = Uint16Array.from(tokens?.claimed ?? real)
  const wrong = real.filter((cell, at) => cell !== claimed[at]).length
  const [first] = await view.data<'float32'>()
  return {
    kind: 'places',
    sample: indices[0]!,
    grid: 4,
    image: new Uint8ClampedArray(4),
    size: 1,
    real,
    claimed,
    probabilities: new Float32Array(real.length).fill(Number.isFinite(first) ? wrong / 16 : NaN),
    drawn: tokens === null,
    sweep:
      sweep === null
        ? null
        : { cell: sweep, own: new Float32Array(16), others: new Float32Array(16) },
  }
}

/** The first values of the views stand for what a network makes of them. */
const similarity: NonNullable<Method['similarity']> = async (_, views) => {
  const [rows, columns] = await Promise.all(views.map((view) => view.data<'float32'>()))
  const images = views[0]!.shape[0]
  const first = (values: Float32Array, image: number) => values[(image * values.length) / images]!
  return {
    rows: 'View 1',
    columns: 'View 2',
    cosines: Float32Array.from(
      { length: images ** 2 },
      (__, at) => first(rows!, Math.floor(at / images)) * first(columns!, at % images),
    ),
    temperature: 0.5,
    of: [0, 1],
  }
}

const crop = { scaleMin: 1, flipProbability: 0 }
const chance = { jitterProbability: 1, greyProbability: 0 }

/** A real method whose images come in two views: in other brightness, and with what is bright turned dark. */
vi.mock(import('../methods/load.ts'), async (original) => {
  const real = await original()
  const views: Method['views'] = () => [
    { crop, colour: { brightness: 0.4, contrast: 0, saturation: 0, hue: 0, ...chance } },
    { crop, filter: { blurProbability: 0, sigmaMin: 0.1, sigmaMax: 2, solariseProbability: 1 } },
  ]
  return {
    ...real,
    loadMethod: async (id) => ({ ...(await real.loadMethod(id)), places, similarity, views }),
  }
})

vi.mock(import('../methods/registry.ts'), async (original) => {
  const real = await original()
  const methods: MethodDescription[] = real.methods.map((method) => ({
    ...method,
    hasPlaces: ({ learningRate }) => learningRate !== 0,
    hasSimilarity: true,
  }))
  return { ...real, methods, findMethod: (id) => methods.find((method) => method.id === id) }
})

const stand = pictureDesk()
const { ask, arrives, kinds } = stand

const askPlaces = (wish: Partial<PlacesWish> = {}, request: Partial<PictureRequest> = {}) =>
  ask({ ...request, places: { sample: 7, tokens: null, sweep: null, ...wish } })

it('places come as they are drawn, and as someone arranges them; of the samples only what needs no network', async () => {
  askPlaces({ sweep: 2 })
  const drawn = await arrives('places')
  expect(drawn).toMatchObject({ sample: 7, drawn: true, sweep: { cell: 2 } })
  expect([...drawn.real, ...drawn.claimed]).toEqual([0, 1, 0, 1])
  expect(kinds()).toEqual(['strips', 'places'])
  expect(stand.desk.all('labels')).toHaveLength(1)
  const [early] = stand.desk.all('picture')
  expect(early!.picture.kind === 'strips' && early!.picture.columns.length).toBe(3)
  stand.desk.events.length = 0

  askPlaces({ tokens: { real: [0, 1], claimed: [1, 1] } })
  askPlaces({ tokens: { real: [0, 1], claimed: [5, 0] } })
  const arranged = await arrives('places', ({ probabilities }) => probabilities[0] === 2 / 16)
  expect(arranged).toMatchObject({ drawn: false, sweep: null })
  // Of what was asked for in one breath only the newest is drawn, and nothing beside it.
  expect(kinds()).toEqual(['places'])
  expect(stand.desk.all('labels')).toEqual([])
})

it('places follow the claims that are drawn anew, and are drawn between the steps', async () => {
  askPlaces({}, { maskSeed: 9 })
  expect([...(await arrives('places')).real]).toEqual([0, 9])
  stand.desk.events.length = 0
  stand.desk.send({ type: 'train', runId: 1 })
  await stand.desk.next('picture', ({ picture, step }) => picture.kind === 'places' && step >= 2)
  await stand.desk.pausesAfter(1, () => stand.desk.send({ type: 'pause', runId: 1 }))
  expect(new Set(kinds())).toEqual(new Set(['places']))
})

it('there are no places where the settings give none', async () => {
  stand.desk.send({ type: 'change', runId: 1, values: { learningRate: 0 } })
  askPlaces()
  ask({ attentionSample: 3 })
  await arrives('attention')
  expect(kinds()).not.toContain('places')
  stand.desk.send({ type: 'change', runId: 1, values: { learningRate: 0.001 } })
})

it('views are compared as a step would draw them, and come along to be seen', async () => {
  const wanted = [5, 30, 2500]
  ask({ similarity: wanted })
  const { samples, cosines, views, size, temperature } = await arrives('similarity')
  // The last is not loaded.
  expect(samples).toEqual([5, 30])
  expect(stand.desk.all('labels').at(-1)!.samples).toEqual([3, 5, 30])
  expect(kinds()).toEqual(['strips', 'similarity'])
  expect([size, temperature, cosines.length]).toEqual([32, 0.5, 4])
  expect(views).toHaveLength(2 * 2 * 32 * 32 * 4)
  // One pixel of each: the rows' views come first, and of the columns' the bright image has become dark.
  const greys = [0, 1, 2, 3].map((view) => views[view * 4096 + 4 * 500]!)
  expect(greys.slice(2)).toEqual([35, 45])
  expect(greys[1]).toBeGreaterThan(100)
  expect(views[3]).toBe(255)
  stand.desk.events.length = 0
  ask({ similarity: wanted })
  expect((await arrives('similarity')).views).toEqual(views)
  stand.desk.events.length = 0
  ask({ similarity: wanted, maskSeed: 2 })
  expect((await arrives('similarity')).views).not.toEqual(views)
})
