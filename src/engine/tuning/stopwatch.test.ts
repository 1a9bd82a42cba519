import { expect, it } from 'vitest'
import { PLAIN } from '../kernels/matmul/variants.ts'
import { useEngine } from '../testing/opCase.ts'
import type { ProductShape } from './shape.ts'
import { DeviceStopwatch } from './stopwatch.ts'

const engine = useEngine()

const shape: ProductShape = { layout: 'TN', rows: 64, columns: 32, depth: 40, chunk: 16 }

/** The gradient of the filters of a convolution, 12 → 8 channels by 3 × 3, in two pieces. */
const gathered: ProductShape = {
  ...{ layout: 'TN', rows: 8, columns: 12, depth: 2 * 6 * 6, chunk: 36 },
  gathered: {
    gather: { use: 'filters', kernel: [3, 3], stride: 1, padding: 1 },
    sizes: {
      ...{ height: 6, width: 6, gridHeight: 6, gridWidth: 6 },
      ...{ resultHeight: 6, resultWidth: 6 },
    },
    images: 2,
  },
}

it('times what the adapter can run', async () => {
  const stopwatch = new DeviceStopwatch(engine().device)
  stopwatch.prepare(shape, PLAIN)
  const first = await stopwatch.time(shape, PLAIN)
  const again = await stopwatch.time(shape, PLAIN)
  const other = await stopwatch.time({ ...shape, rows: 32 }, PLAIN)
  const convolution = await stopwatch.time(gathered, PLAIN)
  stopwatch.dispose()
  for (const time of [first, again, other, convolution]) expect(time).toBeGreaterThan(0)
})

it('gives null, and no GPU error, for what the adapter cannot run', async () => {
  const { maxComputeInvocationsPerWorkgroup } = engine().device.limits
  const stopwatch = new DeviceStopwatch(engine().device)
  const huge = { ...PLAIN, lanesX: 2 * maxComputeInvocationsPerWorkgroup }
  expect(await stopwatch.time(shape, huge)).toBe(null)
  stopwatch.dispose()
})

it('lets the engine choose among its variants', async () => {
  const { tuning } = engine()
  const product: ProductShape = { layout: 'NN', rows: 256, columns: 128, depth: 128, chunk: 128 }
  tuning.variantFor(product)
  const progress: number[] = []
  await tuning.tuneWanted((done, total) => progress.push(done, total))
  expect(progress).toEqual([0, 1, 1, 1])
  await tuning.tuneWanted(() => expect.unreachable())
  expect(tuning.variantFor(product).rows).toBeGreaterThan(0)
})
