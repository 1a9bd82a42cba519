import { describe, expect, it } from 'vitest'
import { Keeper, type RunRecord } from './keeper.ts'
import type { Weights } from './weights.ts'

const record: RunRecord = {
  method: 'a2mim',
  settings: {},
  step: 0,
  cursor: { epoch: 0, offset: 0 },
  seconds: 0,
  changes: [],
  adapter: 'test',
  history: '',
  evaluations: '',
}

const weightsOf = (value: number): Weights => {
  const tensors = new Map([['w', { shape: [], data: Float32Array.of(value) }]])
  return { parameters: tensors, firstMoments: tensors, secondMoments: tensors, teacher: new Map() }
}

/** A reading of the weights that a test ends. */
interface Reading {
  readonly resolve: (weights: Weights) => void
  readonly reject: (error: Error) => void
}

/** A keeper whose time and copies are in the test's hands. */
function setUp(bytes = 1) {
  const readings: Reading[] = []
  const page = { time: 0 }
  const read = (): Promise<Weights> =>
    new Promise((resolve, reject) => readings.push({ resolve, reject }))
  const keeper = new Keeper(null, read, bytes, () => page.time)
  return { keeper, page, readings }
}

describe('Keeper', () => {
  it('keeps a copy once its step is known to be good and it has arrived, whichever comes first', async () => {
    const { keeper, readings } = setUp()
    const first = keeper.copy().keep({ ...record, step: 3 })
    expect(keeper.kept).toBeNull()
    readings[0]!.resolve(weightsOf(3))
    await first
    expect(keeper.kept).toEqual({ ...record, step: 3, ...weightsOf(3) })

    const second = keeper.copy()
    readings[1]!.resolve(weightsOf(5))
    await Promise.resolve()
    expect(keeper.kept?.step).toBe(3)
    await second.keep({ ...record, step: 5 })
    expect(keeper.kept?.step).toBe(5)
  })

  it('keeps what it had when a copy fails, or is of a step that was not good', async () => {
    const { keeper, readings } = setUp()
    const good = keeper.copy().keep({ ...record, step: 3 })
    readings[0]!.resolve(weightsOf(3))
    await good
    keeper.copy()
    readings[1]!.resolve(weightsOf(NaN))
    const lost = keeper.copy().keep({ ...record, step: 9 })
    readings[2]!.reject(new DOMException('the device is lost', 'AbortError'))
    await lost
    expect(keeper.kept).toEqual({ ...record, step: 3, ...weightsOf(3) })
  })

  it('wants a copy every ten seconds, never two at a time, and of large models less often', async () => {
    const { keeper, page, readings } = setUp()
    page.time = 9_999
    expect(keeper.isDue).toBe(false)
    page.time = 10_000
    expect(keeper.isDue).toBe(true)
    const kept = keeper.copy().keep(record)
    page.time = 60_000
    expect(keeper.isDue).toBe(false)
    readings[0]!.resolve(weightsOf(1))
    await kept
    expect(keeper.isDue).toBe(false)
    page.time = 70_000
    expect(keeper.isDue).toBe(true)

    const large = setUp(1.2e9)
    large.page.time = 59_999
    expect(large.keeper.isDue).toBe(false)
    large.page.time = 60_000
    expect(large.keeper.isDue).toBe(true)
  })
})
