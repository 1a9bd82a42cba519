import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { EngineProcess } from './child/process.ts'
import { packBench } from './pack.ts'
import { ENGINES, type EngineName, type Workload } from './workloads.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-pack-'))
  await packBench(folder)
})
afterAll(() => rm(folder, { recursive: true }))

it.runIf(process.platform === 'linux')('starts by its script, from anywhere', () => {
  const run = (args: string[]) =>
    spawnSync(join(folder, 'run.sh'), args, {
      cwd: '/',
      env: { PATH: process.env.PATH, NODE: process.execPath },
      encoding: 'utf8',
    })
  expect(run(['--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('--json') as string,
  })
  expect(run(['--workload', 'none'])).toMatchObject({ status: 2 })
})

const shape = { batch: 1, tokens: 3, features: 4, width: 4, depth: 1, heads: 1, mlpRatio: 1 }
const workload: Workload = { kind: 'vit', shape, engines: ENGINES }

it.runIf(process.platform === 'linux').each(ENGINES)(
  'trains on %s without any package',
  async (engine: EngineName) => {
    const child = new EngineProcess(engine, join(folder, 'child.js'))
    try {
      await child.ask('open', { workload, engine, backend: 'null' })
      expect(await child.ask('time', 1)).toBeGreaterThan(0)
    } finally {
      await child.close()
    }
  },
)

it('touches no folder that holds something', async () => {
  expect(await faultOf(packBench(folder))).toMatchObject({
    code: 'storage',
    kept: 'Nothing was changed.',
  })
  const file = join(folder, 'file')
  await writeFile(file, '')
  expect((await faultOf(packBench(file))).code).toBe('storage')
})
