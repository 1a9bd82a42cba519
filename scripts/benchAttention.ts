import * as tf from '@tensorflow/tfjs'
import { Engine } from '../src/engine/engine.ts'
import { attend } from '../src/engine/ops/attention.ts'
import { VARIANTS } from '../src/engine/variant.ts'
import { installWebGpu } from './node/gpu.ts'

/**
 * `npm run bench:attention [-- batch,tokens,width,heads …]`: attention by our kernels in both variants and by
 * plain tfjs, forward and forward + backward. CPU milliseconds of the process (medians), which on an adapter that
 * computes on the CPU tell the work even where the machine is busy.
 */
const DEFAULT_SHAPES = ['16,65,48,2', '32,64,64,2', '32,64,192,3', '128,65,192,3']
const REPEATS = 5

const milliseconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

type Op = (qkv: tf.Tensor) => tf.Tensor

function plain(heads: number): Op {
  return (qkv) => {
    const [batch, tokens, columns] = qkv.shape as [number, number, number]
    const size = columns / 3 / heads
    const split = qkv.reshape([batch, tokens, 3, heads, size]).transpose([2, 0, 3, 1, 4])
    const [q, k, v] = split.split(3).map((part) => part.squeeze<tf.Tensor4D>([0]))
    const shares = q!
      .matMul(k!, false, true)
      .mul(size ** -0.5)
      .softmax()
    return shares
      .matMul(v!)
      .transpose([0, 2, 1, 3])
      .reshape([batch, tokens, heads * size])
  }
}

/** The median of some runs, after one that compiles. */
async function median(engine: Engine, work: () => tf.Tensor): Promise<number> {
  const times: number[] = []
  for (let run = 0; run <= REPEATS; run++) {
    const start = milliseconds()
    work().dispose()
    engine.submit()
    await engine.device.queue.onSubmittedWorkDone()
    times.push(milliseconds() - start)
  }
  return times.slice(1).sort((a, b) => a - b)[Math.floor(REPEATS / 2)]!
}

installWebGpu()
const engine = await Engine.open(navigator.gpu)
console.log(engine.adapter.detail)
for (const shape of process.argv.length > 2 ? process.argv.slice(2) : DEFAULT_SHAPES) {
  const [batch, tokens, width, heads] = shape.split(',').map(Number) as [
    number,
    number,
    number,
    number,
  ]
  const qkv = tf.randomNormal<tf.Rank.R3>([batch, tokens, 3 * width], 0, 1, 'float32', 1)
  const dy = tf.ones([batch, tokens, width])
  const ops: [string, Op][] = [
    ...VARIANTS.map((variant): [string, Op] => [
      variant,
      (x) => attend({ qkv: x as tf.Tensor3D }, heads, null, variant),
    ]),
    ['tfjs', plain(heads)],
  ]
  for (const [name, op] of ops) {
    const forward = await median(engine, () => tf.tidy(() => op(qkv)))
    const both = await median(engine, () => tf.tidy(() => tf.grad(op)(qkv, dy)))
    console.log(
      `${shape} ${name}: forward ${forward.toFixed(1)} ms, with backward ${both.toFixed(1)} ms`,
    )
  }
  tf.dispose([qkv, dy])
}
engine.dispose()
