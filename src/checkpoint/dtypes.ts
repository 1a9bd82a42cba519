/** Bits of a value of every element type of the safetensors format. */
const BITS = {
  F64: 64,
  F32: 32,
  F16: 16,
  BF16: 16,
  I64: 64,
  I32: 32,
  I16: 16,
  I8: 8,
  U64: 64,
  U32: 32,
  U16: 16,
  U8: 8,
  BOOL: 8,
  C64: 64,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
} as const

/** An element type of the safetensors format. */
export type Dtype = keyof typeof BITS

/** True for the name of an element type of the format. */
export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(BITS, name)
}

/** Bits of one value. */
export function bitsOf(dtype: Dtype): number {
  return BITS[dtype]
}

/**
 * Bytes of a tensor; null when float64 cannot count them exactly or when values of less than a byte do not fill whole
 * bytes: no sound file holds such a tensor.
 */
export function byteLengthOf(dtype: Dtype, shape: readonly number[]): number | null {
  let bits = BITS[dtype] as number
  for (const side of shape) {
    bits *= side
    if (!Number.isSafeInteger(bits)) return null
  }
  return bits % 8 === 0 ? bits / 8 : null
}
