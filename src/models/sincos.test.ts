import * as tf from '@tensorflow/tfjs'
import { describe, expect, it, test } from 'vitest'
import { Replayable } from '../engine/recording/replayable.ts'
import { noise } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take, upload } from '../engine/testing/run.ts'
import { describeGolden } from '../fixtures/golden.ts'
import { sincosPositions } from './sincos.ts'
import { randomValues, sourceOf } from './testing/sources.ts'
import { Vit, vitParameters, type VitConfig } from './vit.ts'

const engine = useEngine()

describeGolden(
  ({ method, root }) => method === 'losses' && root.has('sincos_mae_8x8_D8'),
  ({ root }) => {
    test('E20 the table of sines and cosines on an 8 × 8 grid', () => {
      const table = sincosPositions(8, 8)
      expect(table).toHaveLength(64 * 8)
      const rows = root.entries('sincos_mae_8x8_D8')
      expect(rows.size).toBeGreaterThan(0)
      for (const [cell, row] of rows) {
        const actual = table.subarray(8 * Number(cell), 8 * Number(cell) + 8)
        row.numbers().forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 7))
      }
    })
  },
)

describe('sines and cosines of positions', () => {
  it('begin with sines of 0 and cosines of 0', () => {
    expect([...sincosPositions(3, 8).subarray(0, 8)]).toEqual([0, 0, 1, 1, 0, 0, 1, 1])
  })

  it('say column, then row, in quarters of sines, cosines, sines and cosines', () => {
    const [none, one] = [
      [0, 0, 1, 1],
      [0.841471, 0.01, 0.540302, 0.99995],
    ]
    const cells = [none, none, one, none, none, one, one, one].flatMap((half) => half)
    const table = sincosPositions(2, 8)
    expect(table).toHaveLength(cells.length)
    cells.forEach((value, i) => expect(table[i]).toBeCloseTo(value, 6))
  })

  it('need a width that 4 divides', () => {
    expect(() => sincosPositions(4, 6)).toThrow('a width that 4 divides, not 6')
  })

  it('are part of a recorded step: placed tokens are the same at every replay', async () => {
    const config: VitConfig = {
      imageSize: 32,
      patchSize: 2,
      width: 24,
      depth: 1,
      heads: 3,
      mlpWidth: 48,
      layerNormEpsilon: 1e-6,
      finalNorm: true,
      classToken: false,
      positions: 'sincos',
      relativePositions: false,
      layerScale: 0,
      initialisation: 'xavier',
    }
    const size = 2 * 256 * config.width
    const specs = vitParameters(config, 1)
    const tensors = randomValues(specs, 0.3).map(upload)
    const patches = upload<tf.Rank.R3>(noise([2, 256, config.width], 3))
    const place = () => new Vit(config, sourceOf(specs, tensors)).place(patches)
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const kept = engine().createBuffer('kept', 4 * size, usage)
    const step = new Replayable(engine(), () =>
      tf.tidy(() => {
        const { buffer, offset } = engine().rangeOf(place())
        engine()
          .encoder()
          .copyBufferToBuffer(buffer, offset, kept, 0, 4 * size)
      }),
    )
    const expected = await take(tf.tidy(place))
    const table = sincosPositions(16, config.width)
    const alone = noise([2, 256, config.width], 3).data
    expected.forEach((value, i) =>
      expect(value).toBeCloseTo(alone[i]! + table[i % table.length]!, 6),
    )
    for (let replay = 0; replay < 2; replay++) {
      await step.run()
      expect(new Float32Array(await engine().read(kept))).toEqual(expected)
    }
    step.dispose()
    tf.dispose([tensors, patches])
    engine().destroyBuffer(kept)
  })
})
