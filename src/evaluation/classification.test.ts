import { expect, it } from 'vitest'
import { accuracyOf, classificationOf, CLASSES, predictedClasses } from './classification.ts'

/** Logits with 0 everywhere but at the given classes. */
const rows = (...raised: readonly Readonly<Record<number, number>>[]): Float32Array => {
  const logits = new Float32Array(raised.length * CLASSES)
  raised.forEach((row, at) => {
    for (const [c, value] of Object.entries(row)) logits[at * CLASSES + Number(c)] = value
  })
  return logits
}

it('predicts the lower class of equal ones', () => {
  expect([...predictedClasses(rows({}, { 3: 1, 7: 1 }, { 9: 0.5 }, { 0: -1 }))]).toEqual([
    0, 3, 9, 1,
  ])
})

it('counts in percent', () => {
  expect(accuracyOf(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4, 9))).toBeCloseTo(200 / 3, 12)
})

it('sorts mistakes by confidence, the lower index first, and counts by true class', () => {
  const logits = rows({ 3: 2 }, { 2: 1 }, { 3: 5 }, { 3: 2 }, { 4: 1 })
  const found = classificationOf([], 80, logits, Uint8Array.of(0, 2, 1, 0, 4))
  expect(found.testAccuracy).toBe(40)
  expect(found.trainAccuracy).toBe(80)
  expect(found.mistakes.map(({ index, label, predicted }) => [index, label, predicted])).toEqual([
    [2, 1, 3],
    [0, 0, 3],
    [3, 0, 3],
  ])
  expect(found.mistakes[0]!.confidence).toBeCloseTo(Math.exp(5) / (Math.exp(5) + 9), 12)
  const counted = found.confusion.flatMap((row, label) =>
    row.flatMap((count, predicted) => (count > 0 ? [[label, predicted, count]] : [])),
  )
  expect(counted).toEqual([
    [0, 3, 2],
    [1, 3, 1],
    [2, 2, 1],
    [4, 4, 1],
  ])
})

it('keeps the 24 most confident mistakes', () => {
  const logits = rows(...Array.from({ length: 40 }, (_, i) => ({ 5: i + 1 })))
  const { mistakes, confusion } = classificationOf([], 0, logits, new Uint8Array(40))
  expect(mistakes).toHaveLength(24)
  // From a lead of 37 on the probability is 1 to the last bit.
  expect(mistakes[0]!.confidence).toBeGreaterThanOrEqual(mistakes[23]!.confidence)
  expect(mistakes.at(-1)!.index).toBe(16)
  expect(confusion[0]![5]).toBe(40)
})
