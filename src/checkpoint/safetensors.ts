import { bitsOf, byteLengthOf, type Dtype } from './dtypes.ts'

/** A tensor of a safetensors file: row-major, little-endian bytes. */
export interface TensorView {
  readonly dtype: Dtype
  /** Sides, outermost first; empty for a single value. */
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the order of the data. */
  readonly tensors: ReadonlyMap<string, TensorView>
  readonly metadata: ReadonlyMap<string, string>
}

/** The name under which the header holds the metadata; no tensor can have it. */
export const METADATA_KEY = '__metadata__'
/** Bytes before the header: its length, an unsigned 64-bit little-endian number. */
export const LENGTH_BYTES = 8
/** Longest header that readers of the format take, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000
/** Where the data starts is a multiple of this, so that every kind of typed array can view it in place. */
const ALIGNMENT_BYTES = 8
const SPACE = 0x20

/** Wraps float32 values as a tensor, without copying them. */
export function float32Tensor(shape: readonly number[], data: Float32Array): TensorView {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { dtype: 'F32', shape, bytes }
}

/** The values of an F32 tensor: a view into the file where its place allows, a copy otherwise. */
export function float32Values({ bytes }: TensorView): Float32Array {
  const { buffer, byteOffset, byteLength } =
    bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
  return new Float32Array(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT)
}

/**
 * Writes a safetensors file. Tensors of wider types come first, so that each starts at a multiple of its element.
 * @throws RangeError for what no file can hold: a reserved name, bytes that do not fit the shape, too long a header.
 */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(([, a], [, b]) => bitsOf(b.dtype) - bitsOf(a.dtype))
  let dataBytes = 0
  const entries = ordered.map(([name, { dtype, shape, bytes }]) => {
    if (name === METADATA_KEY) throw new RangeError(`no tensor may be called ${name}`)
    if (bytes.byteLength !== byteLengthOf(dtype, shape))
      throw new RangeError(`${name}: ${bytes.byteLength} bytes are not ${dtype} [${shape.join()}]`)
    const data_offsets = [dataBytes, (dataBytes += bytes.byteLength)]
    return [name, { dtype, shape, data_offsets }] as const
  })
  // fromEntries, because assigning to the key "__proto__" would lose it.
  const fields = metadata.size > 0 ? [[METADATA_KEY, Object.fromEntries(metadata)] as const] : []
  const json = JSON.stringify(Object.fromEntries([...fields, ...entries]))
  const header = new TextEncoder().encode(json)
  const headerBytes = Math.ceil(header.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES
  if (headerBytes > MAX_HEADER_BYTES)
    throw new RangeError(`a header of ${headerBytes} bytes is longer than ${MAX_HEADER_BYTES}`)

  const dataStart = LENGTH_BYTES + headerBytes
  const file = new Uint8Array(dataStart + dataBytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.fill(SPACE, LENGTH_BYTES, dataStart).set(header, LENGTH_BYTES)
  let offset = dataStart
  for (const [, { bytes }] of ordered) {
    file.set(bytes, offset)
    offset += bytes.byteLength
  }
  return file
}
