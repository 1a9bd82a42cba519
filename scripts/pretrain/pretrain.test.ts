import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readRun } from '../../src/checkpoint/runFile.ts'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { currentEngine } from '../../src/engine/current.ts'
import { method } from '../../src/methods/a2mim/method.ts'
import type { InputValues } from '../../src/engine/inputTensors.ts'
import { root } from '../node/project.ts'
import { pretrain, type PretrainControl } from './pretrain.ts'
import type { PretrainOptions } from './wish.ts'

const SMALL = ['width=12', 'depth=1', 'heads=2', 'mlpRatio=1', 'patchSize=8', 'batchSize=4']
const FILES = ['checkpoint.safetensors', 'metrics.csv', 'summary.json']
const COLUMNS =
  'step,loss,spatial,frequency,gradNorm,learningRate,imagesPerSecond,epoch,seconds'.split(',')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-pretrain-'))
})
afterAll(() => rm(folder, { recursive: true }))

// The command talks to people; here only files and errors matter.
beforeEach(() => {
  vi.spyOn(console, 'log').mockReturnValue()
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => vi.restoreAllMocks())

const inFolder = (name: string) => join(folder, name)
const run = (out: string, options: Partial<PretrainOptions>, control?: PretrainControl) =>
  pretrain({ preset: 'tiny', set: SMALL, steps: 1, out: inFolder(out), ...options }, control)

async function rowsOf(out: string): Promise<Record<string, string>[]> {
  const text = await readFile(join(inFolder(out), 'metrics.csv'), 'utf8')
  const [header, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  expect(header).toEqual(COLUMNS)
  return rows.map((row) => Object.fromEntries(row.map((value, at) => [COLUMNS[at]!, value])))
}

/** What must be the same text whenever a step is done again. */
const reproducible = (rows: Record<string, string>[]) =>
  rows.map((row) => ({ ...row, imagesPerSecond: '', seconds: '' }))

const stepsOf = (rows: Record<string, string>[]) => rows.map(({ step }) => Number(step))
const upTo = (step: number, from = 1) => Array.from({ length: step - from + 1 }, (_, i) => from + i)

const checkpointOf = async (out: string) => {
  const bytes = await readFile(join(inFolder(out), 'checkpoint.safetensors'))
  return (await readRun(bytes, out)).state
}
const summaryOf = async (out: string) =>
  JSON.parse(await readFile(join(inFolder(out), 'summary.json'), 'utf8')) as Record<string, unknown>

describe('a run', () => {
  it('writes metrics, checkpoint and summary', async () => {
    expect(await run('whole', { steps: 12, seed: '5' })).toBe(true)
    expect((await readdir(inFolder('whole'))).sort()).toEqual(FILES)
    const rows = await rowsOf('whole')
    expect(stepsOf(rows)).toEqual(upTo(12))
    for (const { loss } of rows) expect(Math.fround(Number(loss))).toBe(Number(loss))
    const state = await checkpointOf('whole')
    expect(state).toMatchObject({ method: 'a2mim', step: 12, changes: [], history: '' })
    expect(state.settings).toMatchObject({ width: 12, seed: 5 })
    const summary = await summaryOf('whole')
    expect(summary).toMatchObject({
      method: 'a2mim',
      settings: state.settings,
      steps: 12,
      firstLoss: Number(rows[0]!.loss),
      lastLoss: Number(rows[11]!.loss),
    })
    for (const key of ['seconds', 'imagesPerSecond', 'deviceBytes'])
      expect(summary[key]).toBeGreaterThan(0)
    expect(summary.adapter).toMatchObject({ detail: state.adapter })
  })

  it('that is resumed equals one that was not, and keeps the rows before', async () => {
    const resume = join(inFolder('part'), 'checkpoint.safetensors')
    await run('part', { steps: 5, seed: '5' })
    await run('part', { steps: 12, seed: '5', resume })
    const whole = await rowsOf('whole')
    expect(reproducible(await rowsOf('part'))).toEqual(reproducible(whole))
    const [a, b] = [await checkpointOf('part'), await checkpointOf('whole')]
    for (const set of ['parameters', 'firstMoments', 'secondMoments'] as const)
      expect(a[set]).toEqual(b[set])
    expect(a.cursor).toEqual(b.cursor)
  })

  it('resumed elsewhere writes its own rows, with live settings changed', async () => {
    const resume = join(inFolder('whole'), 'checkpoint.safetensors')
    await run('other', { set: ['maskRatio=0.9'], steps: 14, resume })
    expect(stepsOf(await rowsOf('other'))).toEqual([13, 14])
    const { settings, changes } = await checkpointOf('other')
    expect(settings).toMatchObject({ maskRatio: 0.9, width: 12, seed: 5 })
    expect(changes).toEqual([{ step: 13, key: 'maskRatio', from: 0.6, to: 0.9 }])
  })

  it('writes a checkpoint now and then, and ends early with all files at a signal', async () => {
    const stop = new AbortController()
    const path = join(inFolder('long'), 'checkpoint.safetensors')
    const control = { stopSignal: () => stop.signal, checkpointEvery: 0 }
    const ended = run('long', { steps: 1_000_000 }, control)
    await vi.waitFor(() => expect(existsSync(path)).toBe(true), { timeout: 60_000 })
    stop.abort()
    expect(await ended).toBe(false)
    const { step: last } = await checkpointOf('long')
    expect(stepsOf(await rowsOf('long'))).toEqual(upTo(last))
    expect(await summaryOf('long')).toMatchObject({ steps: last })
  })
})

/** Does something before a step of every run from here on, and may change the inputs of the step. */
function beforeStep(step: number, action: () => Record<string, InputValues>) {
  const original = method.stepInputs.bind(method)
  vi.spyOn(method, 'stepInputs').mockImplementation((settings, draw, batch) => ({
    ...original(settings, draw, batch),
    ...(draw.step + 1 === step && action()),
  }))
}

describe('a run that fails', () => {
  it('by diverging writes its last good state first', async () => {
    beforeStep(4, () => ({ frequencyWeight: { shape: [], data: Float32Array.of(Infinity) } }))
    const fault = await faultOf(run('diverged', { steps: 12, seed: '5' }))
    expect(fault).toMatchObject({ code: 'diverged' })
    expect((await readdir(inFolder('diverged'))).sort()).toEqual(FILES)
    expect(reproducible(await rowsOf('diverged'))).toEqual(
      reproducible(await rowsOf('whole')).slice(0, 3),
    )
    expect(await checkpointOf('diverged')).toMatchObject({ step: 3 })
    expect(await summaryOf('diverged')).toMatchObject({ steps: 3 })
  })

  it('with the GPU keeps the last checkpoint', async () => {
    beforeStep(4, () => {
      currentEngine().device.destroy()
      return {}
    })
    const fault = await faultOf(run('lost', { steps: 12 }, { checkpointEvery: 0 }))
    expect(fault).toMatchObject({ code: 'device-lost' })
    expect((await readdir(inFolder('lost'))).sort()).toEqual(FILES.slice(0, 2))
    expect(await checkpointOf('lost')).toMatchObject({ step: 3 })
    expect(stepsOf(await rowsOf('lost'))).toEqual([1, 2, 3])
  })
})

describe('a command that makes no sense', () => {
  const whole = () => join(inFolder('whole'), 'checkpoint.safetensors')

  it.each<[Partial<PretrainOptions>, string, string]>([
    [{ method: 'bert' }, 'setting-invalid', 'no method “bert”'],
    [{ set: ['maskRatio=2'] }, 'setting-invalid', 'Mask ratio'],
    [{ resume: 'whole', steps: 12 }, 'setting-invalid', 'The checkpoint is at step 12'],
    [{ resume: 'whole', steps: 20, seed: '6' }, 'setting-invalid', 'seed cannot change'],
    [{ resume: 'none.safetensors' }, 'file-rejected', 'none.safetensors could not be read'],
    [{ resume: 'damaged', steps: 20 }, 'file-rejected', 'damaged.safetensors'],
  ])('%j is refused and leaves nothing behind', async (options, code, what) => {
    const damaged = inFolder('damaged.safetensors')
    const bytes = await readFile(whole())
    bytes[bytes.length - 3]! ^= 1
    await writeFile(damaged, bytes)
    const files: Record<string, string> = { whole: whole(), damaged }
    const resume = options.resume && (files[options.resume] ?? inFolder(options.resume))
    const fault = await faultOf(run('nothing', { ...options, ...(resume && { resume }) }))
    expect(fault.code).toBe(code)
    expect(fault.what).toContain(what)
    expect(existsSync(inFolder('nothing'))).toBe(false)
  })

  it('a folder that cannot be one is refused', async () => {
    await writeFile(inFolder('file'), '')
    const fault = await faultOf(run('file/runs', {}))
    expect(fault).toMatchObject({ code: 'storage' })
    expect(fault.what).toContain(join('file', 'runs'))
  })
})

describe('npm run pretrain', () => {
  /** Starts the command as npm does; resolves with its end. */
  function start(...args: string[]) {
    const script = join(root, 'scripts/pretrain.ts')
    const child = spawn(process.execPath, [join(root, 'scripts/bootstrap.mjs'), script, ...args])
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (output += text.toString()))
    const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, output })),
    )
    return { child, ended }
  }

  it('explains itself: --help succeeds, a wrong command fails', async () => {
    const commands = [['--help'], [], ['--out', 'x', '--steps', '1.5'], ['--speed', '9']]
    const [help, empty, steps, unknown] = await Promise.all(
      commands.map((args) => start(...args).ended),
    )
    expect(help).toMatchObject({ code: 0 })
    expect(empty).toMatchObject({ code: 2 })
    expect(steps).toMatchObject({ code: 2 })
    expect(unknown).toMatchObject({ code: 2 })
    for (const end of [help, empty, steps, unknown])
      expect(end!.output).toContain('npm run pretrain')
    expect(steps!.output).toContain('--steps must be given')
    expect(unknown!.output).toContain('--speed')
  })

  it('fails with what is wrong and what to do', async () => {
    const out = inFolder('refused')
    const { code, output } = await start('--steps', '1', '--out', out, '--set', 'maskRatio=2').ended
    expect(code).toBe(1)
    expect(output).toContain('Mask ratio')
    expect(output).toContain('Correct the command')
    expect(existsSync(out)).toBe(false)
  })

  it.skipIf(process.platform === 'win32')('writes everything at Ctrl-C', async () => {
    const set = SMALL.flatMap((pair) => ['--set', pair])
    const options = ['--preset', 'tiny', '--steps', '1000000', '--out', inFolder('ctrl-c'), ...set]
    const { child, ended } = start(...options)
    const hasRows = async () => expect((await rowsOf('ctrl-c')).length).toBeGreaterThan(1)
    await vi.waitFor(hasRows, { timeout: 100_000, interval: 200 })
    child.kill('SIGINT')
    const { code, output } = await ended
    expect(code).toBe(130)
    expect(output).toContain('ending after the present step')
    const { step } = await checkpointOf('ctrl-c')
    expect(stepsOf(await rowsOf('ctrl-c'))).toEqual(upTo(step))
    expect(await summaryOf('ctrl-c')).toMatchObject({ steps: step })
  })
})
