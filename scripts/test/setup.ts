import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { PeekabooError } from '../../src/errors.ts'
import { findChrome } from '../node/chrome.ts'
import { runCommand } from './command.ts'

/** Whether the Vulkan loader, which WebGPU in Node needs on Linux, is on this machine. */
const hasVulkan = (): boolean => {
  if (process.platform !== 'linux') return true
  const cache = spawnSync('ldconfig', ['-p'], {
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/sbin:/usr/sbin` },
    encoding: 'utf8',
  })
  return cache.error ? true : cache.stdout.includes('libvulkan.so.1')
}

/** The Debian packages that the tests lack on this machine. */
const missingPackages = (): string[] => [
  ...(findChrome() ? [] : ['chromium']),
  ...(hasVulkan() ? [] : ['libvulkan1']),
]

const canInstall = (): boolean =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

const install = async (packages: readonly string[]): Promise<void> => {
  const options = { DEBIAN_FRONTEND: 'noninteractive' }
  const update = await runCommand('apt-get', ['-qq', 'update'], options)
  const result = await runCommand(
    'apt-get',
    ['-qq', 'install', '-y', '--no-install-recommends', ...packages],
    options,
  )
  if (result.code !== 0) throw new Error(`${update.output}\n${result.output}`)
}

/** Whether the browser starts: some systems have a command that only asks for another package. */
const starts = (chrome: string): boolean =>
  process.platform !== 'linux' || spawnSync(chrome, ['--version'], { timeout: 60_000 }).status === 0

/**
 * Makes sure that there is a Chrome or Chromium and, on Linux, the Vulkan loader; installs them on Debian and Ubuntu
 * as root. Gives the path of the browser; throws a PeekabooError that says in one line what to install.
 */
export async function ensureBrowser(): Promise<string> {
  const missing = missingPackages()
  if (missing.length > 0 && canInstall()) await install(missing)
  const still = missingPackages()
  const chrome = findChrome()
  if (chrome && still.length === 0 && starts(chrome)) return chrome
  throw new PeekabooError({
    code: 'webgpu-missing',
    what: 'The tests need a Chrome or Chromium that starts, and on Linux the Vulkan loader.',
    kept: 'Nothing was changed.',
    todo:
      process.platform === 'linux'
        ? 'Install them (Debian: sudo apt-get install chromium libvulkan1), or set CHROME_PATH to a Chrome.'
        : 'Install Chrome from https://www.google.com/chrome, or set CHROME_PATH to a Chrome.',
    detail: still.length > 0 ? `Missing: ${still.join(', ')}` : `It does not start: ${chrome}`,
  })
}
