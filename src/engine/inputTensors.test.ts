import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { InputTensors, type InputValues } from './inputTensors.ts'
import { Replayable } from './recording/replayable.ts'
import { useEngine } from './testing/opCase.ts'

const engine = useEngine()

const inputsAt = (step: number): Record<string, InputValues> => ({
  mask: { shape: [3, 5], data: Uint8Array.from({ length: 15 }, (_, i) => (i * 7 + step) % 256) },
  weight: { shape: [], data: Float32Array.of(step / 3) },
  factors: { shape: [2, 65], data: Float32Array.from({ length: 130 }, (_, i) => i - step) },
})

test('give a recorded step what was written before each run, packed or not', async () => {
  const first = inputsAt(0)
  const inputs = new InputTensors(engine(), first)
  const outputs = new Map(
    Object.entries(first).map(([name, { shape, data }]) => {
      const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
      return [name, { shape, buffer: engine().createBuffer(name, 4 * data.length, usage) }]
    }),
  )
  const replayable = new Replayable(engine(), () =>
    tf.tidy(() => {
      for (const [name, tensor] of Object.entries(inputs.encode())) {
        const { shape, buffer: target } = outputs.get(name)!
        expect(tensor.shape).toEqual(shape)
        const { buffer, offset } = engine().rangeOf(tensor.neg())
        engine().encoder().copyBufferToBuffer(buffer, offset, target, 0, target.size)
      }
    }),
  )
  for (const step of [0, 1, 200]) {
    const values = inputsAt(step)
    inputs.write(values)
    await replayable.run()
    for (const [name, { buffer }] of outputs) {
      const read = new Float32Array(await engine().read(buffer))
      expect([...read], name).toEqual(Array.from(values[name]!.data, (value) => -value))
    }
  }
  // Three places of 256, 256 and 768 bytes.
  expect(inputs.bytes).toBe(1280)
  replayable.dispose()
  inputs.dispose()
  for (const { buffer } of outputs.values()) engine().destroyBuffer(buffer)
})

test('refuse values of another name, length or kind', () => {
  const inputs = new InputTensors(engine(), inputsAt(0))
  const write = (name: string, data: Float32Array | Uint8Array) => () =>
    inputs.write({ [name]: { shape: [data.length], data } })
  expect(write('mask', new Float32Array(15))).toThrow('mask')
  expect(write('mask', new Uint8Array(14))).toThrow('mask')
  expect(write('other', new Float32Array(1))).toThrow('other')
  expect(write('mask', new Uint8Array(15))).not.toThrow()
  inputs.dispose()
})
