import { beforeAll, describe, expect, it } from 'vitest'
import { readRun, writeRun } from '../checkpoint/runFile.ts'
import { guardSession } from './testing/guardSession.ts'
import { RunDesk, upTo } from './testing/runDesk.ts'

guardSession()

let desk: RunDesk
beforeAll(async () => {
  desk = await RunDesk.open(10)
})

const view = {
  samples: [3, 7, 1999],
  maskSeed: 1,
  attentionSample: 7,
  tokens: false,
}

/** Metrics that are the same bits whenever a step is done again. */
const reproducible = (rows: Record<string, number>[]) =>
  rows.map((row) => ({ ...row, seconds: 0, imagesPerSecond: 0 }))

describe('checkpoints', () => {
  const exportOf = async (id: number) => {
    const from = desk.events.length
    desk.send({ type: 'export', purpose: 'save', runId: id, history: `charts of ${id}` })
    return desk.next('checkpoint', () => true, from)
  }

  it('exported while training go on exactly there after peek and accept', async () => {
    const id = await desk.fresh()
    desk.send({ type: 'train', runId: id })
    await desk.reaches(id, 'training', 4)
    const { fileName, bytes } = await exportOf(id)
    const step = Number(/^peekaboo-a2mim-step-(\d+)\.safetensors$/.exec(fileName)![1])
    expect(step).toBeGreaterThanOrEqual(4)
    await desk.reaches(id, 'training', step + 4)
    desk.send({ type: 'pause', runId: id })
    const uninterrupted = await desk.reaches(id, 'paused', step)
    expect(desk.steps(id)).toEqual(upTo(uninterrupted.step))

    const from = desk.events.length
    desk.send({ type: 'peek', fileName, bytes })
    const { summary } = await desk.next('peeked', () => true, from)
    expect(summary).toMatchObject({
      fileName,
      bytes: bytes.byteLength,
      method: 'a2mim',
      step,
      history: `charts of ${id}`,
      settings: { width: 12 },
    })
    // Peeking leaves the run as it is.
    await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    const other = desk.nextId()
    desk.send({ type: 'accept', runId: other })
    expect((await desk.reaches(other, 'paused')).step).toBe(step)
    expect(desk.all('settings', other)).toMatchObject([{ values: { width: 12 } }])
    desk.send({ type: 'train', runId: other })
    await desk.reaches(other, 'training', step + 4)
    desk.send({ type: 'pause', runId: other })
    await desk.reaches(other, 'paused', step + 4)
    const wanted = reproducible(desk.metrics(id).slice(step, step + 4))
    expect(reproducible(desk.metrics(other).slice(0, 4))).toEqual(wanted)
    // What was accepted is used up.
    const seen = desk.events.length
    desk.send({ type: 'accept', runId: desk.nextId() })
    expect(desk.events.length).toBe(seen)
  })

  it('that are refused leave the run as it is', async () => {
    const id = await desk.fresh()
    await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    const { bytes } = await exportOf(id)
    const damaged = new Uint8Array(bytes.slice(0))
    damaged[damaged.length - 2]! ^= 64
    const good = bytes.slice(0)
    for (const [name, file] of [
      ['damaged', damaged.buffer],
      ['short', good.slice(0, -8)],
      ['empty', new ArrayBuffer(0)],
    ] as const) {
      const from = desk.events.length
      desk.send({ type: 'peek', fileName: 'good', bytes: good.slice(0) })
      desk.send({ type: 'peek', fileName: name, bytes: file })
      const { fault } = await desk.next('refused', () => true, from)
      expect(fault.code).toBe('file-rejected')
      expect(fault.what).toContain(name)
      // The good file that was peeked before it is gone: nobody accepts what is not shown.
      const seen = desk.events.length
      desk.send({ type: 'accept', runId: id + 1 })
      expect(desk.events.length).toBe(seen)
    }
    const status = await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    expect(status.step).toBe(2)
    expect(desk.steps(id)).toEqual([1, 2])
    expect(desk.all('fault')).toEqual([])
  })

  it('whose images cannot be had wait for them and keep the run', async () => {
    const id = await desk.fresh()
    desk.send({ type: 'pictures', runId: id, request: view, perSecond: 1000 })
    desk.send({ type: 'train', runId: id })
    await desk.reaches(id, 'training', 2)
    const { bytes } = await exportOf(id)
    const { state } = await readRun(new Uint8Array(bytes), 'run')
    const settings = { ...state.settings, datasetSize: '10000' }
    const file = await writeRun({ ...state, settings }, new Date())
    desk.source.available = 2
    desk.send({ type: 'peek', fileName: 'large', bytes: file.buffer })
    await desk.next('peeked')
    const other = desk.nextId()
    desk.send({ type: 'accept', runId: other })
    await desk.reaches(other, 'no-data')
    expect(desk.all('fault')).toMatchObject([{ fault: { code: 'data-missing' } }])
    const kept = await desk.reaches(id, 'paused', 1)
    const after = await desk.pausesAfter(id, () => desk.send({ type: 'step', runId: id }))
    expect(after.step).toBe(kept.step + 1)

    // The old run trains and draws when its images are taken from the GPU.
    desk.source.available = Infinity
    desk.send({ type: 'train', runId: id })
    await desk.reaches(id, 'training', after.step + 1)
    desk.send({ type: 'retry-data' })
    const built = await desk.reaches(other, 'paused')
    expect(built).toMatchObject({ step: state.step, images: 10_000 })
    const status = await desk.pausesAfter(other, () => desk.send({ type: 'step', runId: other }))
    expect(status.step).toBe(state.step + 1)
    expect(desk.all('fault')).toHaveLength(1)
    // And back to fewer images, which share the memory of the many.
    await desk.start(desk.nextId())
    expect(desk.all('status', desk.lastId).at(-1)).toMatchObject({ state: 'paused', images: 2000 })
    expect(desk.all('fault')).toHaveLength(1)
  })
})
