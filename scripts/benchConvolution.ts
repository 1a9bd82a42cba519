import * as tf from '@tensorflow/tfjs'
import { Engine } from '../src/engine/engine.ts'
import { convolution } from '../src/engine/ops/convolution.ts'
import { noise } from '../src/engine/testing/noise.ts'
import { upload } from '../src/engine/testing/run.ts'
import { installWebGpu } from './node/gpu.ts'

/**
 * Compares our convolution with tfjs' own at the shapes of ResNet-18 at half its width, and of a bottleneck's 1 × 1, forward
 * and with both gradients: `npm run bench:convolution [-- images [runs]]`. Median milliseconds of interleaved runs, after
 * our engine has chosen its variants; on a software adapter the CPU's, of all threads, which other programs disturb less.
 */

type Operands = readonly [x: tf.Tensor4D, weight: tf.Tensor4D]

const LAYERS = [
  { side: 32, inputs: 3, outputs: 32, kernel: 3, stride: 1 },
  { side: 32, inputs: 32, outputs: 32, kernel: 3, stride: 1 },
  { side: 32, inputs: 32, outputs: 64, kernel: 3, stride: 2 },
  { side: 32, inputs: 32, outputs: 64, kernel: 1, stride: 2 },
  { side: 16, inputs: 64, outputs: 64, kernel: 3, stride: 1 },
  { side: 8, inputs: 128, outputs: 128, kernel: 3, stride: 1 },
  { side: 4, inputs: 256, outputs: 256, kernel: 3, stride: 1 },
  { side: 16, inputs: 256, outputs: 64, kernel: 1, stride: 1 },
] as const

const images = Number(process.argv[2] ?? 32)
const runs = Number(process.argv[3] ?? 5)
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

installWebGpu()
const engine = await Engine.open(navigator.gpu)
const { name: adapter, software } = engine.adapter
console.log(`${adapter}, ${software ? 'CPU' : 'wall'} time`)

const now = (): number => {
  if (!software) return performance.now()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Milliseconds until the GPU has done what `work` encodes. */
async function time(work: () => tf.TensorContainer): Promise<number> {
  const start = now()
  const results = work()
  engine.submit()
  await engine.device.queue.onSubmittedWorkDone()
  const elapsed = now() - start
  tf.dispose(results)
  return elapsed
}

for (const { side, inputs, outputs, kernel, stride } of LAYERS) {
  const padding = (kernel - 1) / 2
  const shape = [images, side, side, inputs]
  const x = upload<tf.Rank.R4>(noise(shape, 1))
  const ours = upload<tf.Rank.R4>(noise([outputs, inputs, kernel, kernel], 2))
  const theirs = ours.transpose<tf.Tensor4D>([2, 3, 1, 0])
  const dy = upload(noise([images, side / stride, side / stride, outputs], 3))
  const ops = {
    tfjs: (...[a, w]: Operands) => tf.conv2d(a, w, stride, padding),
    ours: (...[a, w]: Operands) => convolution(a, w, null, { stride, padding }),
  }
  const times = { tfjs: [[], []], ours: [[], []] } as Record<keyof typeof ops, [number[], number[]]>
  // The first run compiles and says which products there are, the second compiles the variants that were chosen.
  for (let run = -2; run < runs; run++) {
    if (run === -1) await engine.tuning.tuneWanted()
    for (const engineName of ['tfjs', 'ours'] as const) {
      const op = ops[engineName]
      const operands: Operands = [x, engineName === 'ours' ? ours : theirs]
      const both = tf.grads((...given: tf.Tensor[]) => op(...(given as unknown as Operands)))
      const forward = await time(() => op(...operands))
      const all = await time(() => both([...operands], dy))
      if (run < 0) continue
      times[engineName][0].push(forward)
      times[engineName][1].push(all)
    }
  }
  engine.check()
  const operations = 2 * dy.size * kernel * kernel * inputs
  const medians = (name: keyof typeof ops) => times[name].map(median) as [number, number]
  const row = (name: keyof typeof ops): string => {
    const [forward, all] = medians(name)
    const rate = (3 * operations) / all / 1e6
    return `${name} ${forward.toFixed(1)} ms, with gradients ${all.toFixed(1)} ms (${rate.toFixed(2)} GFLOPS)`
  }
  const ratios = medians('tfjs').map((time, i) => (time / medians('ours')[i]!).toFixed(1))
  const name = `[${shape.join()}] → ${outputs}, ${kernel} × ${kernel}, stride ${stride}`
  console.log(
    `${name}: ${row('tfjs')}; ${row('ours')}; × ${ratios[0]} forward, × ${ratios[1]} in all`,
  )
  tf.dispose([x, ours, theirs, dy])
}
engine.dispose()
