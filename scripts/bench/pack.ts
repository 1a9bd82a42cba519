import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { PeekabooError } from '../../src/errors.ts'
import { root } from '../node/project.ts'

/** Systems on which the packed bench runs, as Dawn's package names them. */
const SYSTEMS = ['linux-x64', 'linux-arm64']
const DAWN = 'dawn.node'

const START = `#!/bin/sh
# Runs the bench of this folder with any Node.js from version 20 on; NODE names another one.
exec "\${NODE:-node}" "$(dirname "$0")/bench.js" "$@"
`

const README = `Peekaboo bench

Measures training steps of TensorFlow.js, jax-js and Peekaboo's engine side by side on the GPU of this machine. Needs
Node.js from version 20 on (Linux, x64 or arm64) and a Vulkan driver with its loader (libvulkan1); no network.

  ./run.sh --json figures.json --profile
  ./run.sh --help
`

/** Refused because what is there might be lost. */
const notEmpty = (out: string): PeekabooError =>
  new PeekabooError({
    code: 'storage',
    what: `${out} is not empty.`,
    kept: 'Nothing was changed.',
    todo: 'Give --out a new or an empty folder.',
  })

/**
 * Packs the bench into a folder that needs no network and no packages: the commands as bundles, and Dawn for Linux.
 * @throws PeekabooError `storage` when the folder is not empty or cannot be written
 */
export async function packBench(out: string): Promise<void> {
  if ((await contentsOf(out)).length > 0) throw notEmpty(out)
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir: out,
      emptyOutDir: false,
      rolldownOptions: {
        input: {
          bench: join(root, 'scripts/bench.ts'),
          child: join(root, 'scripts/bench/child/main.ts'),
        },
        // All in one folder: the commands, and Dawn, are found beside the bundle that needs them.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        checks: { bundlerTimings: false },
      },
    },
  })
  const dawn = join(dirname(createRequire(import.meta.url).resolve('webgpu')), 'dist')
  for (const system of SYSTEMS) await cp(join(dawn, system, DAWN), join(out, 'dist', system, DAWN))
  await writeFile(join(out, 'package.json'), '{ "type": "module" }\n')
  await writeFile(join(out, 'README.txt'), README)
  await writeFile(join(out, 'run.sh'), START)
  await chmod(join(out, 'run.sh'), 0o755)
}

/** Names in a folder, which is made if it is not there. */
async function contentsOf(folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true })
    return await readdir(folder)
  } catch (error) {
    throw new PeekabooError(
      {
        code: 'storage',
        what: `${folder} cannot be used.`,
        kept: 'Nothing was changed.',
        todo: 'Give --out another folder.',
        detail: (error as Error).message,
      },
      { cause: error },
    )
  }
}
