import { expect, it, vi } from 'vitest'
import type { MethodDescription } from '../methods/description.ts'
import type { Method } from '../methods/method.ts'
import type { Picture } from '../pictures.ts'
import { pictureDesk } from './testing/pictureDesk.ts'

/** The first value of every view stands for what a network makes of it. */
const firstValues = async (view: Parameters<Method['strips']>[3]): Promise<Float32Array> => {
  const values = await view.data<'float32'>()
  const images = view.shape[0]
  return Float32Array.from({ length: images }, (_, at) => values[(at * values.length) / images]!)
}

const spectrum: NonNullable<Method['spectrum']> = async (_, { indices }, maskSeed, views) => ({
  kind: 'spectrum',
  ...{ samples: indices, size: 1, maps: [], layers: [] },
  originals: new Uint8ClampedArray(4),
  predictions: new Uint8ClampedArray(4),
  radial: {
    at: [maskSeed],
    curves: [{ id: 'error', label: 'Error', help: 'Help', values: await firstValues(views) }],
  },
})

const activations: NonNullable<Method['activations']> = async (...given) => {
  const [, { indices }, , view, , { cell }] = given
  return {
    kind: 'activations',
    ...{ sample: indices[0]!, size: 1, grid: 2, cell, target: 'Target', stages: [] },
    image: new Uint8ClampedArray(4),
    input: new Uint8ClampedArray(4),
    hidden: Uint8Array.of(1, 0, 0, 1),
    token: {
      ...{ label: 'Token', grid: 1, after: new Float32Array(1) },
      before: await firstValues(view),
    },
  }
}

const leak: NonNullable<Method['leak']> = async (_, { indices }, __, views) => {
  const moved = await firstValues(views)
  const largest = Math.max(...moved)
  return { kind: 'leak', samples: indices, grid: 1, moved, largest, tolerance: 0, filled: 'Filled' }
}

vi.mock(import('../methods/load.ts'), async (original) => {
  const real = await original()
  return {
    ...real,
    loadMethod: async (id) => ({
      ...(await real.loadMethod(id)),
      ...{ spectrum, activations, leak },
    }),
  }
})

vi.mock(import('../methods/registry.ts'), async (original) => {
  const real = await original()
  const methods: MethodDescription[] = real.methods.map((method) => ({
    ...method,
    hasActivations: ({ learningRate }) => learningRate !== 0,
  }))
  return { ...real, methods, findMethod: (id) => methods.find((method) => method.id === id) }
})

const stand = pictureDesk()
const { ask, arrives, kinds } = stand

it('spectra come of the images that are there, with the masks that are asked for', async () => {
  ask({ spectrum: [5, 30, 2500], maskSeed: 9 })
  const { samples, radial } = await arrives('spectrum')
  expect(samples).toEqual([5, 30])
  expect(radial.at).toEqual([9])
  const [first, second] = radial.curves[0]!.values
  expect(first).not.toBe(second)
  // Of the samples only what needs no network.
  expect(kinds()).toEqual(['strips', 'spectrum'])
})

it('activations come of an image and a cell; of another cell of it nothing else is drawn', async () => {
  ask({ activations: { sample: 5, cell: null } })
  const whole = await arrives('activations')
  expect(whole).toMatchObject({ sample: 5, cell: null })
  expect(kinds()).toEqual(['strips', 'activations'])
  stand.desk.events.length = 0
  ask({ activations: { sample: 5, cell: 2 } })
  ask({ activations: { sample: 5, cell: 3 } })
  const looked = await arrives('activations')
  expect(looked.cell).toBe(3)
  expect(looked.token).toEqual(whole.token)
  expect(kinds()).toEqual(['activations'])
  stand.desk.events.length = 0
  ask({ activations: { sample: 30, cell: 3 } })
  expect((await arrives('activations')).token).not.toEqual(whole.token)
})

it('there are no activations where the settings give none', async () => {
  stand.desk.send({ type: 'change', runId: 1, values: { learningRate: 0 } })
  ask({ activations: { sample: 5, cell: null } })
  ask({ attentionSample: 3 })
  await arrives('attention')
  expect(kinds()).not.toContain('activations')
  stand.desk.send({ type: 'change', runId: 1, values: { learningRate: 0.001 } })
})

it('a check for leaks comes beside the strips, and once it is wished for no more, nothing is drawn for that', async () => {
  const isWhole = (picture: Extract<Picture, { kind: 'strips' }>) => picture.columns.length > 3
  ask({ leak: [5, 30] })
  const found = await arrives('leak')
  expect(found.samples).toEqual([5, 30])
  expect(found.largest).toBe(Math.max(...found.moved))
  await arrives('strips', isWhole)
  stand.desk.events.length = 0
  ask({})
  ask({ maskSeed: 2 })
  await arrives('strips', isWhole)
  expect(new Set(kinds())).toEqual(new Set(['strips']))
  stand.desk.events.length = 0
  stand.desk.send({ type: 'step', runId: 1 })
  await stand.desk.next('picture', ({ step }) => step === 1)
  expect(kinds()).not.toContain('leak')
})
