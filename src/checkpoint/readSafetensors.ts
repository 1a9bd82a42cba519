import { byteLengthOf, isDtype, type Dtype } from './dtypes.ts'
import { rejection, Unsound } from './rejection.ts'
import {
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  METADATA_KEY,
  type Safetensors,
  type TensorView,
} from './safetensors.ts'
import { isCount, isJsonObject, parseStrictJson, type Json, type JsonObject } from './strictJson.ts'

/** The shortest header, `{}`. */
const MIN_HEADER_BYTES = 2
const OPENING_BRACE = '{'.charCodeAt(0)
const ENTRY_KEYS = ['data_offsets', 'dtype', 'shape'].join()

interface Entry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/**
 * Reads a safetensors file. Everything is checked before anything is made of it: the header's length, its text, each
 * tensor's type, shape and place, and that the tensors cover the data exactly. The tensors are views into `bytes`.
 * NaN and infinity are values like any other here.
 * @throws PeekabooError `file-rejected` with the precise reason
 */
export function readSafetensors(bytes: Uint8Array, fileName = 'the file'): Safetensors {
  try {
    return read(bytes)
  } catch (error) {
    if (!(error instanceof Unsound)) throw error
    throw rejection(fileName, new Unsound(`it is not a sound safetensors file, ${error.message}`))
  }
}

function read(bytes: Uint8Array): Safetensors {
  const dataStart = LENGTH_BYTES + headerLength(bytes)
  const { [METADATA_KEY]: metadata, ...tensors } = headerFields(
    bytes.subarray(LENGTH_BYTES, dataStart),
  )
  const entries = Object.entries(tensors).map(([name, value]) => toEntry(name, value))
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  checkCoverage(entries, bytes.length - dataStart)
  const views = entries.map(({ name, dtype, shape, begin, end }): [string, TensorView] => [
    name,
    { dtype, shape, bytes: bytes.subarray(dataStart + begin, dataStart + end) },
  ])
  return { tensors: new Map(views), metadata: toMetadata(metadata) }
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES)
    throw new Unsound(
      `because it has ${bytes.length} bytes, too few for the ${LENGTH_BYTES} that give the header's length`,
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES)
  const length = view.getBigUint64(0, true)
  if (length < MIN_HEADER_BYTES)
    throw new Unsound(
      `because its header has ${length.toString()} bytes, fewer than ${MIN_HEADER_BYTES}`,
    )
  if (length > MAX_HEADER_BYTES)
    throw new Unsound(
      `because its header claims ${length.toString()} bytes, more than ${MAX_HEADER_BYTES}`,
    )
  const left = bytes.length - LENGTH_BYTES
  if (length > left)
    throw new Unsound(
      `because its header claims ${length.toString()} bytes and only ${left} follow: it is cut off`,
    )
  return Number(length)
}

function headerFields(header: Uint8Array): JsonObject {
  if (header[0] !== OPENING_BRACE) throw new Unsound('because its header does not start with “{”')
  let fields: Json
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header)
    fields = parseStrictJson(text)
  } catch (error) {
    // TypeError: not UTF-8; SyntaxError: not JSON; RangeError: nested too deeply to parse.
    if (error instanceof TypeError) throw new Unsound('because its header is not UTF-8 text')
    const detail = error instanceof Error ? error.message : String(error)
    throw new Unsound(`because its header is not valid JSON (${detail})`)
  }
  if (!isJsonObject(fields)) throw new Unsound('because its header is not a JSON object')
  return fields
}

function toMetadata(value: Json | undefined): ReadonlyMap<string, string> {
  if (value === undefined) return new Map()
  if (!isJsonObject(value)) throw new Unsound('because its metadata is not an object')
  return new Map(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string') throw new Unsound(`because its metadata “${key}” is not text`)
      return [key, text]
    }),
  )
}

function toEntry(name: string, value: Json): Entry {
  const fail = (reason: string) => new Unsound(`because its tensor “${name}” ${reason}`)
  if (!isJsonObject(value) || Object.keys(value).sort().join() !== ENTRY_KEYS)
    throw fail('is not described by exactly dtype, shape and data_offsets')
  const { dtype, shape, data_offsets: offsets } = value
  if (!isDtype(dtype)) throw fail(`has the unknown type ${JSON.stringify(dtype)}`)
  if (!isCountList(shape)) throw fail('has a shape that is not a list of whole numbers')
  if (!isCountList(offsets) || offsets.length !== 2)
    throw fail('has offsets that are not two whole numbers')
  const [begin, end] = offsets as [number, number]
  if (begin > end) throw fail(`ends (${end}) before it begins (${begin})`)
  const needed = byteLengthOf(dtype, shape)
  const what = `${dtype} [${shape.join(', ')}]`
  if (needed === null) throw fail(`has a size that cannot be: ${what}`)
  if (needed !== end - begin) throw fail(`has ${end - begin} bytes where ${what} needs ${needed}`)
  return { name, dtype, shape, begin, end }
}

function isCountList(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount)
}

/** Sorted by place, the tensors must follow each other without gap or overlap from the first byte to the last. */
function checkCoverage(entries: readonly Entry[], dataBytes: number): void {
  let covered = 0
  for (const { name, begin, end } of entries) {
    if (end > dataBytes)
      throw new Unsound(
        `because its tensor “${name}” ends at byte ${end} of ${dataBytes} bytes of data: it is cut off`,
      )
    if (begin < covered)
      throw new Unsound(`because its tensor “${name}” overlaps the one before it`)
    if (begin > covered)
      throw new Unsound(
        `because ${begin - covered} bytes before its tensor “${name}” belong to none`,
      )
    covered = end
  }
  if (covered < dataBytes)
    throw new Unsound(`because ${dataBytes - covered} bytes at its end belong to no tensor`)
}
