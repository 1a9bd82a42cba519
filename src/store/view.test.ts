import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askForLeaks } from './leaks.ts'
import { arrange, initialPlaces } from './places.ts'
import { orderPicture } from './testing/orderPicture.ts'
import {
  comparedImages,
  COMPARED_COUNT,
  drawAnew,
  fitTo,
  lookAtCell,
  lookAtPlaces,
  initialView,
  bringsCheck,
  lookAt,
  pick,
  requestOf,
  reshuffle,
  resize,
  SAMPLE_COUNT,
  togglePin,
  withoutChecks,
  type PictureView,
} from './view.ts'

const view: PictureView = {
  samples: [3, 14, 15, 92],
  pinned: [14],
  maskSeed: 1,
  picked: 15,
  tab: 'masks',
  order: { section: 'step', rollOut: false, causality: false },
  places: initialPlaces,
  compared: 8,
  cells: { kept: null, pointed: null },
  meanSpectrum: false,
  leak: null,
}

const isSound = ({ samples, pinned, picked }: PictureView, images: number) =>
  new Set(samples).size === samples.length &&
  samples.every((sample) => Number.isInteger(sample) && sample >= 0 && sample < images) &&
  pinned.every((sample) => samples.includes(sample)) &&
  (picked === null || samples.includes(picked))

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
    expect(shuffled.picked).toBeNull()
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
    expect(reshuffle({ ...view, samples: [0, 1], pinned: [], picked: null }, 3).samples).toEqual([
      2,
    ])
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
    expect(requestOf({ ...view, tab: 'attention', picked: null }).attentionSample).toBe(3)
  })

  test.each(['evaluate', 'compare'] as const)('asks for no pictures in the tab %s', (tab) => {
    const request = requestOf({ ...view, tab })
    expect(request).toEqual({ samples: [], maskSeed: 1, attentionSample: null, tokens: false })
  })

  test('asks for the order of the picked image only while someone looks at it', () => {
    expect(requestOf({ ...view, tab: 'order' })).toEqual({
      samples: view.samples,
      maskSeed: 1,
      attentionSample: null,
      tokens: false,
      order: { sample: 15, rollOut: false, causality: false },
    })
    expect(requestOf({ ...view, tab: 'order', picked: null }).order?.sample).toBe(3)
    expect(requestOf({ ...view, tab: 'order', samples: [], picked: null }).order).toBeUndefined()
    expect(requestOf({ ...view, tab: 'tokens' }).order).toBeUndefined()
  })

  test('asks for the places of the picked image as it is arranged, while someone looks at them', () => {
    const own = { real: [0, 5], claimed: [5, 0] }
    const arranged = lookAtPlaces({ ...view, tab: 'places' }, (places) => ({
      ...arrange(places, 15, own),
      sweep: 5,
    }))
    expect(requestOf(arranged).places).toEqual({ sample: 15, tokens: own, sweep: 5 })
    expect(requestOf(pick(arranged, 14)).places).toEqual({ sample: 14, tokens: null, sweep: 5 })
    expect(requestOf({ ...arranged, tab: 'tokens' }).places).toBeUndefined()
    expect(requestOf({ ...arranged, samples: [], picked: null }).places).toBeUndefined()
    // Other masks are seen only where nothing of one's own hides them.
    const anew = requestOf(drawAnew(arranged))
    expect(anew.places).toEqual({ sample: 15, tokens: null, sweep: 5 })
    expect(anew.maskSeed).toBe(2)
  })

  test('asks for no sweep while a patch is being moved, and for what it would be', () => {
    const arrangement = { real: [0, 5], claimed: [5, 0] }
    const held = lookAtPlaces({ ...view, tab: 'places' }, (places) => ({
      ...places,
      sweep: 5,
      held: { sample: 15, arrangement },
    }))
    expect(requestOf(held).places).toEqual({ sample: 15, tokens: arrangement, sweep: null })
    expect(requestOf(pick(held, 14)).places).toEqual({ sample: 14, tokens: null, sweep: 5 })
  })

  test('asks for the activations of the picked image, and of the cell under the pointer before that which stays', () => {
    const looking = lookAtCell({ ...view, tab: 'activations' }, { kept: 3 })
    expect(requestOf(looking).activations).toEqual({ sample: 15, cell: 3 })
    const pointing = lookAtCell(looking, { pointed: 0 })
    expect(requestOf(pointing).activations).toEqual({ sample: 15, cell: 0 })
    expect(requestOf(pick(pointing, 14)).activations).toEqual({ sample: 14, cell: 3 })
    expect(requestOf({ ...pointing, tab: 'masks' }).activations).toBeUndefined()
  })

  test('asks for spectra of all samples, whichever of them is shown', () => {
    const looking = { ...view, tab: 'fourier' as const }
    expect(requestOf(looking).spectrum).toEqual(view.samples)
    expect(requestOf({ ...looking, meanSpectrum: true, picked: 3 })).toEqual(requestOf(looking))
    expect(requestOf(view).spectrum).toBeUndefined()
  })

  test('looks for leaks beside the masks, where that has been asked for', () => {
    const asked = askForLeaks({ maskSeed: 1, method: 'method', values: {} })(view)
    expect(requestOf(asked).leak).toEqual(view.samples)
    expect(requestOf({ ...asked, tab: 'tokens' }).leak).toBeUndefined()
    expect(requestOf(withoutChecks(asked))).toEqual(requestOf(view))
    expect(withoutChecks(view)).toBe(view)
  })

  test('compares the samples and then the first other images', () => {
    const compared = { ...view, tab: 'similarity' as const }
    expect(requestOf(compared).similarity).toEqual([3, 14, 15, 92, 0, 1, 2, 4])
    expect(requestOf(view).similarity).toBeUndefined()
    const many = resize(compared, SAMPLE_COUNT.max, 50_000)
    expect(comparedImages(many)).toEqual(many.samples.slice(0, 8))
    const most = comparedImages({ ...many, compared: COMPARED_COUNT.max })
    expect(new Set(most).size).toBe(COMPARED_COUNT.max)
  })

  test('asks for a roll-out only while its section is in front', () => {
    const wished = lookAt({ ...view, tab: 'order' }, { rollOut: true })
    expect(requestOf(wished).order?.rollOut).toBe(false)
    expect(requestOf(lookAt(wished, { section: 'rollOut' })).order?.rollOut).toBe(true)
  })
})

describe('a check of causality', () => {
  const asked = lookAt({ ...view, tab: 'order' }, { causality: true })

  test('is answered by a checked picture of the picked image', () => {
    const causality = orderPicture({ check: 'healthy' }).causality
    const picture = { ...orderPicture(), sample: 15 }
    expect(bringsCheck(asked, picture)).toBe(false)
    expect(bringsCheck(asked, { ...picture, causality })).toBe(true)
    expect(bringsCheck(asked, { ...picture, causality, sample: 14 })).toBe(false)
    expect(bringsCheck(view, { ...picture, causality })).toBe(false)
  })

  test('is of one image: another one was not asked about', () => {
    expect(requestOf(asked).order).toEqual({ sample: 15, rollOut: false, causality: true })
    expect(requestOf(pick(asked, 14)).order).toEqual({
      sample: 14,
      rollOut: false,
      causality: false,
    })
    expect(pick(asked, 15)).toBe(asked)
  })

  test('ends with the image: where that is exchanged, another one was not asked about', () => {
    expect(resize(asked, 1, 50_000).order.causality).toBe(false)
    expect(resize(asked, 3, 50_000).order.causality).toBe(true)
    const first = { ...asked, picked: null }
    expect(reshuffle({ ...first, pinned: [3] }, 50_000).order.causality).toBe(true)
    expect(reshuffle(first, 50_000).order.causality).toBe(false)
  })
})
