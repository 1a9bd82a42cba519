import { afterAll, beforeAll, expect, test } from 'vitest'
import { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { extrema } from '../../methods/extrema/description.ts'
import { loadMethod } from '../../methods/load.ts'
import type { Method } from '../../methods/method.ts'
import { resolveSelection } from '../../settings/selection.ts'
import { anatomyOf, type Anatomy } from './anatomy.ts'
import { pretrainedSpecs, scratchSpecs } from './specs.ts'

const engine = useEngine()

const { values: settings } = resolveSelection([extrema], {
  preset: 'tiny',
  values: { width: 12, depth: 2, heads: 3, patchSize: '8' },
})

let method: Method
let parameters: Parameters
beforeAll(async () => {
  method = await loadMethod(extrema.id)
  parameters = new Parameters(engine(), method.parameters(settings))
})
afterAll(() => parameters.dispose())

const anatomy = (representation: string): Anatomy =>
  anatomyOf({ engine: engine(), method, settings }, parameters, representation, 2)

/** The parts of the network to which the names belong. */
const partsOf = ({ names }: Anatomy): string[] => [
  ...new Set(names.map((name) => /^base_encoder\.(blocks\.\d+|[a-z_]+)/.exec(name)![1]!)),
]

test.each([
  ['studentTokens', ['patch_embed', 'blocks.0', 'blocks.1']],
  ['tokens', ['patch_embed', 'blocks.0', 'blocks.1']],
  ['layer1', ['patch_embed', 'blocks.0']],
  ['instancePreNorm', ['patch_embed', 'blocks.0', 'blocks.1', 'cls_token', 'blocks_token']],
  ['instance', ['patch_embed', 'blocks.0', 'blocks.1', 'cls_token', 'blocks_token', 'norm']],
])('of ExtreMA, %s is fine-tuned on %o', (representation, parts) => {
  const found = anatomy(representation)
  expect(found.width).toBe(12)
  expect(partsOf(found).sort()).toEqual([...parts].sort())
})

test('layers below the head of ExtreMA’s tokens learn ever more slowly, as in its fine-tuning', () => {
  const found = anatomy('studentTokens')
  const specs = scratchSpecs({ method, settings }, found, 1)
  const weights = new Map(
    found.names.map((name) => [name, new Float32Array(parameters.get(name).size)]),
  )
  const scales = new Map(
    pretrainedSpecs({ method, settings }, specs, weights, 0.65).map((spec) => [
      spec.name,
      spec.learningRateScale,
    ]),
  )
  // 0.65^(depth + 1 − layer) with depth 2.
  for (const [name, scale] of [
    ['base_encoder.patch_embed.proj.weight', 0.65 ** 3],
    ['base_encoder.blocks.0.mlp.fc1.weight', 0.65 ** 2],
    ['base_encoder.blocks.1.attn.qkv.bias', 0.65],
    ['classifier.linear.weight', 1],
  ] as const)
    expect(scales.get(name), name).toBeCloseTo(scale, 12)
})
