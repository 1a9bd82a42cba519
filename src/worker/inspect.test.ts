import { describe, expect, it } from 'vitest'
import { writeRun } from '../checkpoint/runFile.ts'
import type { HostTensor, RunState } from '../checkpoint/runState.ts'
import { faultOf } from '../data/testing/synthetic.ts'
import type { ParameterSpec } from '../engine/parameters.ts'
import { a2mim } from '../methods/a2mim/description.ts'
import { method } from '../methods/a2mim/method.ts'
import type { A2mimSettings } from '../methods/a2mim/settings.ts'
import { extrema } from '../methods/extrema/description.ts'
import { method as withTeacher } from '../methods/extrema/method.ts'
import type { ExtremaSettings } from '../methods/extrema/settings.ts'
import { evaluationTable } from '../settings/evaluation.ts'
import { defaultsOf } from '../settings/rows.ts'
import { presetValues } from '../settings/selection.ts'
import { smallSettings } from '../training/testing/small.ts'
import { inspectCheckpoint } from './inspect.ts'

const settings = smallSettings({ maskRatio: 0.8 })

const tensorsOf = (specs: readonly ParameterSpec[]): Map<string, HostTensor> =>
  new Map(specs.map(({ name, shape, initial }) => [name, { shape, data: initial() }]))

const zerosLike = (tensors: Map<string, HostTensor>): Map<string, HostTensor> =>
  new Map(
    [...tensors].map(([name, { shape, data }]) => [
      name,
      { shape, data: new Float32Array(data.length) },
    ]),
  )

const parameters = tensorsOf(method.parameters(settings as A2mimSettings))
const zeros = zerosLike(parameters)
const run: RunState = {
  method: 'a2mim',
  settings,
  step: 7,
  cursor: { epoch: 2, offset: 4 },
  seconds: 1.5,
  changes: [],
  parameters,
  firstMoments: zeros,
  secondMoments: zeros,
  teacher: new Map(),
  adapter: 'some GPU',
  history: '[1]',
  evaluations: '',
}

const inspect = async (changes: Partial<RunState>) =>
  inspectCheckpoint(await writeRun({ ...run, ...changes }, new Date(0)), 'run.safetensors')

describe('inspectCheckpoint', () => {
  it('says what is in a file from which a run can go on', async () => {
    const { state, summary } = await inspect({})
    const count = [...parameters.values()].reduce((sum, { data }) => sum + data.length, 0)
    const { step, seconds, adapter, history } = run
    expect(summary).toEqual({
      fileName: 'run.safetensors',
      bytes: (await writeRun(run, new Date(0))).length,
      method: 'a2mim',
      step,
      epoch: 2,
      seconds,
      parameters: count,
      adapter,
      savedAt: '1970-01-01T00:00:00.000Z',
      settings,
      history,
    })
    expect(state).toEqual(run)
  })

  it('takes files of earlier versions, which lack what came later', async () => {
    const kept = Object.entries(settings).filter(([key]) => !a2mim.table[key]!.later)
    expect(kept.length).toBeLessThan(Object.keys(settings).length)
    const { summary } = await inspect({ settings: Object.fromEntries(kept) })
    expect(summary.settings).toEqual({ ...defaultsOf(a2mim.table), ...Object.fromEntries(kept) })
    expect(summary.settings).toMatchObject({ architecture: 'vit', fill: 'mean', tokenRate: 1 })
  })

  it('takes files of earlier versions, which lack settings of evaluations and results', async () => {
    const earlier = Object.fromEntries(
      Object.entries(settings).filter(([key]) => !(key in evaluationTable)),
    )
    const { state, summary } = await inspect({ settings: earlier })
    const defaults = { ...defaultsOf(a2mim.table), ...earlier }
    expect(state.settings).toEqual(defaults)
    expect(summary.settings).toEqual(defaults)
    expect(state.evaluations).toBe('')
  })

  it('hands results on as they are', async () => {
    expect((await inspect({ evaluations: '[1, nonsense' })).state.evaluations).toBe('[1, nonsense')
  })

  const without = Object.fromEntries(
    Object.entries(settings).filter(([key]) => !['beta1', 'depth'].includes(key)),
  )
  it.each<[string, Partial<RunState>, string]>([
    ['another method', { method: 'bert' }, '“bert”; this version knows A²MIM'],
    ['settings that are missing', { settings: without }, 'lacks the settings depth, beta1'],
    ['unknown settings', { settings: { ...settings, speed: 1 } }, 'no setting “speed”'],
    [
      'settings of evaluations out of range',
      { settings: { ...settings, knnBank: 5 } },
      'Bank: “5”',
    ],
    ['values out of range', { settings: { ...settings, maskRatio: 1.5 } }, 'Mask ratio: “1.5”'],
    ['settings that do not fit together', { settings: { ...settings, heads: 5 } }, 'Heads: 5'],
    ['another model', { settings: { ...settings, width: 24 } }, 'cls_token'],
  ])('refuses %s', async (_, changes, what) => {
    const fault = await faultOf(inspect(changes))
    expect(fault.code).toBe('file-rejected')
    expect(fault.what).toContain('run.safetensors')
    expect(fault.what).toContain(what)
    expect(fault.kept).toBe('The present run is untouched.')
  })
})

describe('a checkpoint of a method with a teacher', () => {
  const values = presetValues(extrema, 'tiny')
  const specs = withTeacher.parameters(values as ExtremaSettings)
  const student = tensorsOf(specs)
  const moments = zerosLike(student)
  const teacher = tensorsOf(specs.filter(({ name }) => withTeacher.teacher!.averages(name)))
  const followed: Partial<RunState> = {
    ...{ method: 'extrema', settings: values, parameters: student, teacher },
    ...{ firstMoments: moments, secondMoments: moments },
  }

  it('is taken with it, whose values are counted as bytes and not as parameters', async () => {
    const { state, summary } = await inspect(followed)
    expect(state.teacher).toEqual(teacher)
    const count = [...student.values()].reduce((sum, { data }) => sum + data.length, 0)
    expect(summary.parameters).toBe(count)
    const averaged = [...teacher.values()].reduce((sum, { data }) => sum + data.length, 0)
    expect(summary.bytes).toBeGreaterThan(4 * (3 * count + averaged))
  })

  const [first] = [...teacher.keys()]
  it.each<[string, Partial<RunState>, string]>([
    ['without it', { ...followed, teacher: new Map() }, `missing: “teacher.${first}”`],
    ['with too much of it', { ...followed, teacher: student }, 'surplus: “teacher.predictor.'],
    ['of one that has none', { teacher: parameters }, 'surplus: “teacher.'],
  ])('is refused %s', async (_, changes, what) => {
    const fault = await faultOf(inspect(changes))
    expect(fault).toMatchObject({ code: 'file-rejected', kept: 'The present run is untouched.' })
    expect(fault.what).toContain(what)
  })
})
