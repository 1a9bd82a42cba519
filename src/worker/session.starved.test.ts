import { beforeAll, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../data/bytes.ts'
import { BATCH_RECORDS, type OfficialBatch } from '../data/official.ts'
import { syntheticRecords } from '../data/testing/synthetic.ts'
import type { ImageAddress } from '../results.ts'
import { EvaluationDesk } from './testing/evaluationDesk.ts'
import { guardSession } from './testing/guardSession.ts'

guardSession()

const batch = syntheticRecords(BATCH_RECORDS, 1)
const batches: readonly OfficialBatch[] = [
  { file: 'test_batch.bin', split: 'test', sha256: await sha256(batch) },
]
const knn = { kind: 'knn' } as const
const linear = { kind: 'linear', representation: 'class' } as const

/** The test shards that a source was asked for. */
const asked = ({ source }: EvaluationDesk) =>
  source.asked.filter((file) => file.startsWith('test-'))

describe('test images', () => {
  let desk: EvaluationDesk
  beforeAll(async () => {
    desk = await EvaluationDesk.open({ batches })
  })

  it('are loaded when they are needed, as many as are needed, and kept', async () => {
    await desk.fresh(1, { probeTest: 1500 })
    expect(asked(desk)).toEqual([])
    await desk.evaluated(1, knn)
    expect(asked(desk)).toEqual(['test-00.shard'])
    expect(desk.told('knn')[0]).toBe('Loading the test images')
    expect(desk.told('knn').at(-1)).toBeNull()
    await desk.evaluated(1, linear)
    expect(asked(desk)).toEqual(['test-00.shard', 'test-01.shard'])
    await desk.fresh(2, { probeTest: 1500 })
    await desk.evaluated(2, linear)
    await desk.evaluated(2, knn)
    expect(asked(desk)).toHaveLength(2)
    expect(desk.jobs.begun.map(({ testImages }) => testImages)).toEqual([2000, 2000])
  })

  it('that are being loaded hold up neither training nor other evaluations', async () => {
    desk = await EvaluationDesk.open({ batches })
    await desk.fresh(3, { probeTest: 1500 })
    await desk.evaluated(3, knn)
    desk.source.held = true
    desk.send({ type: 'train', runId: 3 })
    desk.evaluate(3, linear)
    await vi.waitFor(() => expect(desk.source.waiting).toBe(1), { timeout: 30_000 })
    await desk.evaluated(3, knn)
    await desk.reaches(3, 'training', desk.jobs.begun.at(-1)!.step + 10)
    expect(desk.jobs.steps.filter((begun) => begun.startsWith('linear'))).toEqual([])
    desk.send({ type: 'cancel', runId: 3, kind: 'linear' })
    await desk.ended('linear')
    expect(desk.source.aborted).toBe(1)
    desk.source.held = false
    await desk.evaluated(3, linear)
    expect(desk.jobs.begun.at(-1)).toMatchObject({ kind: 'linear', testImages: 2000 })
    expect(desk.all('fault')).toEqual([])
  })

  it('that cannot be had end the evaluation with what to drop; dropped ones make up for it', async () => {
    desk = await EvaluationDesk.open({ batches })
    await desk.fresh(4, { knnEvery: 2 })
    desk.source.available = 0
    desk.send({ type: 'train', runId: 4 })
    await desk.ended('knn')
    const [{ fault }] = desk.all('fault') as [ReturnType<typeof desk.all<'fault'>>[0]]
    expect(fault.code).toBe('data-missing')
    expect(fault.todo).toContain('test_batch.bin')
    await desk.reaches(4, 'training', 10)
    expect(desk.all('fault')).toHaveLength(1)
    const file = new File([batch], 'mine.bin')
    desk.send({ type: 'files', files: [new File(['x'], 'wrong.bin')] })
    expect((await desk.next('refused')).fault.code).toBe('file-rejected')
    desk.send({ type: 'files', files: [file] })
    await desk.next('evaluated')
    expect(desk.jobs.begun[0]!.testImages).toBe(BATCH_RECORDS)
    expect(desk.all('fault')).toHaveLength(1)
    // There is nothing to make up for any more.
    const from = desk.events.length
    desk.send({ type: 'files', files: [file] })
    const { fault: again } = await desk.next('refused', () => true, from)
    expect(again.what).toContain('images are loaded already')
  })
})

describe('thumbnails', () => {
  let desk: EvaluationDesk
  beforeAll(async () => {
    desk = await EvaluationDesk.open()
    await desk.fresh(10)
  })
  const of = (split: 'train' | 'test', ...indices: number[]): ImageAddress[] =>
    indices.map((index) => ({ split, index }))

  it('are the images with their classes, without those that there are not', async () => {
    const images = [...of('test', 1, 12), ...of('train', 5, 2000, -1, 0.5, NaN)]
    desk.send({ type: 'thumbnails', images })
    const answer = await desk.next('thumbnails')
    expect(answer.images).toEqual([...of('test', 1, 12), ...of('train', 5)])
    expect(answer.labels).toEqual([1, 2, 5])
    expect(answer.pixels).toHaveLength(3 * 4096)
    // Red, green and blue of the first two pixels; see `syntheticRecords`.
    expect([...answer.pixels.subarray(4096, 4104)]).toEqual([12, 84, 84, 255, 0, 84, 84, 255])
    expect(asked(desk)).toEqual(['test-00.shard'])
  })

  it('of test images that cannot be had are left out, which is said once', async () => {
    desk = await EvaluationDesk.open()
    await desk.fresh(11)
    desk.source.available = 0
    const images = [...of('train', 3), ...of('test', 3)]
    const answered = async () => {
      const from = desk.events.length
      desk.send({ type: 'thumbnails', images })
      return (await desk.next('thumbnails', () => true, from)).images
    }
    expect(await answered()).toEqual(of('train', 3))
    expect(await answered()).toEqual(of('train', 3))
    expect(desk.all('fault').map(({ fault }) => fault.code)).toEqual(['data-missing'])
  })
})
