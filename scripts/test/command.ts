import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../node/project.ts'

/** How a command of the project's tools ended. */
export interface CommandResult {
  /** Exit code; a process killed by a signal counts as 1. */
  readonly code: number
  /** Standard output and errors together, in the order in which they came. */
  readonly output: string
}

/** The tools' own entry files, so that no shell and no PATH is needed on any system. */
const TOOLS = {
  prettier: 'prettier/bin/prettier.cjs',
  eslint: 'eslint/bin/eslint.js',
  tsc: 'typescript/bin/tsc',
  vitest: 'vitest/vitest.mjs',
  playwright: '@playwright/test/cli.js',
} as const

/** Runs one of the project's tools in the project's folder and collects what it prints. */
export function runTool(
  tool: keyof typeof TOOLS,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return runCommand(process.execPath, [join(root, 'node_modules', TOOLS[tool]), ...args], env)
}

/** Runs a command in the project's folder; a command that cannot be started resolves with code 1 and the reason. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const chunks: string[] = []
    const child = spawn(command, args, {
      cwd: root,
      // Colours would end up in the collected text.
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
    child.once('error', (error) => resolve({ code: 1, output: error.message }))
    child.once('close', (code) => resolve({ code: code ?? 1, output: chunks.join('') }))
  })
}
