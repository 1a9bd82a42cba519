import { expect, it } from 'vitest'
import type { EvaluationKind, EvaluationProgress } from '../results.ts'
import { ProgressReport } from './progressReport.ts'

function reported() {
  const told: [EvaluationKind, EvaluationProgress | null][] = []
  const clock = { now: 0 }
  const report = new ProgressReport(
    (kind, progress) => told.push([kind, progress]),
    () => clock.now,
  )
  return { report, told, clock }
}

const at = (done: number): EvaluationProgress => ({ stage: 'Work', done, total: 9 })
const point = (epoch: number) =>
  ({ curve: 'probe', epoch, loss: 1, trainAccuracy: 2, testAccuracy: 3 }) as const

it('tells at most ten times a second how far each evaluation is, and its end at once', () => {
  const { report, told, clock } = reported()
  for (clock.now = 0; clock.now < 1000; clock.now += 7) report.show('knn', at(clock.now))
  expect(told.length).toBeGreaterThan(8)
  expect(told.length).toBeLessThanOrEqual(10)
  report.show('linear', at(1))
  expect(told.at(-1)).toEqual(['linear', at(1)])
  report.end('knn')
  expect(told.at(-1)).toEqual(['knn', null])
  report.show('knn', at(2))
  expect(told.at(-1)).toEqual(['knn', at(2)])
})

it('tells a new stage at once', () => {
  const { report, told } = reported()
  const waiting = { stage: 'Waiting', done: 0, total: 1 }
  for (const progress of [at(0), at(1), waiting, at(2)]) report.show('knn', progress)
  expect(told.map(([, progress]) => progress)).toEqual([at(0), waiting, at(2)])
})

it('brings the newest point of a curve with the next report', () => {
  const { report, told, clock } = reported()
  report.show('linear', at(0))
  report.show('linear', { ...at(1), point: point(1) })
  report.show('linear', { ...at(2), point: point(2) })
  report.show('linear', at(3))
  clock.now = 100
  report.show('linear', at(4))
  clock.now = 200
  report.show('linear', at(5))
  expect(told.map(([, progress]) => progress)).toEqual([
    at(0),
    { ...at(4), point: point(2) },
    at(5),
  ])
})

it('brings what was found last with the next report, beside the newest point', () => {
  const { report, told, clock } = reported()
  const sofar = (images: number): NonNullable<EvaluationProgress['sofar']> => ({
    ...{ kind: 'interactions', representation: 'mean', grid: 4, reward: 'modified', exact: false },
    ...{ pairs: 4, contexts: 8 },
    curves: [{ network: 'trained', accuracy: 40, images, points: [] }],
  })
  report.show('interactions', at(0))
  report.show('interactions', { ...at(1), sofar: sofar(1) })
  report.show('interactions', { ...at(2), point: point(1) })
  report.show('interactions', { ...at(3), sofar: sofar(2) })
  clock.now = 100
  report.show('interactions', at(4))
  expect(told).toEqual([
    ['interactions', at(0)],
    ['interactions', { ...at(4), point: point(1), sofar: sofar(2) }],
  ])
})

it('forgets the points of what is over', () => {
  const { report, told } = reported()
  report.show('linear', at(0))
  report.show('linear', { ...at(1), point: point(1) })
  report.end('linear')
  report.show('linear', at(0))
  expect(told.at(-1)).toEqual(['linear', at(0)])
})
