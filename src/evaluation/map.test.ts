import { expect, it } from 'vitest'
import { eigenOf } from '../engine/eigen.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { finish } from './job.ts'
import { embeddingMap } from './map.ts'
import { Snapshot } from './snapshot.ts'
import { colourImages } from './testing/images.ts'
import { smallSubject } from './testing/subject.ts'

const engine = useEngine()
const start = { step: 0, epoch: 0, seconds: 0 }

const ask = (snapshot: Snapshot, representation = 'patches') =>
  finish(embeddingMap(snapshot, { kind: 'map', representation }))

/** Principal components of rows in float64: scores [rows, width] and shares of the variance. */
function components(data: ArrayLike<number>, width: number) {
  const rows = data.length / width
  const means = Array.from({ length: width }, (_, i) => {
    let sum = 0
    for (let row = 0; row < rows; row++) sum += data[row * width + i]!
    return sum / rows
  })
  const centred = Array.from(data, (value, i) => value - means[i % width]!)
  const scatter = Array.from({ length: width * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width]
    let sum = 0
    for (let row = 0; row < rows; row++)
      sum += centred[row * width + i]! * centred[row * width + j]!
    return sum
  })
  const { values, vectors } = eigenOf(scatter, width)
  const total = values.reduce((sum, value) => sum + value, 0)
  const scores = Array.from({ length: rows * width }, (_, at) => {
    const [row, rank] = [Math.floor(at / width), at % width]
    let sum = 0
    for (let i = 0; i < width; i++) sum += centred[row * width + i]! * vectors[rank * width + i]!
    return sum
  })
  return { scores, shares: values.map((value) => value / total) }
}

it('gives the principal components as a float64 reference does', async () => {
  const small = await smallSubject(engine(), { knnTest: 90 })
  const subject = { ...small, test: colourImages(engine(), 110, 2) }
  const snapshot = new Snapshot(subject, start, null)
  const map = await ask(snapshot)
  const bank = (await finish(snapshot.features('test', 90, ['patches'], ''))).get('patches')!
  const { scores, shares } = components(await bank.read(90), 12)
  expect(map).toMatchObject({ kind: 'map', representation: 'patches', count: 90, dimensions: 12 })
  expect(map.labels).toEqual(subject.test.host.labels.slice(0, 90))
  // The leading components are well apart; the last may turn into each other.
  const scale = Math.max(...scores.map(Math.abs))
  for (let row = 0; row < 90; row++)
    for (let rank = 0; rank < 5; rank++) {
      const found = map.components[12 * row + rank]!
      expect(Math.abs(found - scores[12 * row + rank]!) / scale).toBeLessThan(2e-5)
      if (rank < 2) expect(map.points[2 * row + rank]).toBe(found)
    }
  expect(map.points).toHaveLength(180)
  expect(map.explained[0]).toBeCloseTo(shares[0]!, 5)
  expect(map.explained[1]).toBeCloseTo(shares[1]!, 5)
  expect(map.explained[0]).toBeGreaterThan(map.explained[1])
  const { tensors } = engine().memory()
  expect(await ask(snapshot)).toEqual(map)
  expect(engine().memory().tensors).toBe(tensors)
  for (const each of [snapshot, small, subject.test.device]) each.dispose()
})

it('hands on at most 50 components', async () => {
  const subject = await smallSubject(engine(), { width: 64 })
  const snapshot = new Snapshot(subject, start, null)
  const map = await ask(snapshot, 'class')
  expect(map.dimensions).toBe(50)
  expect(map.components).toHaveLength(32 * 50)
  snapshot.dispose()
  subject.dispose()
})

it('refuses unknown representations and images without labels', async () => {
  const subject = await smallSubject(engine())
  const snapshot = new Snapshot(subject, start, null)
  await expect(ask(snapshot, 'soul')).rejects.toThrow('no representation “soul”')
  const host = { ...subject.test.host, labels: new Uint8Array() }
  const unlabelled = new Snapshot({ ...subject, test: { ...subject.test, host } }, start, null)
  await expect(ask(unlabelled)).rejects.toThrow('no labels for the test images')
  snapshot.dispose()
  unlabelled.dispose()
  subject.dispose()
})
