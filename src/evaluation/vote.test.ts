import { expect, it } from 'vitest'
import { readGolden } from '../fixtures/goldenFiles.ts'
import { Ranking } from './ranking.ts'
import { knnAccuracy, voteOf } from './vote.ts'

it('E23, D23 gives the votes of the golden toy case', () => {
  const golden = readGolden('losses.json')
  if (!('root' in golden)) throw new Error(golden.problem)
  const { root } = golden
  const numbers = (key: string) => root.numbers(key)
  const cosines = numbers('knn_sim')
  const top = numbers('knn_top3')
  // The two nearest of class 0 together weigh less than the one of class 1.
  const labels = [0, 0, 2, 2, 1]
  const { votes, winner } = voteOf(
    top.map((index) => cosines[index]!),
    top.map((index) => labels[index]!),
    0.07,
  )
  for (const [label, vote] of numbers('knn_votes').entries())
    expect(Math.abs(votes[label]! - vote)).toBeLessThanOrEqual(1e-12 * vote)
  expect(winner).toBe(1)
})

it('gives a tie to the lower class', () => {
  expect(voteOf([0.5, 0.5], [7, 3], 0.07).winner).toBe(3)
  expect(voteOf([1, 0, 0], [2, 1, 1], 1e6).winner).toBe(1)
})

it('counts the queries whose neighbours vote for their class', () => {
  const ranking = new Ranking(4, 2)
  ranking.add(0, Float32Array.of(1, 0.1, 1, 0.1, 1, 0.1), Float32Array.of(0, 1, 1, 0, 2, 1), 2, 0)
  ranking.add(3, Float32Array.of(0.3), Float32Array.of(1), 1, 0)
  const labels = Uint8Array.of(4, 5, 6)
  expect(knnAccuracy(ranking, labels, Uint8Array.of(4, 5, 4, 5), 0.07)).toBe(75)
})
