import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { beforeAll, expect, test } from 'vitest'
import tseslint from 'typescript-eslint'

let eslint: ESLint
beforeAll(() => {
  eslint = new ESLint({
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // The snippets are not on disk, so they are in no TypeScript project.
    overrideConfig: tseslint.configs.disableTypeChecked,
  })
})

/** The messages of the import rules for one import in a file, static or by `import()`. */
const complaints = async (file: string, source: string, form: 'static' | 'dynamic' = 'static') => {
  const code =
    form === 'static'
      ? `import { x } from '${source}'\nexport const y = x\n`
      : `export const y = import('${source}')\n`
  const [result] = await eslint.lintText(code, { filePath: file })
  expect(result!.fatalErrorCount).toBe(0)
  return result!.messages.filter(({ ruleId }) => ruleId?.startsWith('no-restricted-'))
}

const forbidden: [file: string, source: string][] = [
  ['src/engine/x.ts', '../methods/a2mim/model.ts'],
  ['src/engine/kernels/x.ts', '../../training/trainer.ts'],
  ['src/engine/x.ts', '../data/images.ts'],
  ['src/engine/x.ts', '../protocol.ts'],
  ['src/engine/x.ts', 'react'],
  ['src/models/x.ts', '../methods/registry.ts'],
  ['src/models/x.ts', '../data/images.ts'],
  ['src/methods/a2mim/x.ts', '../../app/App.tsx'],
  ['src/methods/a2mim/x.ts', '../../training/trainer.ts'],
  ['src/methods/a2mim/x.ts', '@mantine/core'],
  ['src/data/x.ts', '../methods/registry.ts'],
  ['src/data/x.ts', 'node:fs'],
  ['src/checkpoint/x.ts', '../engine/engine.ts'],
  ['src/checkpoint/x.ts', '@tensorflow/tfjs'],
  ['src/settings/x.ts', '../methods/registry.ts'],
  ['src/settings/x.ts', '../protocol.ts'],
  ['src/training/x.ts', '../evaluation/knn.ts'],
  ['src/training/x.ts', '../worker/host.ts'],
  ['src/training/x.ts', '../store/session.ts'],
  ['src/training/x.ts', '../protocol.ts'],
  ['src/training/x.ts', '../../scripts/node/gpu.ts'],
  ['src/training/x.ts', '../fixtures/golden.ts'],
  ['src/worker/x.ts', '../store/session.ts'],
  ['src/worker/x.ts', '../models/transformer.ts'],
  ['src/worker/x.ts', 'zustand/vanilla'],
  ['src/store/x.ts', '../worker/host.ts'],
  ['src/store/x.ts', '../training/trainer.ts'],
  ['src/store/x.ts', '../app/App.tsx'],
  ['src/store/x.ts', '../methods/a2mim/model.ts'],
  ['src/app/x.tsx', '../engine/engine.ts'],
  ['src/app/panels/x.tsx', '../../methods/a2mim/model.ts'],
  ['src/app/x.tsx', '../methods/registry.ts.ts'],
  ['src/app/x.tsx', '../checkpoint/safetensors.ts'],
  ['src/app/x.tsx', '@tensorflow/tfjs'],
  ['src/app/x.test.tsx', '../engine/engine.ts'],
  ['src/protocol.ts', './worker/host.ts'],
  ['src/errors.ts', './engine/engine.ts'],
]

test.each(forbidden)('%s may not import %s', async (file, source) => {
  expect(await complaints(file, source)).toMatchObject([{ severity: 2 }])
  expect(await complaints(file, source, 'dynamic')).toMatchObject([{ severity: 2 }])
})

const allowed: [file: string, source: string][] = [
  ['src/engine/x.ts', './kernels/adamw.ts'],
  ['src/engine/x.ts', '@tensorflow/tfjs'],
  ['src/engine/x.ts', '../errors.ts'],
  ['src/engine/x.ts', '../settings/rows.ts'],
  ['src/engine/x.test.ts', '../../scripts/node/gpu.ts'],
  ['src/engine/x.golden.test.ts', '../fixtures/golden.ts'],
  ['src/engine/x.test.ts', 'node:fs'],
  ['src/models/x.ts', '../engine/engine.ts'],
  ['src/methods/a2mim/x.ts', '../../models/transformer.ts'],
  ['src/methods/a2mim/x.ts', '../../data/images.ts'],
  ['src/evaluation/x.ts', '../training/trainer.ts'],
  ['src/training/x.ts', '../checkpoint/runState.ts'],
  ['src/worker/x.ts', '../training/trainer.ts'],
  ['src/worker/x.ts', '../protocol.ts'],
  ['src/store/x.ts', '../protocol.ts'],
  ['src/store/x.ts', '../methods/registry.ts'],
  ['src/store/x.ts', 'zustand/vanilla'],
  ['src/app/x.tsx', '../store/session.ts'],
  ['src/app/panels/x.tsx', '../../methods/registry.ts'],
  ['src/app/x.tsx', '../data/classes.ts'],
  ['src/app/x.tsx', '../methods/description.ts'],
  ['src/app/x.tsx', '../settings/rows.ts'],
  ['src/app/x.tsx', '@mantine/core'],
  ['src/protocol.ts', './settings/rows.ts'],
  ['scripts/x.ts', '../src/training/trainer.ts'],
]

test.each(allowed)('%s may import %s', async (file, source) => {
  expect(await complaints(file, source)).toEqual([])
  expect(await complaints(file, source, 'dynamic')).toEqual([])
})
