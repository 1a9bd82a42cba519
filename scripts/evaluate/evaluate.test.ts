import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { currentEngine } from '../../src/engine/current.ts'
import { root } from '../node/project.ts'
import { pretrain } from '../pretrain/pretrain.ts'
import { evaluateCheckpoint, type EvaluateControl } from './evaluate.ts'
import type { EvaluateOptions } from './options.ts'
import type { EvaluationReport } from './report.ts'

const RUN = ['width=12', 'depth=1', 'heads=2', 'mlpRatio=1', 'patchSize=8', 'batchSize=4']
const SIZES = [
  ...['knnBank=120', 'knnTest=50', 'knnNeighbours=5'],
  ...['probeTrain=100', 'probeTest=50', 'probeEpochs=2', 'probeBatch=50', 'robustnessTest=50'],
  ...['finetuneEpochs=1', 'finetuneBatch=50', 'shapesTrain=60', 'shapesTest=40'],
  ...['interactionGrid=2', 'interactionImages=2', 'interactionPairs=1', 'interactionContexts=2'],
]
/** What can be done with any run. */
const PROBES = ['knn', 'linear', 'finetune', 'robustness', 'shapes', 'interactions'] as const

let folder: string
const inFolder = (name: string) => join(folder, name)
const checkpoint = () => inFolder('run/checkpoint.safetensors')

// The command talks to people; here only files and errors matter.
let onLine: (line: string) => void
beforeEach(() => {
  onLine = () => undefined
  vi.spyOn(console, 'log').mockImplementation((line: string) => onLine(line))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => vi.restoreAllMocks())

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-evaluate-'))
  vi.spyOn(console, 'log').mockReturnValue()
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const set = [...RUN, 'datasetSize=2000']
  await pretrain({ preset: 'tiny', set, steps: 3, seed: '5', out: inFolder('run') })
})
afterAll(() => rm(folder, { recursive: true }))

const run = (out: string, options: Partial<EvaluateOptions>, control?: EvaluateControl) =>
  evaluateCheckpoint(
    { checkpoint: checkpoint(), probes: ['knn'], set: SIZES, out: inFolder(out), ...options },
    control,
  )

const reportIn = async (out: string) =>
  JSON.parse(await readFile(join(inFolder(out), 'evaluation.json'), 'utf8')) as EvaluationReport

describe('an evaluation', () => {
  it('writes every number, and what is needed to get it again', async () => {
    expect(await run('all', { probes: PROBES })).toBe(true)
    expect(await readdir(inFolder('all'))).toEqual(['evaluation.json'])
    const report = await reportIn('all')
    const { knn, linear, finetune, robustness } = report
    expect(report).toMatchObject({
      format: 'peekaboo-evaluation',
      version: 1,
      checkpoint: { file: 'checkpoint.safetensors', method: 'a2mim', step: 3, epoch: 0.006 },
      ...{ seed: 5, probes: PROBES, complete: true, features: null },
      ...{ knnBank: 120, knnTest: 50 },
      floors: { rawPixels: knn!.floors.rawPixels, randomInit: knn!.floors.randomInit },
      settings: { width: 12, seed: 5, knnBank: 120, finetuneEpochs: 1 },
      knn: { kind: 'knn', bank: 120, test: 50, neighbours: 5, temperature: 0.07 },
      linear: { kind: 'linear', representation: 'patches', trainImages: 100, testImages: 50 },
      finetune: { kind: 'finetune', labels: 100, trainImages: 100, testImages: 50, steps: 2 },
      robustness: { kind: 'robustness', representation: 'patches', testImages: 50 },
      detection: null,
      shapes: { kind: 'shapes', shape: { trainImages: 60 }, texture: { testImages: 40 } },
      interactions: {
        ...{ kind: 'interactions', grid: 2, pairs: 1, contexts: 2 },
        curves: ['trained', 'untrained'].map((network) => ({ network, images: 2 })),
      },
    })
    expect(Object.keys(report.took)).toEqual(PROBES)
    expect(report.checkpoint.sha256).toMatch(/^[0-9a-f]{64}$/)
    const accuracies = [
      ...Object.values(report.floors!),
      ...knn!.scores.map(({ accuracy }) => accuracy),
      ...[linear!.testAccuracy, finetune!.pretrained.testAccuracy, robustness!.clean],
      ...Object.values(robustness!.outlines!),
    ]
    for (const accuracy of accuracies) {
      expect(accuracy).toBeGreaterThanOrEqual(0)
      expect(accuracy).toBeLessThanOrEqual(100)
      // Of 50 images.
      expect(accuracy / 2).toBeCloseTo(Math.round(accuracy / 2), 9)
    }
  })

  it('with the same seed gives the same figures; without k-NN there are no floors', async () => {
    const probes = PROBES.filter((probe) => probe !== 'knn')
    await run('again', { probes })
    const { took, ...again } = await reportIn('again')
    expect(Object.keys(took)).toEqual(probes)
    const withoutKnn = { probes, took: undefined, knn: null, floors: null }
    expect(again).toEqual({ ...(await reportIn('all')), ...withoutKnn })
  })

  it('with another seed draws anew, and has the same floors', async () => {
    await run('other', { probes: ['knn', 'linear'], seed: '6', features: 'class' })
    const [other, all] = [await reportIn('other'), await reportIn('all')]
    expect(other).toMatchObject({ seed: 6, features: 'class', finetune: null, robustness: null })
    expect(other.settings).toEqual(all.settings)
    expect(other.knn).toEqual(all.knn)
    expect(other.linear!.curve).not.toEqual(all.linear!.curve)
  })

  it('that is ended at a signal keeps what is finished', async () => {
    const stop = new AbortController()
    onLine = (line) => line.startsWith('k-NN') && stop.abort()
    const probes = ['knn', 'linear'] as const
    expect(await run('ended', { probes }, { stopSignal: () => stop.signal })).toBe(false)
    const report = await reportIn('ended')
    expect(report).toMatchObject({ probes, complete: false, linear: null })
    expect(report.knn).toEqual((await reportIn('all')).knn)
  })

  it('that loses the GPU keeps what is finished', async () => {
    onLine = (line) => line.startsWith('k-NN') && currentEngine().device.destroy()
    const fault = await faultOf(run('lost', { probes: ['knn', 'linear'] }))
    expect(fault).toMatchObject({ code: 'device-lost' })
    expect(await reportIn('lost')).toMatchObject({ complete: false, linear: null })
    expect((await reportIn('lost')).knn).not.toBeNull()
  })
})

describe('a command that makes no sense', () => {
  it.each<[Partial<EvaluateOptions>, string, string]>([
    [{ checkpoint: 'none' }, 'file-rejected', 'none could not be read'],
    [{ checkpoint: 'damaged' }, 'file-rejected', 'it is damaged'],
    [{ checkpoint: 'text' }, 'file-rejected', 'text'],
    [{ probes: ['detection'] }, 'setting-invalid', 'does not look for misplaced patches'],
    [{ features: 'layer2' }, 'setting-invalid', 'there are patches, class, layer1'],
    [{ set: ['knnBank=60000'] }, 'setting-invalid', 'is above 50,000'],
    [{ set: ['knnBank=12', 'knnNeighbours=13'] }, 'setting-invalid', 'knnNeighbours is 13'],
    [{ set: ['width=24'] }, 'setting-invalid', 'width is part of the run'],
  ])('%j is refused and leaves nothing behind', async (options, code, what) => {
    const damaged = await readFile(checkpoint())
    damaged[damaged.length - 3]! ^= 1
    await writeFile(inFolder('damaged'), damaged)
    await writeFile(inFolder('text'), 'no checkpoint')
    const file = options.checkpoint && { checkpoint: inFolder(options.checkpoint) }
    const fault = await faultOf(run('nothing', { ...options, ...file }))
    expect(fault.code).toBe(code)
    expect(fault.what).toContain(what)
    expect(existsSync(inFolder('nothing'))).toBe(false)
  })
})

describe('npm run evaluate', () => {
  /** Runs the command as npm does. */
  function command(...args: string[]): Promise<{ code: number | null; output: string }> {
    const script = join(root, 'scripts/evaluate.ts')
    const child = spawn(process.execPath, [join(root, 'scripts/bootstrap.mjs'), script, ...args])
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (output += text.toString()))
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
  }

  it('says by its exit code what went wrong', async () => {
    const out = inFolder('refused')
    const [usage, fault] = await Promise.all([
      command('--checkpoint', checkpoint(), '--out', out, '--probe', 'kmeans'),
      command('--checkpoint', inFolder('none'), '--out', out),
    ])
    expect(usage).toMatchObject({ code: 2 })
    expect(usage.output).toContain('“kmeans” is unknown')
    expect(fault).toMatchObject({ code: 1 })
    expect(fault.output).toContain('Give --checkpoint the checkpoint.safetensors')
    expect(existsSync(out)).toBe(false)
  })
})
