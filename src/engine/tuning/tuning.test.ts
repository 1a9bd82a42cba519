import { beforeEach, describe, expect, it } from 'vitest'
import { variantName, type Variant } from '../kernels/matmul/variants.ts'
import { candidatesFor, traitsOf } from './candidates.ts'
import { classOf, lengthsOf, workgroupsOf, workOf, type ProductShape } from './shape.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { TuningRecord, TuningStore } from './store.ts'
import { Tuning, type TuningHost } from './tuning.ts'

const traits = { software: false, subgroup: null }
const candidates = candidatesFor(traits)
const [usual, second, third] = candidates as [Variant, Variant, Variant]

const shape = (rows: number, columns = 256, depth = 256): ProductShape => ({
  layout: 'NT',
  rows,
  columns,
  depth,
  chunk: depth,
})

/** Keeps a record in memory. */
class MemoryStore implements TuningStore {
  kept: unknown = null
  load(): Promise<unknown> {
    return Promise.resolve(this.kept)
  }
  save(record: TuningRecord): Promise<void> {
    this.kept = structuredClone(record)
    return Promise.resolve()
  }
}

/** Milliseconds of a run; the clock goes on by them. */
let timeOf: (shape: ProductShape, variant: Variant) => number | null
let clock: number
let timed: ProductShape[]
let open: number

const stopwatch = (): Stopwatch => {
  open++
  return {
    prepare: () => undefined,
    time: (product, variant) => {
      if (!timed.includes(product)) timed.push(product)
      const time = timeOf(product, variant)
      clock += time ?? 0
      return Promise.resolve(time)
    },
    dispose: () => open--,
  }
}

const load = (store: TuningStore | null = null, host: Partial<TuningHost> = {}): Promise<Tuning> =>
  Tuning.load({ adapter: 'fake', traits, stopwatch, now: () => clock, store, ...host })

/** Tunes for a product and gives back what is chosen. */
async function chosen(tuning: Tuning, product: ProductShape): Promise<Variant> {
  tuning.variantFor(product)
  await tuning.tuneWanted()
  return tuning.variantFor(product)
}

const quick = (variant: Variant) => {
  timeOf = (_, candidate) => (candidate === variant ? 1 : 2)
}

beforeEach(() => {
  quick(third)
  clock = 0
  timed = []
  open = 0
})

it('uses the usual variant until the class was timed, then the quickest', async () => {
  const tuning = await load()
  expect(tuning.variantFor(shape(2048))).toBe(usual)
  expect(await chosen(tuning, shape(2048))).toBe(third)
  expect(tuning.variantFor(shape(2080))).toBe(third)
  expect(tuning.variantFor(shape(8192))).toBe(usual)
  expect(tuning.variantFor({ ...shape(2048), layout: 'NN' })).toBe(usual)
  expect(open).toBe(0)
})

it('rounds sizes to the nearest power of two', () => {
  expect(classOf(shape(2080, 192, 768))).toBe('NT 2048x256x1024')
  expect(classOf(shape(1, 3, 90))).toBe('NT 1x4x64')
})

describe('a product that is gathered from maps', () => {
  const sizes = {
    height: 8,
    width: 8,
    gridHeight: 4,
    gridWidth: 4,
    resultHeight: 8,
    resultWidth: 8,
  }
  const gathered = (use: 'forward' | 'input' | 'filters'): ProductShape => ({
    ...{ layout: use === 'filters' ? 'TN' : 'NN', rows: 32, columns: 12, depth: 20, chunk: 20 },
    gathered: { gather: { use, kernel: [3, 2], stride: 2, padding: 1 }, sizes, images: 2 },
  })

  it('has a class of its own, and the work of all elements of the filters', () => {
    expect(classOf(gathered('forward'))).toBe('NN forward 3x2 2 1 32x16x16')
    expect(workOf(gathered('forward'))).toBe(6 * 32 * 12 * 20)
  })

  it('has layers of workgroups for remainders by the stride, and for pieces and elements', () => {
    const layers = (one: ProductShape): number => workgroupsOf(one, usual)[2]
    expect(layers(gathered('forward'))).toBe(1)
    expect(layers(gathered('input'))).toBe(4)
    expect(layers({ ...gathered('filters'), chunk: 8 })).toBe(3 * 6)
  })

  it('needs memory for maps in place of matrices', () => {
    const cells = 2 * 8 * 8
    expect(lengthsOf(gathered('forward'))).toEqual([cells * 20, 6 * 20 * 12, 32 * 12])
    expect(lengthsOf(gathered('input'))).toEqual([cells * 20, 6 * 20 * 12, 4 * 32 * 12])
    expect(lengthsOf(gathered('filters'))).toEqual([32 * 20, cells * 12, 6 * 32 * 12])
  })
})

it('does not time products that are too small to matter', async () => {
  const tuning = await load()
  expect(await chosen(tuning, shape(16))).toBe(usual)
  expect(timed).toEqual([])
})

it('times most work first, within its budget; the rest stays wanted', async () => {
  const tuning = await load()
  const [small, large, often] = [shape(256), shape(4096), shape(1024)]
  timeOf = () => 100
  for (const product of [small, large, ...Array<ProductShape>(5).fill(often)])
    tuning.variantFor(product)
  const progress: string[] = []
  const tune = () => tuning.tuneWanted((done, total) => progress.push(`${done}/${total}`))
  await tune()
  expect(timed).toEqual([often])
  expect(progress).toEqual(['0/3', '1/3', '3/3'])
  await tune()
  await tune()
  expect(timed).toEqual([often, large, small])
  await tune()
  expect(progress.slice(3)).toEqual(['0/2', '1/2', '2/2', '0/1', '1/1'])
})

it('leaves out what the adapter cannot run, and keeps the usual one where it can run nothing', async () => {
  timeOf = (_, variant) => (variant === third ? null : variant === second ? 1 : 2)
  expect(await chosen(await load(), shape(2048))).toBe(second)
  timeOf = () => null
  expect(await chosen(await load(), shape(2048))).toBe(usual)
})

it('survives a device that is lost while it is timed', async () => {
  const lost = (): Stopwatch => ({
    ...stopwatch(),
    time: () => Promise.reject(new Error('lost')),
  })
  const tuning = await load(null, { stopwatch: lost })
  expect(await chosen(tuning, shape(2048))).toBe(usual)
  expect(open).toBe(0)
})

describe('what was found', () => {
  it('is kept and used again', async () => {
    const store = new MemoryStore()
    await chosen(await load(store), shape(2048))
    quick(second)
    const again = await load(store)
    timed = []
    expect(again.variantFor(shape(2048))).toBe(third)
    await again.tuneWanted()
    expect(timed).toEqual([])
  })

  it('is kept for each adapter by itself', async () => {
    const store = new MemoryStore()
    await chosen(await load(store), shape(2048))
    const other = await load(store, { adapter: 'other' })
    quick(second)
    expect(await chosen(other, shape(2048))).toBe(second)
    expect((await load(store)).variantFor(shape(2048))).toBe(third)
    expect((await load(store, { adapter: 'other' })).variantFor(shape(2048))).toBe(second)
  })

  it('is dropped when the kernels have changed', async () => {
    const store = new MemoryStore()
    await chosen(await load(store), shape(2048))
    const { fake } = store.kept as TuningRecord
    store.kept = { fake: { ...fake, version: 'older' } }
    const tuning = await load(store)
    expect(tuning.variantFor(shape(2048))).toBe(usual)
    await tuning.tuneWanted()
    expect(store.kept).toEqual({ fake })
  })

  it('is dropped where it makes no sense', async () => {
    const store = new MemoryStore()
    await chosen(await load(store), shape(2048))
    const { fake } = store.kept as { fake: { version: string } }
    const name = classOf(shape(2048))
    const damaged: unknown[] = [
      'text',
      7,
      [],
      { fake: null },
      { fake: { version: fake.version } },
      { fake: { version: fake.version, choices: { [name]: 3 } } },
      { fake: { version: fake.version, choices: { [name]: 'no such variant' } } },
    ]
    for (const kept of damaged) {
      store.kept = kept
      const tuning = await load(store)
      expect(tuning.variantFor(shape(2048)), JSON.stringify(kept)).toBe(usual)
      await tuning.tuneWanted()
      expect(store.kept).toEqual({
        fake: { version: fake.version, choices: { [name]: variantName(third) } },
      })
    }
  })

  it('is only lost when the store fails', async () => {
    const failing: TuningStore = {
      load: () => Promise.reject(new Error('no store')),
      save: () => Promise.reject(new Error('no room')),
    }
    expect(await chosen(await load(failing), shape(2048))).toBe(third)
  })
})

describe('the variants to try', () => {
  const kinds = (software: boolean, subgroup: number | null) =>
    candidatesFor({ software, subgroup }).map(({ kind }) => kind)

  it('hand round in subgroups where a CPU plays them', () => {
    expect(kinds(true, 8)).toEqual(['subgroup', 'subgroup'])
    expect(kinds(true, 4)).toEqual(['subgroup', 'subgroup'])
    expect(kinds(true, null)).not.toContain('subgroup')
    expect(kinds(true, 32)).not.toContain('subgroup')
  })

  it('know the size of subgroups where it is always the same', () => {
    const traits = (min: number | undefined, max: number | undefined, ...features: string[]) =>
      traitsOf(
        { subgroupMinSize: min, subgroupMaxSize: max } as GPUAdapterInfo,
        new Set(features),
        true,
      ).subgroup
    expect(traits(8, 8, 'subgroups')).toBe(8)
    expect(traits(8, 32, 'subgroups')).toBe(null)
    expect(traits(8, 8)).toBe(null)
    expect(traits(undefined, undefined, 'subgroups')).toBe(null)
  })

  it('use workgroup memory on GPUs alone', () => {
    expect(kinds(false, 32)).toContain('workgroup')
    expect(kinds(false, 32)).toContain('threads')
    expect(kinds(true, null)).not.toContain('workgroup')
  })
})
