import * as tf from '@tensorflow/tfjs'
import { describe, expect, it, test } from 'vitest'
import { noise } from '../engine/testing/noise.ts'
import { describeOps, useEngine } from '../engine/testing/opCase.ts'
import type { Oracle } from '../engine/testing/oracle.ts'
import { take, upload } from '../engine/testing/run.ts'
import { describeGolden, expectTensor } from '../fixtures/golden.ts'
import { bicubicResize, resizedPositions } from './resizedPositions.ts'
import { sincosAt, sincosPositions } from './sincos.ts'
import { sourceOf } from './testing/sources.ts'
import type { VitConfig } from './vit.ts'

useEngine()

const WIDTH = 12

const config: VitConfig = {
  imageSize: 16,
  patchSize: 2,
  width: WIDTH,
  depth: 1,
  heads: 1,
  mlpWidth: 12,
  layerNormEpsilon: 1e-6,
  finalNorm: true,
  classToken: true,
  positions: 'sincos',
  relativePositions: false,
  layerScale: 0,
  initialisation: 'truncatedNormal',
}

/** The resized table of a network whose own one is `table`. */
const resize = (
  changes: Partial<VitConfig>,
  cells: number,
  table: tf.Tensor | null = null,
): tf.Tensor3D =>
  resizedPositions(
    { ...config, ...changes },
    sourceOf(table === null ? [] : [{ name: 'pos_embed' }], table === null ? [] : [table]),
    cells,
  )

describe('sines and cosines for fewer patches', () => {
  it('are those of the places of their centres', async () => {
    const table = await take(resize({}, 4))
    expect(table).toEqual(sincosAt([0.5, 2.5, 4.5, 6.5], WIDTH))
  })

  it('are the own ones where the grid is the own one', async () => {
    expect(await take(resize({}, 8))).toEqual(sincosPositions(8, WIDTH))
  })

  it('lie between those of whole places', () => {
    const [at, own] = [sincosAt([0.5], 4), sincosPositions(2, 4)]
    expect([...at].map((value) => value.toFixed(6))).toEqual(
      [Math.sin(0.5), Math.cos(0.5), Math.sin(0.5), Math.cos(0.5)].map((value) => value.toFixed(6)),
    )
    expect(at[0]).toBeGreaterThan(own[0]!)
    expect(at[0]).toBeLessThan(own[4]!)
  })
})

describe('the bicubic resize', () => {
  it.each([
    [8, 4],
    [8, 2],
    [4, 2],
    [8, 8],
  ])('of %i places to %i adds up to one everywhere', (grid, cells) => {
    const matrix = bicubicResize(grid, cells)
    expect(matrix).toHaveLength(cells * cells)
    for (const row of matrix) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6)
  })

  it('keeps a row that is the same in every column', () => {
    const [matrix, grid] = [bicubicResize(8, 4), 8]
    const table = Float64Array.from({ length: grid * grid }, (_, cell) => Math.floor(cell / grid))
    const resized = matrix.map((row) => row.reduce((sum, weight, i) => sum + weight * table[i]!, 0))
    for (let row = 0; row < 4; row++)
      for (const column of [1, 2, 3])
        expect(resized[4 * row + column]).toBeCloseTo(resized[4 * row]!, 5)
    expect([...resized].filter((_, i) => i % 4 === 0)).toEqual(
      [...resized].filter((_, i) => i % 4 === 0).toSorted((a, b) => a - b),
    )
  })
})

const GRID = config.imageSize / config.patchSize

/** A learned table whose patches begin at row `first`, resized to `cells` places a side. */
const resizeOracle =
  (cells: number, first: number): Oracle =>
  ([table], dy) => {
    const matrix = bicubicResize(GRID, cells)
    const value = new Float64Array(cells * cells * WIDTH)
    const gradient = new Float64Array(table!.data.length)
    matrix.forEach((weights, row) =>
      weights.forEach((weight, cell) => {
        for (let channel = 0; channel < WIDTH; channel++) {
          const [to, from] = [row * WIDTH + channel, (cell + first) * WIDTH + channel]
          value[to]! += weight * table!.data[from]!
          gradient[from]! += weight * dy[to]!
        }
      }),
    )
    return { value, gradients: [gradient] }
  }

describeOps([
  {
    name: 'a learned table of the patches alone',
    op: (table) => resize({ positions: 'learnedPatches' }, 4, table),
    oracle: resizeOracle(4, 0),
    inputs: [noise([1, GRID ** 2, WIDTH], 1)],
    shape: [1, 16, WIDTH],
  },
  {
    name: 'a learned table that begins with the class token’s row',
    op: (table) => resize({ positions: 'learned' }, 2, table),
    oracle: resizeOracle(2, 1),
    inputs: [noise([1, GRID ** 2 + 1, WIDTH], 2)],
    shape: [1, 4, WIDTH],
  },
])

describeGolden(
  ({ method, root }) => method === 'dilemma+dino' && root.has('pos_local'),
  ({ root }) => {
    test('the resized table of the reference', async () => {
      const [imageSize, patchSize, width, local] = ['img', 'patch', 'D', 'local'].map((key) =>
        root.number('cfg', key),
      ) as [number, number, number, number]
      const own = upload(root.full('params', 'student.backbone.pos_embed'))
      const changes = { imageSize, patchSize, width, positions: 'learned' } as const
      const resized = await take(tf.tidy(() => resize(changes, local / patchSize, own)))
      own.dispose()
      const { shape, data } = root.full('pos_local')
      const patches = { shape: [shape[1]! - 1, width], data: data.slice(width) }
      expectTensor(resized, patches, 2e-6)
    })
  },
)
