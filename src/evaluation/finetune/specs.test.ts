import { describe, expect, it } from 'vitest'
import { useEngine } from '../../engine/testing/opCase.ts'
import type { Method } from '../../methods/method.ts'
import { Snapshot } from '../snapshot.ts'
import { smallSubject } from '../testing/subject.ts'
import { anatomyOf } from './anatomy.ts'
import { pretrainedSpecs, scratchSpecs } from './specs.ts'

const engine = useEngine()

/** Name and learning rate scale of every trained parameter of a network of two blocks. */
async function scalesOf(representation: string, pretrained: boolean) {
  const subject = await smallSubject(engine(), { depth: 2, relativePositions: true })
  const snapshot = new Snapshot(subject, { step: 0, epoch: 0, seconds: 0 }, null)
  const anatomy = anatomyOf(subject, snapshot.weights, representation, 4)
  const scratch = scratchSpecs(subject, anatomy, 1)
  const weights = new Map(anatomy.names.map((name) => [name, new Float32Array(0)]))
  const specs = pretrained ? pretrainedSpecs(subject, scratch, weights, 0.65) : scratch
  snapshot.dispose()
  subject.dispose()
  expect(anatomy.width).toBe(12)
  return new Map(specs.map(({ name, learningRateScale }) => [name, learningRateScale]))
}

const parts = (name: string, of: readonly string[]) => of.map((part) => `${name}.${part}`)
const affine = ['weight', 'bias']
const ENTRY = ['cls_token', 'pos_embed', ...parts('patch_embed.proj', affine)]
const block = (index: number) => [
  ...parts(`blocks.${index}.norm1`, affine),
  ...parts(`blocks.${index}.attn`, ['qkv.weight', 'q_bias', 'v_bias']),
  `blocks.${index}.attn.relative_position_bias_table`,
  ...parts(`blocks.${index}.attn.proj`, affine),
  `blocks.${index}.ls1.gamma`,
  ...parts(`blocks.${index}.norm2`, affine),
  ...parts(`blocks.${index}.mlp.fc1`, affine),
  ...parts(`blocks.${index}.mlp.fc2`, affine),
  `blocks.${index}.ls2.gamma`,
]
const HEAD = [...parts('classifier.norm', affine), ...parts('classifier.linear', affine)]

/** A table from groups of names with their scale. */
const table = (groups: readonly (readonly [readonly string[], number])[]) =>
  new Map(groups.flatMap(([names, scale]) => names.map((name) => [name, scale] as const)))

function expectScales(actual: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>) {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort())
  for (const [name, scale] of expected) expect(actual.get(name), name).toBeCloseTo(scale, 12)
}

describe('learning rate scales', () => {
  const whole = table([
    [ENTRY, 0.274625],
    [block(0), 0.4225],
    [block(1), 0.65],
    [parts('norm', affine), 1],
    [HEAD, 1],
  ])

  it.each(['patches', 'class'])(
    'decay from the head to the embedding: %s',
    async (representation) => {
      expectScales(await scalesOf(representation, true), whole)
    },
  )

  it('count from where the network ends: the parts beyond it are not trained', async () => {
    const first = table([
      [ENTRY, 0.4225],
      [block(0), 0.65],
      [HEAD, 1],
    ])
    expectScales(await scalesOf('layer1', true), first)
    const last = new Map([...whole].filter(([name]) => !name.startsWith('norm.')))
    expectScales(await scalesOf('layer2', true), last)
  })

  it('are 1 everywhere from scratch', async () => {
    const scales = await scalesOf('patches', false)
    expect([...scales.keys()].sort()).toEqual([...whole.keys()].sort())
    expect(new Set(scales.values())).toEqual(new Set([1]))
  })
})

it('trains what pretraining froze, from the first step', async () => {
  const subject = await smallSubject(engine(), { depth: 1 })
  const { method } = subject
  const freezing: Method = {
    ...method,
    parameters: (settings) =>
      method.parameters(settings).map((spec) => ({
        ...spec,
        trainedFrom: spec.name.startsWith('patch_embed.') ? Infinity : 7,
      })),
  }
  const frozen = { ...subject, method: freezing }
  const snapshot = new Snapshot(frozen, { step: 0, epoch: 0, seconds: 0 }, null)
  const anatomy = anatomyOf(frozen, snapshot.weights, 'patches', 4)
  const specs = scratchSpecs(frozen, anatomy, 1)
  expect(specs.map(({ name }) => name)).toContain('patch_embed.proj.weight')
  expect(specs.filter(({ trainedFrom = 1 }) => trainedFrom !== 1)).toEqual([])
  snapshot.dispose()
  subject.dispose()
})

it('starts from the weights that it is given, the head from its own', async () => {
  const subject = await smallSubject(engine(), { depth: 1 })
  const snapshot = new Snapshot(subject, { step: 0, epoch: 0, seconds: 0 }, null)
  const before = engine().memory()
  const anatomy = anatomyOf(subject, snapshot.weights, 'patches', 4)
  expect(engine().memory()).toEqual(before)
  const scratch = scratchSpecs(subject, anatomy, 1)
  const values = Float32Array.of(1, 2, 3)
  const given = new Map(anatomy.names.map((name) => [name, values]))
  for (const spec of pretrainedSpecs(subject, scratch, given, 0.5)) {
    const own = scratch.find(({ name }) => name === spec.name)!
    const isHead = spec.name.startsWith('classifier.')
    expect(spec.initial(), spec.name).toEqual(isHead ? own.initial() : values)
    expect(spec.decay).toBe(own.decay)
    expect(spec.decay).toBe(/(proj|qkv|fc1|fc2|linear)\.weight$/.test(spec.name))
  }
  snapshot.dispose()
  subject.dispose()
})
