import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fitTo,
  initialView,
  nextTab,
  pictureTabs,
  requestOf,
  reshuffle,
  resize,
  SAMPLE_COUNT,
  togglePin,
  type PictureView,
} from './view.ts'

const view: PictureView = {
  samples: [3, 14, 15, 92],
  pinned: [14],
  maskSeed: 1,
  attentionSample: 15,
  tab: 'masks',
}

const isSound = ({ samples, pinned, attentionSample }: PictureView, images: number) =>
  new Set(samples).size === samples.length &&
  samples.every((sample) => Number.isInteger(sample) && sample >= 0 && sample < images) &&
  pinned.every((sample) => samples.includes(sample)) &&
  (attentionSample === null || samples.includes(attentionSample))

describe('the sample images', () => {
  test('are at first a few of the smallest data set, the same for everyone', () => {
    expect(initialView()).toEqual(initialView())
    expect(initialView().samples).toHaveLength(SAMPLE_COUNT.initial)
    expect(isSound(initialView(), 2000)).toBe(true)
  })

  test('are exchanged by a reshuffle, except for pinned ones, which keep their row', () => {
    const shuffled = reshuffle(view, 50_000)
    expect(shuffled.samples).toHaveLength(4)
    expect(shuffled.samples[1]).toBe(14)
    for (const row of [0, 2, 3]) expect(view.samples).not.toContain(shuffled.samples[row])
    expect(shuffled.attentionSample).toBeNull()
    expect(isSound(shuffled, 50_000)).toBe(true)
  })

  test('become more or fewer within the limits; the first ones stay', () => {
    expect(resize(view, 2, 50_000).samples).toEqual([3, 14])
    const more = resize(view, 6, 50_000)
    expect(more.samples.slice(0, 4)).toEqual(view.samples)
    expect(more.samples).toHaveLength(6)
    expect(resize(view, 0, 50_000).samples).toHaveLength(SAMPLE_COUNT.min)
    expect(resize(view, 99, 50_000).samples).toHaveLength(SAMPLE_COUNT.max)
  })

  test('are replaced where the data set is too small for them', () => {
    const fitting = fitTo(view, 20)
    expect(fitting.samples.slice(0, 3)).toEqual([3, 14, 15])
    expect(fitting.samples[3]).toBeLessThan(20)
    expect(fitTo(view, 50_000)).toBe(view)
    expect(fitTo(view, 0)).toBe(view)
  })

  test('stay sound whatever is done to them', () => {
    const deeds = fc.array(
      fc.oneof(
        fc.constant((now: PictureView) => reshuffle(now, 40)),
        fc.integer({ min: -3, max: 30 }).map((n) => (now: PictureView) => resize(now, n, 40)),
        fc
          .nat(15)
          .map((n) => (now: PictureView) => togglePin(now, now.samples[n % now.samples.length]!)),
      ),
    )
    fc.assert(
      fc.property(deeds, (list) => {
        const end = list.reduce((now, deed) => deed(now), fitTo(initialView(), 40))
        expect(isSound(end, 40)).toBe(true)
      }),
    )
  })

  test('run short only where there are not enough images', () => {
    expect(
      reshuffle({ ...view, samples: [0, 1], pinned: [], attentionSample: null }, 3).samples,
    ).toEqual([2])
  })
})

describe('the request', () => {
  test('asks for attention only while someone looks at it', () => {
    expect(requestOf(view)).toEqual({
      samples: view.samples,
      maskSeed: 1,
      attentionSample: null,
      tokens: false,
    })
    expect(requestOf({ ...view, tab: 'attention' }).attentionSample).toBe(15)
    expect(requestOf({ ...view, tab: 'attention', attentionSample: null }).attentionSample).toBe(3)
  })

  test.each(['evaluate', 'compare'] as const)('asks for no pictures in the tab %s', (tab) => {
    const request = requestOf({ ...view, tab })
    expect(request).toEqual({ samples: [], maskSeed: 1, attentionSample: null, tokens: false })
  })
})

test('the tabs follow each other in a circle', () => {
  expect(pictureTabs.map((tab) => nextTab({ ...view, tab }))).toEqual([
    'attention',
    'tokens',
    'evaluate',
    'compare',
    'masks',
  ])
})
