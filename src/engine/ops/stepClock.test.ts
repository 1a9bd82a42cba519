import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { InputTensors } from '../inputTensors.ts'
import { Stream } from '../random.ts'
import { normalsAt } from '../randomTwin.ts'
import { Replayable } from '../recording/replayable.ts'
import { useEngine } from '../testing/opCase.ts'
import { randomNormal } from './random.ts'
import { clockBytes, clockOf } from './stepClock.ts'

const engine = useEngine()

test('a replayed step draws the numbers of the seed and step that were written before it', async () => {
  // Words that are no numbers as floats, and a step of more than 32 bits.
  const moments = [
    { seed: 0x7fc0_0001, step: 3 },
    { seed: 0xffff_ffff, step: 5 * 2 ** 32 + 0x8000_0001 },
    { seed: 1, step: 0 },
  ]
  const inputs = new InputTensors(engine(), { clock: clockBytes(0, 0) })
  const [rows, count] = [2, 7]
  const result = engine().createBuffer(
    'noise',
    4 * rows * count,
    GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  )
  const replayable = new Replayable(engine(), () =>
    tf.tidy(() => {
      const clock = clockOf(inputs.encode().clock!)
      const noise = randomNormal<tf.Rank.R2>([rows, count], { clock, stream: Stream.noise })
      const { buffer, offset } = engine().rangeOf(noise)
      engine().encoder().copyBufferToBuffer(buffer, offset, result, 0, result.size)
    }),
  )
  for (const { seed, step } of moments) {
    inputs.write({ clock: clockBytes(seed, step) })
    await replayable.run()
    const twin = [0, 1].flatMap((sample) => [
      ...normalsAt({ seed, stream: Stream.noise, step, sample }, count),
    ])
    expect([...new Float32Array(await engine().read(result))]).toEqual(twin)
  }
  replayable.dispose()
  inputs.dispose()
  engine().destroyBuffer(result)
})
