import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PeekabooError } from '../errors.ts'
import { APP_VERSION } from '../version.ts'
import { checksumOf } from './checksum.ts'
import { readSafetensors } from './readSafetensors.ts'
import { readRun, RUN_FORMAT, writeRun } from './runFile.ts'
import type { HostTensor, RunState } from './runState.ts'
import { float32Tensor, writeSafetensors, type TensorView } from './safetensors.ts'

const NOW = new Date('2026-03-04T05:06:07.089Z')

const tensor = (shape: readonly number[], ...values: number[]): HostTensor => ({
  shape,
  data: Float32Array.from(values),
})

const run = (changed: Partial<RunState> = {}): RunState => ({
  method: 'a2mim',
  settings: { maskRatio: 0.6, spectra: 'perImage', focusLog: true },
  step: 120,
  cursor: { epoch: 1, offset: 640 },
  seconds: 12.75,
  changes: [{ step: 100, key: 'maskRatio', from: 0.5, to: 0.6 }],
  parameters: new Map([
    ['head.weight', tensor([2, 2], 1, -2, 3.5, 1e-30)],
    ['scale', tensor([], 0.25)],
  ]),
  firstMoments: new Map([
    ['head.weight', tensor([2, 2], 0.1, 0.2, -0.3, 0)],
    ['scale', tensor([], 0.01)],
  ]),
  secondMoments: new Map([
    ['head.weight', tensor([2, 2], 0.1, 0.2, 0.3, 0)],
    ['scale', tensor([], 0.01)],
  ]),
  teacher: new Map([['head.weight', tensor([2, 2], 1, -1.5, 3, 0)]]),
  adapter: 'SwiftShader (software)',
  history: '{"loss":[1,0.5]}',
  evaluations: '[]',
  ...changed,
})

/** A file with other metadata and tensors than the run's, its checksum made to fit. */
async function forged(
  edit: (metadata: Map<string, string>, tensors: Map<string, TensorView>) => void,
): Promise<Uint8Array> {
  const file = readSafetensors(await writeRun(run(), NOW))
  const metadata = new Map(file.metadata)
  const tensors = new Map(file.tensors)
  edit(metadata, tensors)
  if (metadata.has('sha256'))
    metadata.set('sha256', await checksumOf({ tensors, metadata }, 'sha256'))
  return writeSafetensors({ tensors, metadata })
}

const rejected = async (bytes: Uint8Array) => {
  const error: unknown = await readRun(bytes, 'my.safetensors').catch((reason: unknown) => reason)
  if (!(error instanceof PeekabooError)) throw new Error('the file was taken')
  expect(error.fault).toMatchObject({
    code: 'file-rejected',
    kept: 'The present run is untouched.',
  })
  return error.fault.what
}

const floats = (least: number) => fc.float({ noNaN: true, noDefaultInfinity: true, min: least })
const values = fc.oneof(
  fc.boolean(),
  fc.string(),
  fc.integer(),
  // JSON knows no -0; resolved settings hold none.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
)
const least = -3.4028234663852886e38

const states = fc
  .record({
    method: fc.string({ minLength: 1 }),
    settings: fc.dictionary(fc.string(), values),
    step: fc.maxSafeNat(),
    cursor: fc.record({ epoch: fc.maxSafeNat(), offset: fc.maxSafeNat() }),
    seconds: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    changes: fc.array(
      fc.record({ step: fc.maxSafeNat(), key: fc.string(), from: values, to: values }),
      { maxLength: 3 },
    ),
    adapter: fc.string({ unit: 'grapheme' }),
    history: fc.string({ unit: 'grapheme' }),
    evaluations: fc.string({ unit: 'grapheme' }),
    shapes: fc.dictionary(fc.string(), fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }), {
      minKeys: 1,
      maxKeys: 4,
    }),
    signed: fc.infiniteStream(floats(least)),
    positive: fc.infiniteStream(floats(0)),
  })
  .map(({ shapes, signed, positive, ...rest }): RunState => {
    const filled = (from: typeof signed) =>
      new Map(
        Object.entries(shapes).map(([name, shape]) => {
          const count = shape.reduce((product, side) => product * side, 1)
          return [name, tensor(shape, ...from.take(count))]
        }),
      )
    return {
      ...rest,
      parameters: filled(signed),
      firstMoments: filled(signed),
      secondMoments: filled(positive),
      teacher: new Map([...filled(signed)].slice(1)),
    }
  })

describe('a run', () => {
  it('is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(states, async (state) => {
        const file = await readRun(await writeRun(state, NOW), 'my.safetensors')
        expect(file).toEqual({
          state,
          savedAt: NOW.toISOString(),
          version: { format: '1', app: APP_VERSION },
        })
      }),
    )
  })

  it('is plain safetensors with readable names', async () => {
    const { tensors, metadata } = readSafetensors(await writeRun(run(), NOW))
    expect([...tensors.keys()].sort()).toEqual([
      'model.head.weight',
      'model.scale',
      'optimizer.m.head.weight',
      'optimizer.m.scale',
      'optimizer.v.head.weight',
      'optimizer.v.scale',
      'teacher.head.weight',
    ])
    expect(Object.fromEntries(metadata)).toMatchObject({
      format: RUN_FORMAT,
      version: '1',
      step: '120',
      cursor: '{"epoch":1,"offset":640}',
      savedAt: '2026-03-04T05:06:07.089Z',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    })
  })

  it('is never read when cut off', async () => {
    const bytes = await writeRun(run(), NOW)
    for (let length = 0; length < bytes.length; length++) await rejected(bytes.slice(0, length))
  })

  it('is refused, or the same, whatever bit flips', async () => {
    const bytes = await writeRun(run(), NOW)
    const whole = await readRun(bytes, 'my.safetensors')
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice()
      flipped[at]! ^= 1 << (at % 8)
      const file = await readRun(flipped, 'my.safetensors').catch(() => null)
      if (file) expect(file, `byte ${at}`).toEqual(whole)
    }
    const flipped = bytes.slice()
    flipped[bytes.length - 1]! ^= 1
    expect(await rejected(flipped)).toMatch(/damaged: its contents have the checksum/)
  })
})

describe('reading refuses', () => {
  const fields: [string, string, RegExp][] = [
    ['format', 'pt', /format should be “peekaboo-run” and is “pt”/],
    ['version', '2', /layout has version “2” and this app reads version “1”/],
    ['method', '', /method should be a name and is “”/],
    ['settings', '{', /settings should be a number, text or on\/off by key and is “\{”/],
    ['settings', '[]', /its settings/],
    ['settings', 'null', /its settings/],
    ['settings', '{"seed":null}', /its settings/],
    ['settings', '{"seed":1e999}', /its settings/],
    ['settings', '{"seed":1,"seed":2}', /its settings/],
    ['settings', `{"seed":[${'1,'.repeat(200)}1]}`, /its settings.*…/],
    ['step', '-1', /step should be a whole number from 0 up and is “-1”/],
    ['step', '1.5', /its step/],
    ['step', '9007199254740993', /its step/],
    ['step', '"1"', /its step/],
    ['step', '', /its step/],
    ['cursor', '{"epoch":1}', /its cursor/],
    ['cursor', '{"epoch":1,"offset":-1}', /its cursor/],
    ['cursor', '[1,2]', /its cursor/],
    ['seconds', '-0.5', /its seconds/],
    ['seconds', '1e999', /its seconds/],
    ['seconds', 'NaN', /its seconds/],
    ['changes', '{}', /its changes/],
    ['changes', '[{"step":1,"key":"a","from":1}]', /its changes/],
    ['changes', '[{"step":-1,"key":"a","from":1,"to":2}]', /its changes/],
    ['changes', '[{"step":1,"key":2,"from":1,"to":2}]', /its changes/],
    ['changes', '[7]', /its changes/],
    ['savedAt', 'yesterday', /savedAt should be a date/],
    ['savedAt', '2026-03-04', /savedAt should be a date/],
  ]

  it.each(fields)('%s %j', async (name, text, reason) => {
    const bytes = await forged((metadata) => metadata.set(name, text))
    expect(await rejected(bytes)).toMatch(reason)
  })

  it.each([
    ...['version', 'appVersion', 'method', 'settings', 'step', 'cursor', 'seconds'],
    ...['changes', 'adapter', 'savedAt', 'history', 'sha256'],
  ])('a missing %s', async (name) => {
    const bytes = await forged((metadata) => metadata.delete(name))
    expect(await rejected(bytes)).toContain(`it does not say its ${name}`)
  })

  it('safetensors of someone else', async () => {
    const bytes = writeSafetensors({ tensors: new Map(), metadata: new Map() })
    expect(await rejected(bytes)).toMatch(/format should be “peekaboo-run” and is not given/)
  })

  const f32 = (shape: number[], ...data: number[]) => float32Tensor(shape, Float32Array.from(data))
  const tensors: [string, (tensors: Map<string, TensorView>) => void, RegExp][] = [
    ['no tensors', (all) => all.clear(), /no model parameters/],
    [
      'a missing first moment',
      (all) => all.delete('optimizer.m.scale'),
      /incomplete: “optimizer.m.scale” missing/,
    ],
    [
      'missing second moments',
      (all) => all.delete('optimizer.v.scale') && all.delete('optimizer.v.head.weight'),
      /“optimizer.v.\S+”, “optimizer.v.\S+” missing/,
    ],
    [
      'a missing parameter',
      (all) => all.delete('model.scale'),
      /“optimizer.m.scale” belongs to no/,
    ],
    [
      'a misshapen moment',
      (all) => all.set('optimizer.v.head.weight', f32([4], 1, 2, 3, 4)),
      /“optimizer.v.head.weight” has the shape \[4\] and its parameter \[2, 2\]/,
    ],
    [
      'a teacher of something else',
      (all) => all.set('teacher.tail', f32([], 1)),
      /“teacher.tail” belongs to no parameter/,
    ],
    [
      'a misshapen teacher',
      (all) => all.set('teacher.scale', f32([2], 1, 2)),
      /“teacher.scale” has the shape \[2\] and its parameter \[\]/,
    ],
    [
      'a teacher that is not finite',
      (all) => all.set('teacher.scale', f32([], Infinity)),
      /“teacher.scale” holds Infinity at place 0 where a finite number is expected/,
    ],
    ['a stray tensor', (all) => all.set('extra', f32([], 1)), /“extra” is neither of the model/],
    [
      'another type',
      (all) => all.set('model.scale', { dtype: 'I32', shape: [], bytes: new Uint8Array(4) }),
      /“model.scale” should be of type F32 and is I32/,
    ],
    [
      'a NaN',
      (all) => all.set('model.head.weight', f32([2, 2], 1, 2, NaN, 4)),
      /“model.head.weight” holds NaN at place 2/,
    ],
    [
      'an infinity',
      (all) => all.set('optimizer.m.scale', f32([], -Infinity)),
      /“optimizer.m.scale” holds -Infinity at place 0/,
    ],
    [
      'a negative second moment',
      (all) => all.set('optimizer.v.scale', f32([], -1)),
      /“optimizer.v.scale” holds -1 at place 0 where a finite number from 0 up is expected/,
    ],
  ]

  it.each(tensors)('%s', async (_, edit, reason) => {
    const bytes = await forged((_, all) => edit(all))
    expect(await rejected(bytes)).toMatch(reason)
  })
})

describe('writing refuses', () => {
  it('values that are not finite', async () => {
    const parameters = new Map(run().parameters).set('scale', tensor([], NaN))
    await expect(writeRun(run({ parameters }), NOW)).rejects.toMatchObject({
      fault: { code: 'diverged', what: expect.stringContaining('“model.scale”') as unknown },
    })
  })

  it('a run without its moments', async () => {
    await expect(writeRun(run({ firstMoments: new Map() }), NOW)).rejects.toMatchObject({
      fault: { code: 'internal', what: expect.stringContaining('“optimizer.m.') as unknown },
    })
  })
})
