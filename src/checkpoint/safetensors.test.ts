import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLengthOf, isDtype, type Dtype } from './dtypes.ts'
import { readSafetensors } from './readSafetensors.ts'
import { float32Tensor, float32Values, writeSafetensors, type TensorView } from './safetensors.ts'

const DTYPES =
  'F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL C64 F8_E4M3 F8_E5M2 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ F6_E2M3 F6_E3M2 F4'
    .split(' ')
    .filter(isDtype)

const names = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('__proto__', 'constructor', '1', '0', '', '"', '\\'),
)

const tensors = fc
  .tuple(
    fc.constantFrom<Dtype>(...DTYPES),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    fc.infiniteStream(fc.nat(255)),
  )
  .filter(([dtype, shape]) => byteLengthOf(dtype, shape) !== null)
  .map(([dtype, shape, stream]): TensorView => {
    const length = byteLengthOf(dtype, shape)!
    return { dtype, shape, bytes: Uint8Array.from(stream.take(length)) }
  })

const files = fc.record({
  tensors: fc.array(fc.tuple(names, tensors), { maxLength: 5 }).map((list) => new Map(list)),
  metadata: fc
    .array(fc.tuple(names, fc.string({ unit: 'grapheme' })), { maxLength: 3 })
    .map((list) => new Map(list)),
})

const small = () =>
  writeSafetensors({
    tensors: new Map([
      ['weight', float32Tensor([2, 2], Float32Array.of(1, 2, 3, 4))],
      ['scale', float32Tensor([], Float32Array.of(0.5))],
      ['none', float32Tensor([0, 7], new Float32Array())],
    ]),
    metadata: new Map([['made', 'here']]),
  })

describe('writing', () => {
  it('and reading again gives the same', () => {
    fc.assert(
      fc.property(files, (file) => {
        expect(readSafetensors(writeSafetensors(file))).toEqual(file)
      }),
    )
  })

  it('follows the published layout', () => {
    const bytes = small()
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length))
    expect(length % 8).toBe(0)
    expect(header).toMatch(/^\{.*\} *$/)
    expect(JSON.parse(header)).toEqual({
      __metadata__: { made: 'here' },
      weight: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
      scale: { dtype: 'F32', shape: [], data_offsets: [16, 20] },
      none: { dtype: 'F32', shape: [0, 7], data_offsets: [20, 20] },
    })
    expect(new Float32Array(bytes.buffer, 8 + length)).toEqual(Float32Array.of(1, 2, 3, 4, 0.5))
  })

  it('puts wider types first, so that none is misaligned', () => {
    const bytes = writeSafetensors({
      tensors: new Map<string, TensorView>([
        ['byte', { dtype: 'U8', shape: [3], bytes: Uint8Array.of(1, 2, 3) }],
        ['float', float32Tensor([1], Float32Array.of(1.5))],
      ]),
      metadata: new Map(),
    })
    const { tensors } = readSafetensors(bytes)
    expect([...tensors.keys()]).toEqual(['float', 'byte'])
    expect(float32Values(tensors.get('float')!).buffer).toBe(bytes.buffer)
  })

  it('refuses what no file can hold', () => {
    const tensor = float32Tensor([1], Float32Array.of(1))
    const write = (name: string, view: TensorView, text = '') =>
      writeSafetensors({ tensors: new Map([[name, view]]), metadata: new Map([['text', text]]) })
    expect(() => write('__metadata__', tensor)).toThrow(/may be called/)
    expect(() => write('a', { ...tensor, shape: [2] })).toThrow(/4 bytes are not F32 \[2\]/)
    expect(() => write('a', { ...tensor, dtype: 'F4', shape: [3] })).toThrow(/F4/)
    expect(() => write('a', tensor, ' '.repeat(100_000_000))).toThrow(/longer than 100000000/)
  })
})

describe('values', () => {
  it('are copied out of an odd place', () => {
    const odd = new Uint8Array(9)
    odd.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 1)
    // A Node Buffer's slice is no copy.
    for (const bytes of [odd.subarray(1), Buffer.from(odd.buffer, 1)])
      expect(float32Values({ dtype: 'F32', shape: [2], bytes })).toEqual(Float32Array.of(1.5, -2))
  })

  it('know the size of every type', () => {
    expect(Object.fromEntries(DTYPES.map((dtype) => [dtype, byteLengthOf(dtype, [4])]))).toEqual({
      ...{ F64: 32, I64: 32, U64: 32, C64: 32, F32: 16, I32: 16, U32: 16 },
      ...{ F16: 8, BF16: 8, I16: 8, U16: 8, I8: 4, U8: 4, BOOL: 4 },
      ...{ F8_E4M3: 4, F8_E5M2: 4, F8_E8M0: 4, F8_E4M3FNUZ: 4, F8_E5M2FNUZ: 4 },
      ...{ F6_E2M3: 3, F6_E3M2: 3, F4: 2 },
    })
    expect(isDtype('constructor')).toBe(false)
  })
})

describe('reading', () => {
  /** A file of this header text (or these bytes) and as many zero bytes of data. */
  const fileOf = (header: string | Uint8Array, dataBytes = 0) => {
    const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
    const bytes = new Uint8Array(8 + text.length + dataBytes)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
    bytes.set(text, 8)
    return bytes
  }
  const entry = (dtype: unknown, shape: unknown, offsets: unknown) =>
    JSON.stringify({ dtype, shape, data_offsets: offsets })
  const one = (dtype: unknown, shape: unknown, offsets: unknown) =>
    `{"a":${entry(dtype, shape, offsets)}}`
  const two = (first: [number, number], second: [number, number]) =>
    `{"a":${entry('U8', [first[1] - first[0]], first)},"b":${entry('U8', [second[1] - second[0]], second)}}`
  const withLength = (length: bigint) => {
    const bytes = small()
    new DataView(bytes.buffer).setBigUint64(0, length, true)
    return bytes
  }
  const utf8 = (text: string) => new TextEncoder().encode(text)

  const malformed: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(), /0 bytes, too few/],
    ['seven bytes', new Uint8Array(7), /7 bytes, too few/],
    ['no header', fileOf(''), /header has 0 bytes/],
    ['a header of one byte', fileOf('{'), /header has 1 bytes/],
    ['a header over 100 MB', withLength(100_000_001n), /more than 100000000/],
    ['a header length beyond float64', withLength(2n ** 64n - 1n), /18446744073709551615 bytes/],
    ['a header longer than the file', withLength(50_000n), /only \d+ follow/],
    ['a byte order mark', fileOf('\ufeff{}'), /does not start with “\{”/],
    ['a leading space', fileOf(' {}'), /does not start with “\{”/],
    ['a list', fileOf('[]'), /does not start with “\{”/],
    ['bad UTF-8', fileOf(Uint8Array.of(...utf8('{"'), 0xff, ...utf8('":1}'))), /not UTF-8/],
    ['bad JSON', fileOf('{"a":}'), /not valid JSON/],
    ['text after the object', fileOf('{} {}'), /not valid JSON/],
    ['zero bytes as padding', fileOf('{}\0\0'), /not valid JSON/],
    ['deep nesting', fileOf(`{"a":${'['.repeat(200_000)}`), /not valid JSON/],
    [
      'a tensor twice',
      fileOf(`{"a":${entry('U8', [0], [0, 0])},"a":${entry('U8', [0], [0, 0])}}`),
      /“a” occurs twice/,
    ],
    [
      'a tensor twice, once escaped',
      fileOf(`{"a":${entry('U8', [0], [0, 0])}, "\\u0061" :${entry('U8', [0], [0, 0])}}`),
      /“a” occurs twice/,
    ],
    [
      'a field twice',
      fileOf('{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
      /“dtype” occurs twice/,
    ],
    [
      'a prototype twice',
      fileOf('{"__metadata__":{"__proto__":"1","__proto__":"2"}}'),
      /“__proto__” occurs twice/,
    ],
    ['metadata that is text', fileOf('{"__metadata__":"x"}'), /metadata is not an object/],
    ['metadata that is null', fileOf('{"__metadata__":null}'), /metadata is not an object/],
    ['metadata with a number', fileOf('{"__metadata__":{"step":1}}'), /“step” is not text/],
    ['metadata with an object', fileOf('{"__metadata__":{"__proto__":{}}}'), /not text/],
    ['a tensor that is null', fileOf('{"a":null}'), /not described by exactly/],
    ['a tensor that is a list', fileOf('{"a":[]}'), /not described by exactly/],
    ['no shape', fileOf('{"a":{"dtype":"U8","data_offsets":[0,0]}}'), /not described by exactly/],
    [
      'fields behind a prototype',
      fileOf(`{"a":{"__proto__":${entry('U8', [0], [0, 0])}}}`),
      /not described by exactly/,
    ],
    [
      'a field too many',
      fileOf('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}'),
      /not described by exactly/,
    ],
    ['an unknown type', fileOf(one('F12', [1], [0, 4]), 4), /unknown type "F12"/],
    ['an inherited type', fileOf(one('toString', [1], [0, 4]), 4), /unknown type "toString"/],
    ['a type that is a number', fileOf(one(32, [1], [0, 4]), 4), /unknown type 32/],
    ['a shape that is a number', fileOf(one('U8', 4, [0, 4]), 4), /shape that is not a list/],
    ['a negative side', fileOf(one('U8', [-4], [0, 4]), 4), /shape that is not a list/],
    ['half a side', fileOf(one('U8', [4.5], [0, 4]), 4), /shape that is not a list/],
    ['a side beyond 2^53', fileOf('{"a":' + entry('U8', [2 ** 53], [0, 4]) + '}', 4), /shape that/],
    ['overflowing sides', fileOf(one('U8', [2 ** 27, 2 ** 27], [0, 0])), /size that cannot be/],
    ['overflow, then nothing', fileOf(one('U8', [2 ** 52, 4, 0], [0, 0])), /size that cannot be/],
    ['half a byte', fileOf(one('F4', [1], [0, 1]), 1), /size that cannot be/],
    ['one offset', fileOf(one('U8', [4], [4]), 4), /not two whole numbers/],
    ['three offsets', fileOf(one('U8', [4], [0, 4, 4]), 4), /not two whole numbers/],
    ['a negative offset', fileOf(one('U8', [4], [-4, 0]), 4), /not two whole numbers/],
    ['offsets of text', fileOf(one('U8', [4], ['0', '4']), 4), /not two whole numbers/],
    ['an end before the begin', fileOf(one('U8', [4], [4, 0]), 4), /ends \(0\) before it begins/],
    ['too few bytes for the shape', fileOf(one('F32', [2], [0, 4]), 4), /F32 \[2\] needs 8/],
    ['too many bytes for the shape', fileOf(one('F32', [], [0, 8]), 8), /F32 \[\] needs 4/],
    ['an end beyond the data', fileOf(one('U8', [8], [0, 8]), 7), /ends at byte 8 of 7/],
    ['overlapping tensors', fileOf(two([0, 4], [3, 8]), 8), /“b” overlaps/],
    ['the same place twice', fileOf(two([0, 4], [0, 4]), 4), /“b” overlaps/],
    ['an empty tensor inside another', fileOf(two([0, 4], [2, 2]), 4), /“b” overlaps/],
    ['a hole', fileOf(two([0, 4], [5, 8]), 8), /1 bytes before its tensor “b”/],
    ['a hole at the start', fileOf(one('U8', [4], [1, 5]), 5), /1 bytes before its tensor “a”/],
    ['trailing bytes', fileOf(one('U8', [4], [0, 4]), 6), /2 bytes at its end/],
    ['data without tensors', fileOf('{}', 8), /8 bytes at its end/],
  ]

  it.each(malformed)('refuses %s', (_, bytes, reason) => {
    expect(() => readSafetensors(bytes, 'my.file')).toThrow(reason)
    expect(() => readSafetensors(bytes, 'my.file')).toThrow(
      expect.objectContaining({
        fault: expect.objectContaining({
          code: 'file-rejected',
          what: expect.stringMatching(
            /^“my.file” was not taken: it is not a sound safetensors/,
          ) as unknown,
          kept: 'The present run is untouched.',
        }) as unknown,
      }) as Error,
    )
  })

  it('takes a file without tensors', () => {
    expect(readSafetensors(fileOf('{}   '))).toEqual({ tensors: new Map(), metadata: new Map() })
  })

  it('reads a file from the middle of a buffer', () => {
    const bytes = small()
    const shifted = new Uint8Array(bytes.length + 12)
    shifted.set(bytes, 5)
    expect(readSafetensors(shifted.subarray(5, 5 + bytes.length))).toEqual(readSafetensors(bytes))
  })

  it('reads metadata of many megabytes', () => {
    const text = '{"abc":1}'.repeat(5_000_000)
    const bytes = writeSafetensors({ tensors: new Map(), metadata: new Map([['text', text]]) })
    expect(readSafetensors(bytes).metadata.get('text') === text).toBe(true)
  })

  it('does not let a prototype in', () => {
    const name = '__proto__'
    const header = `{"__metadata__":{"${name}":"polluted"},"${name}":${entry('U8', [1], [0, 1])}}`
    const { tensors, metadata } = readSafetensors(fileOf(header, 1))
    expect([...tensors.keys()]).toEqual([name])
    expect(metadata.get(name)).toBe('polluted')
    expect({}).not.toHaveProperty('dtype')
  })

  it('refuses the file cut off anywhere', () => {
    const bytes = small()
    for (let length = 0; length < bytes.length; length++)
      expect(() => readSafetensors(bytes.slice(0, length)), `${length} bytes`).toThrow(
        /was not taken/,
      )
  })

  it('takes or refuses anything, and throws nothing else', () => {
    const garbled = fc.tuple(fc.nat(), fc.nat(255)).map(([at, value]) => {
      const bytes = small()
      bytes[at % bytes.length] = value
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(garbled, fc.uint8Array({ maxLength: 64 })), (bytes) => {
        try {
          readSafetensors(bytes)
        } catch (error) {
          expect(error).toHaveProperty('fault.code', 'file-rejected')
        }
      }),
      { numRuns: 1000 },
    )
  })
})
