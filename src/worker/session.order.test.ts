import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { syntheticData } from '../data/testing/synthetic.ts'
import { pictured } from '../methods/randsac/testing/pictured.ts'
import type { OrderPicture, OrderWish, PictureRequest } from '../pictures.ts'
import { Desk } from './testing/desk.ts'
import { GatedSource } from './testing/gatedSource.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

const settings = {
  ...pictured,
  ...{ datasetSize: '2000', batchSize: 4, warmupFraction: 0, knnEvery: 0 },
}

const requestOf = (sample: number, wish: OrderWish): PictureRequest => ({
  samples: [],
  maskSeed: 1,
  attentionSample: null,
  tokens: false,
  order: { sample, ...wish },
})
const bare = requestOf(7, { rollOut: false, causality: false })
const whole = requestOf(7, { rollOut: true, causality: true })

let desk: Desk
beforeAll(async () => {
  const { manifest, files } = await syntheticData(2)
  desk = new Desk(new GatedSource(manifest, files))
  desk.send({ type: 'start', runId: 1, method: 'randsac', settings })
  await desk.reaches(1, 'paused')
})
beforeEach(() => {
  desk.events.length = 0
})

const ask = (request: PictureRequest) =>
  desk.send({ type: 'pictures', runId: 1, request, perSecond: 1000 })

/** The next picture of an order that arrives, with its step. */
const arrives = async (
  fits: (picture: OrderPicture, step: number) => boolean = () => true,
  from = desk.events.length,
): Promise<{ picture: OrderPicture; step: number }> => {
  const { picture, step } = await desk.next(
    'picture',
    (event) => event.picture.kind === 'order' && fits(event.picture, event.step),
    from,
  )
  if (picture.kind !== 'order') throw new Error('another picture')
  return { picture, step }
}

describe('the picture of an order', () => {
  it('comes with what is wished for, as often as it is asked for', async () => {
    ask(bare)
    const first = await arrives()
    expect(first.picture).toMatchObject({ sample: 7, grid: 4, segments: 4, size: 32 })
    expect([first.picture.rolledOut, first.picture.causality]).toEqual([null, null])
    ask(whole)
    const { picture } = await arrives()
    expect(picture.rolledOut!.losses).toHaveLength(16)
    expect(picture.causality!.moved).toHaveLength(4 * 16)
    // Every picture has memory of its own: it is handed over to the page.
    ask(whole)
    expect((await arrives()).picture).toEqual(picture)
    const { rolledOut, causality, ...rest } = picture
    expect({ ...rest, rolledOut: null, causality: null }).toEqual(first.picture)
    expect([rolledOut, causality]).not.toContain(null)
  })

  it('is drawn between the steps, and follows the settings', async () => {
    ask(bare)
    const before = (await arrives()).picture
    desk.send({ type: 'train', runId: 1 })
    const during = await arrives((_, step) => step >= 2)
    expect(during.picture.losses).not.toEqual(before.losses)
    expect(during.picture.ranks).toEqual(before.ranks)
    await desk.pausesAfter(1, () => desk.send({ type: 'pause', runId: 1 }))
    desk.send({ type: 'change', runId: 1, values: { segmentSize: '1' } })
    const changed = await arrives(({ segments }) => segments !== 4)
    expect(changed.picture.segments).toBe(16)
    expect(changed.picture.distances.mean).not.toBe(before.distances.mean)
    desk.send({ type: 'change', runId: 1, values: { segmentSize: '2' } })
    await arrives(({ segments }) => segments === 4)
  })

  it('is not drawn of an image that is not loaded', async () => {
    ask(requestOf(2000, { rollOut: false, causality: false }))
    ask(requestOf(5, { rollOut: false, causality: false }))
    await arrives(({ sample }) => sample === 5, 0)
    expect(desk.all('picture')).toHaveLength(1)
    expect(desk.all('fault')).toEqual([])
  })
})
