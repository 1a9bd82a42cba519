import { beforeAll, expect, it, vi } from 'vitest'
import type { RunState } from '../checkpoint/runState.ts'
import { extrema } from '../methods/extrema/description.ts'
import { presetValues } from '../settings/selection.ts'
import { Keeper } from '../training/keeper.ts'
import { guardSession } from './testing/guardSession.ts'
import { loseGpu, LossDesk } from './testing/lossDesk.ts'

guardSession()

const settings = {
  ...presetValues(extrema, 'tiny'),
  ...{ batchSize: 4, width: 12, heads: 3, depth: 1, mlpRatio: 1, classBlocks: 1 },
  ...{ projectorWidth: 12, projectionSize: 8, predictorWidth: 12, patchSize: '8', maskCount: 2 },
  ...{ maskRatio: 0.75, colourJitter: false, learningRate: 1e-2, warmupFraction: 0, knnEvery: 0 },
}

let desk: LossDesk
beforeAll(async () => {
  desk = await LossDesk.open()
})

const trainTo = (runId: number, until: number) =>
  desk.pausesAfter(runId, () => desk.send({ type: 'train', runId, until }))

const weightsOf = ({ parameters, firstMoments, secondMoments, teacher }: RunState) => ({
  ...{ parameters, firstMoments, secondMoments, teacher },
})

it('a run with a teacher reports it, is saved and taken up again with it, and keeps it when its GPU is lost', async () => {
  vi.spyOn(Keeper.prototype, 'isDue', 'get').mockReturnValue(false)
  desk.send({ type: 'start', runId: 1, method: 'extrema', settings })
  await desk.reaches(1, 'paused')
  await trainTo(1, 3)
  const { columns } = desk.all('metrics', 1)[0]!.batch
  expect(columns.slice(-5)).toEqual([
    ...['momentum', 'teacherDistance', 'gradNorm', 'learningRate', 'imagesPerSecond'],
  ])
  const distances = desk.metrics(1).map(({ teacherDistance }) => teacherDistance!)
  expect(distances.every((distance) => distance > 0)).toBe(true)

  const from = desk.events.length
  desk.send({ type: 'export', purpose: 'save', runId: 1, history: '' })
  const { bytes, fileName } = await desk.next('checkpoint', () => true, from)
  await trainTo(1, 5)
  const whole = await desk.saved(1)
  expect(whole.teacher.size).toBeGreaterThan(0)

  desk.send({ type: 'peek', fileName, bytes })
  await desk.next('peeked')
  desk.send({ type: 'accept', runId: 2 })
  await desk.reaches(2, 'paused', 3)
  await trainTo(2, 4)
  loseGpu()
  await desk.next('recovered')
  await trainTo(2, 5)
  expect(weightsOf(await desk.saved(2))).toEqual(weightsOf(whole))
  expect(desk.codes).toEqual([])
})
