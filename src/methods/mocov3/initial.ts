import type { ParameterSpec } from '../../engine/parameters.ts'

/** Standard deviation of the class token, and that with which every transformer here draws it. */
const CLASS_TOKEN = { official: 1e-6, ours: 0.02 }

const scaled = (spec: ParameterSpec, factor: number): ParameterSpec => ({
  ...spec,
  initial: () => spec.initial().map((value) => factor * value),
})

/**
 * The transformer's initial values where MoCo-v3's rule is not Xavier's: q, k and v are drawn as matrices of their own,
 * between ±√(6 / 2D) instead of ±√(6 / 4D), the class token with a standard deviation of 1e-6, and the bias of the patch
 * embedding is 0.
 */
export function officialInitial(spec: ParameterSpec): ParameterSpec {
  if (spec.name.endsWith('attn.qkv.weight')) return scaled(spec, Math.SQRT2)
  if (spec.name === 'cls_token') return scaled(spec, CLASS_TOKEN.official / CLASS_TOKEN.ours)
  if (spec.name === 'patch_embed.proj.bias') return scaled(spec, 0)
  return spec
}
