import { WHOLE_IMAGE } from '../src/data/boxes.ts'
import { DeviceImages } from '../src/data/deviceImages.ts'
import { IMAGE_BYTES } from '../src/data/images.ts'
import { Engine } from '../src/engine/engine.ts'
import { FrozenParameters } from '../src/engine/frozenParameters.ts'
import { loadMethod } from '../src/methods/load.ts'
import type { Samples } from '../src/methods/method.ts'
import { findMethod } from '../src/methods/registry.ts'
import { settingsOf } from './bench/presets.ts'
import { syntheticImages } from './bench/syntheticImages.ts'
import { installWebGpu } from './node/gpu.ts'

/**
 * `npm run bench:pictures [-- method:preset[:key=value,…] …]`: how long the pictures of a method take, kernels compiled: medians in
 * milliseconds, of the clock and of the process on all its cores. On an adapter that computes on the CPU the second tells the
 * work even where the machine is busy.
 */
const DEFAULT_RUNS = [
  'randsac:tiny',
  'randsac:small',
  'randsac:blob',
  'randsac:small:segmentKind=patches',
  'mocov3:small',
  'mae:small',
  'a2mim:tiny',
  'a2mim:tinyResnet',
  'a2mim:small',
  'a2mim:resnet',
]
const REPEATS = 3
/** Sample images in a table of pictures. */
const SAMPLES = 8
const MASK_SEED = 1

const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const middle = (times: readonly number[]): string =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!.toFixed(0)

/** The medians of some drawings, after one that compiles. */
async function medians(draw: () => Promise<unknown>): Promise<string> {
  const [clock, work]: [number[], number[]] = [[], []]
  await draw()
  for (let run = 0; run < REPEATS; run++) {
    const [began, spent] = [performance.now(), cpu()]
    await draw()
    clock.push(performance.now() - began)
    work.push(cpu() - spent)
  }
  return `${middle(clock)} ms (CPU ${middle(work)} ms)`
}

const images = syntheticImages(SAMPLES)
const samplesOf = (count: number): Samples => ({
  indices: Array.from({ length: count }, (_, index) => index),
  pixels: images.pixels.subarray(0, count * IMAGE_BYTES),
})

installWebGpu()
const engine = await Engine.open(navigator.gpu)
const onDevice = new DeviceImages(engine, images)
console.log(engine.adapter.detail)
for (const run of process.argv.length > 2 ? process.argv.slice(2) : DEFAULT_RUNS) {
  const [name = '', preset = '', changes = ''] = run.split(':')
  const values = Object.fromEntries(
    changes.split(',').map((change) => change.split('=') as [key: string, value: string]),
  )
  const { settings } = settingsOf({ method: name, preset, values })
  const method = await loadMethod(name)
  const averages = method.teacher && ((of: string) => method.teacher!.averages(of))
  const parameters = new FrozenParameters(engine, method.parameters(settings), null, averages)
  const [all, one] = [samplesOf(SAMPLES), samplesOf(1)]
  const [views, view] = [all, one].map(({ indices }) =>
    onDevice.views(
      indices,
      indices.map(() => WHOLE_IMAGE),
      method.normalisation,
    ),
  )
  const say = async (what: string, draw: () => Promise<unknown>): Promise<void> =>
    console.log(`${run} ${what}: ${await medians(draw)}`)
  await say(`table of ${SAMPLES} images`, () =>
    method.strips(settings, all, MASK_SEED, views!, parameters),
  )
  if (findMethod(name)?.hasAttention?.(settings) !== false)
    await say('attention', () => method.attention(settings, one, MASK_SEED, view!, parameters))
  for (const [what, rollOut, causality] of [
    ['order', false, false],
    ['order, rolled out', true, false],
    ['order, causality checked', false, true],
  ] as const) {
    if (method.order === undefined) break
    const order = method.order.bind(method)
    await say(what, () =>
      order(settings, one, MASK_SEED, view!, parameters, { rollOut, causality }),
    )
  }
  if (method.spectrum)
    await say(`spectra of ${SAMPLES} images`, () =>
      method.spectrum!(settings, all, MASK_SEED, views!, parameters),
    )
  if (findMethod(name)?.hasActivations?.(settings))
    await say('activations', () =>
      method.activations!(settings, one, MASK_SEED, view!, parameters, { sample: 0, cell: null }),
    )
  if (method.leak)
    await say(`leaks of ${SAMPLES} images`, () =>
      method.leak!(settings, all, MASK_SEED, views!, parameters),
    )
  const placesWith = (sweep: number | null) =>
    method.places!(settings, one, MASK_SEED, view!, parameters, { sample: 0, tokens: null, sweep })
  if (findMethod(name)?.hasPlaces?.(settings)) {
    const { real } = await placesWith(null)
    await say('places', () => placesWith(null))
    await say('places, one patch tried in every cell', () => placesWith(real[0]!))
  }
  for (const tensor of [views, view]) tensor!.dispose()
  parameters.dispose()
}
engine.check()
onDevice.dispose()
engine.dispose()
