import { describe, expect, it, vi } from 'vitest'
import { sha256 } from '../data/bytes.ts'
import { BATCH_RECORDS, type OfficialBatch } from '../data/official.ts'
import { MemoryCache } from '../data/testing/storage.ts'
import { syntheticData, syntheticRecords } from '../data/testing/synthetic.ts'
import { Desk, startOf, widthOf } from './testing/desk.ts'
import { GatedSource } from './testing/gatedSource.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

const { manifest, files: served } = await syntheticData(2)
const batch = syntheticRecords(BATCH_RECORDS, 1)
const batches: OfficialBatch[] = [
  { file: 'data_batch_1.bin', split: 'train', sha256: await sha256(batch) },
]

/** A page whose server has no images. */
async function deskWithoutData() {
  const source = new GatedSource(manifest, served)
  source.available = 0
  const desk = new Desk(source, { batches })
  desk.send(startOf(1))
  await desk.reaches(1, 'no-data')
  return { source, desk }
}

describe('without images', () => {
  it('the run waits, and is built when they can be had after all', async () => {
    const { source, desk } = await deskWithoutData()
    const faults = () => desk.all('fault').map(({ fault }) => fault.code)
    expect(faults()).toEqual(['data-missing'])
    const from = desk.events.length
    desk.send({ type: 'retry-data' })
    await desk.reaches(1, 'no-data', 0, from)
    expect(faults()).toEqual(['data-missing', 'data-missing'])
    source.available = 2
    desk.send({ type: 'retry-data' })
    await desk.reaches(1, 'paused')
    // Nothing waits any more.
    const seen = desk.events.length
    desk.send({ type: 'retry-data' })
    desk.send({ type: 'peek', fileName: 'none', bytes: new ArrayBuffer(0) })
    await desk.next('refused')
    expect(desk.events.length).toBe(seen + 1)
  })

  it('files of the person are checked, and the run is built from the right ones', async () => {
    const { desk } = await deskWithoutData()
    const wrong = batch.slice()
    wrong[5]! ^= 1
    desk.send({ type: 'files', files: [new File([wrong], 'data_batch_1.bin')] })
    const refused = await desk.next('refused')
    expect(refused.fault.code).toBe('file-rejected')
    expect(desk.all('status').at(-1)).toMatchObject({ state: 'no-data' })

    desk.send({ type: 'files', files: [new File([batch], 'mine.bin')] })
    const status = await desk.reaches(1, 'paused')
    expect(status.images).toBe(2000)
    expect(desk.all('loading')).toContainEqual(
      expect.objectContaining({ images: 2000, ofImages: 2000 }),
    )
    const request = { samples: [0, 1, 13], maskSeed: 0, attentionSample: null, tokens: false }
    desk.send({ type: 'pictures', runId: 1, request, perSecond: 1 })
    expect(desk.all('labels')).toMatchObject([{ labels: [1, 2, 4] }])
    await desk.next('picture', (event) => widthOf(event) === 6)

    // Files that nobody waits for are refused in words of their own.
    const from = desk.events.length
    desk.send({ type: 'files', files: [new File([batch], 'again.bin')] })
    const again = await desk.next('refused', () => true, from)
    expect(again.fault.what).toContain('2,000 images are loaded already')
    expect(desk.all('fault')).toHaveLength(1)
  })
})

describe('files of the person', () => {
  const files = [new File([batch], 'mine.bin')]

  it('are there at the next visit, although no server has images', async () => {
    const cache = new MemoryCache()
    const source = new GatedSource(manifest, new Map())
    source.available = 0
    const first = new Desk(source, { batches, cache })
    first.send(startOf(1))
    await first.reaches(1, 'no-data')
    first.send({ type: 'files', files })
    await first.reaches(1, 'paused')
    await vi.waitFor(() => expect(cache.entries.has('dropped')).toBe(true), { timeout: 30_000 })
    const second = new Desk(source, { batches, cache })
    await second.start(1)
    expect(second.all('fault')).toEqual([])
    const request = { samples: [0, 1, 13], maskSeed: 0, attentionSample: null, tokens: false }
    second.send({ type: 'pictures', runId: 1, request, perSecond: 1 })
    expect(second.all('labels')).toMatchObject([{ labels: [1, 2, 4] }])
    // Drawn before the next session opens a GPU of its own.
    await second.next('picture', (event) => widthOf(event) === 6)
  })

  it('take the place of images that are being loaded; wrong ones do not', async () => {
    const source = new GatedSource(manifest, served)
    source.held = true
    const desk = new Desk(source, { batches })
    desk.send(startOf(1))
    await vi.waitFor(() => expect(source.waiting).toBeGreaterThan(0))
    desk.send({ type: 'files', files: [new File(['x'], 'wrong.bin')] })
    await desk.next('refused')
    await vi.waitFor(() => expect(source.waiting).toBeGreaterThan(0))
    expect(desk.all('fault')).toEqual([])
    desk.send({ type: 'files', files })
    await desk.reaches(1, 'paused')
    expect(source.waiting).toBe(0)
    expect(desk.all('refused')).toHaveLength(1)
    expect(desk.all('fault')).toEqual([])
  })
})

describe('a start while images are loading', () => {
  it('ends that loading and builds its own run alone', async () => {
    const source = new GatedSource(manifest, served)
    source.held = true
    const desk = new Desk(source)
    desk.send(startOf(1))
    await vi.waitFor(() => expect(source.waiting).toBeGreaterThan(0))
    // What else the page sends meanwhile must not hang on a run that never comes.
    desk.send({ type: 'train', runId: 1 })
    desk.send({ type: 'export', purpose: 'save', runId: 1, history: '' })
    source.held = false
    await desk.start(2)
    expect(source.aborted).toBeGreaterThan(0)
    expect(desk.all('settings').map(({ runId }) => runId)).toEqual([2])
    expect(desk.all('status', 1).every(({ state }) => state !== 'paused')).toBe(true)
    expect(desk.all('fault')).toEqual([])
    expect(desk.all('checkpoint')).toEqual([])
    expect(desk.all('status', 2).at(-1)).toMatchObject({ state: 'paused', step: 0 })
  })
})

describe('without WebGPU', () => {
  it.each([
    ['in the browser', undefined],
    ['adapter', { requestAdapter: () => Promise.resolve(null) } as unknown as GPU],
  ])('%s the page is told, and again when it tries again', async (_, gpu) => {
    const desk = new Desk(new GatedSource(manifest, served), { gpu })
    desk.send(startOf(1))
    await desk.reaches(1, 'stopped')
    expect(desk.all('fault').map(({ fault }) => fault.code)).toEqual(['webgpu-missing'])
    expect(desk.all('ready')).toEqual([])
    for (const type of ['train', 'step'] as const) {
      const from = desk.events.length
      desk.send({ type, runId: 1 })
      const { fault } = await desk.next('fault', () => true, from)
      expect(fault.code).toBe('webgpu-missing')
      await desk.reaches(1, 'stopped', 0, from)
    }
  })
})
