import * as tf from '@tensorflow/tfjs'
import { currentEngine } from '../current.ts'
import type { InputValues } from '../inputTensors.ts'
import { kernelNamed } from '../kernel.ts'

/** Words of a clock: seed, low and high half of the step, 0. */
const WORDS = 4

/**
 * Seed and step as an input of a recorded step, from which `clockOf` makes a clock for random numbers. They travel byte by
 * byte, as a float does not hold all whole numbers of 32 bits.
 * @param seed an unsigned 32-bit number
 * @param step a whole number from 0 to 2⁵³ − 1
 */
export function clockBytes(seed: number, step: number): InputValues {
  const view = new DataView(new ArrayBuffer(4 * WORDS))
  const words = [seed, step, Math.floor(step / 0x100000000)]
  words.forEach((word, i) => view.setUint32(4 * i, word >>> 0, true))
  return { shape: [4 * WORDS], data: new Uint8Array(view.buffer) }
}

const CLOCK_CODE = `
@group(0) @binding(0) var<storage, read> bytes: array<f32>;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;

@compute @workgroup_size(${WORDS})
fn main(@builtin(local_invocation_index) i: u32) {
  var word = 0u;
  for (var byte = 0u; byte < 4u; byte++) { word |= u32(bytes[4u * i + byte]) << (8u * byte); }
  words[i] = word;
}`

/** The clock, for `RandomAddress`, that `clockBytes` has put into a step's inputs. @param bytes [16] */
export function clockOf(bytes: tf.Tensor): tf.Tensor1D {
  const info = currentEngine().backend.makeTensorInfo([WORDS], 'int32')
  const clock = tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor1D
  kernelNamed('step clock', () => CLOCK_CODE).dispatchMany([bytes, clock], 1)
  return clock
}
