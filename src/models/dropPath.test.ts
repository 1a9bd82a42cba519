import { expect, test } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import { take, upload } from '../engine/testing/run.ts'
import { drawPaths, pathFactors } from './dropPath.ts'

useEngine()

test('rate 0 drops nothing', () => {
  const { keptPaths, pathScales } = drawPaths(0, 4, 5, 1, 2)
  expect(keptPaths).toEqual({ shape: [8, 5], data: new Uint8Array(40).fill(1) })
  expect(pathScales).toEqual({ shape: [8, 1], data: new Float32Array(8).fill(1) })
})

test('a single block counts as the first, whose rate is 0', () => {
  const { keptPaths, pathScales } = drawPaths(0.5, 1, 6, 1, 0)
  expect(keptPaths.data).toEqual(new Uint8Array(12).fill(1))
  expect(pathScales.data).toEqual(new Float32Array(2).fill(1))
})

test('the rate rises linearly over the blocks, and the expectation of a factor is 1', async () => {
  const [rate, depth, batch] = [0.5, 5, 20_000]
  const { keptPaths, pathScales } = drawPaths(rate, depth, batch, 3, 1)
  const [kept, scales] = [upload(keptPaths), upload(pathScales)]
  const factors = await take(pathFactors(kept, scales))
  kept.dispose()
  scales.dispose()
  for (let row = 0; row < 2 * depth; row++) {
    const drop = (rate * Math.floor(row / 2)) / (depth - 1)
    const values = factors.subarray(row * batch, (row + 1) * batch)
    const scale = Math.fround(1 / (1 - drop))
    expect(values.every((value) => value === 0 || value === scale)).toBe(true)
    const mean = values.reduce((sum, value) => sum + value, 0) / batch
    // Five standard deviations of the mean; exact where nothing is dropped.
    expect(Math.abs(mean - 1)).toBeLessThanOrEqual(5 * Math.sqrt(drop / (1 - drop) / batch))
  }
})

test('rows, samples and steps are dropped independently, and again alike at the same address', () => {
  const keptAt = (seed: number, step: number) => drawPaths(0.5, 3, 64, seed, step).keptPaths.data
  const kept = keptAt(3, 1)
  expect(keptAt(3, 1)).toEqual(kept)
  expect(keptAt(3, 2)).not.toEqual(kept)
  expect(keptAt(4, 1)).not.toEqual(kept)
  const [attention, mlp] = [kept.subarray(4 * 64, 5 * 64), kept.subarray(5 * 64)]
  expect(attention).not.toEqual(mlp)
  expect(new Set(attention)).toEqual(new Set([0, 1]))
})
