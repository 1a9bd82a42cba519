/**
 * First link of every npm command: makes a fresh clone runnable, then runs a TypeScript file of this folder in
 * this very process. `node scripts/bootstrap.mjs scripts/start.ts --flag` needs nothing but Node and npm.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST_MAJOR = 20
const OLDEST_MINOR = 19
const LOCK_POLL_MS = 300
const root = fileURLToPath(new URL('..', import.meta.url))
const lock = resolve(root, '.cache/installing')

/** @typedef {{ integrity?: string, optional?: boolean, peer?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Locked */

/** @param {string} message @returns {never} */
function stop(message) {
  console.error(message)
  process.exit(1)
}

/** The packages of a lockfile by path, or undefined if there is no such file. @param {string} path @returns {Record<string, Locked> | undefined} */
const packagesOf = (path) => {
  try {
    return JSON.parse(readFileSync(resolve(root, path), 'utf8')).packages
  } catch {
    return undefined
  }
}

/** Optional packages are platform binaries: only those that surely belong to this machine are expected. @param {Locked} entry */
const expected = ({ optional, peer, os, cpu, libc }) =>
  optional || peer ? !libc && os?.includes(process.platform) && cpu?.includes(process.arch) : true

/** Whether node_modules holds what the lockfile says. npm writes its own record last, so a broken-off install shows. */
const isInstalled = () => {
  const wanted = packagesOf('package-lock.json')
  if (!wanted)
    stop('package-lock.json is missing or damaged. Restore it with: git checkout package-lock.json')
  const present = packagesOf('node_modules/.package-lock.json')
  return (
    present !== undefined &&
    Object.entries(wanted).every(
      ([path, entry]) =>
        path === '' || !expected(entry) || present[path]?.integrity === entry.integrity,
    )
  )
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code

/** True if this process now holds the lock; a lock whose owner has died is cleared for the next try. */
const takeLock = () => {
  try {
    mkdirSync(resolve(root, '.cache'), { recursive: true })
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') rmSync(lock, { force: true })
  }
  return false
}

const install = () => {
  console.log('Installing the packages of the lockfile (once) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-fund', '--no-audit', '--loglevel=error']
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: root, stdio: 'inherit' }
  const { status } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
  if (status !== 0)
    stop(
      'The packages could not be installed (see above). Check the network connection and try again.',
    )
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR))
  stop(
    `Peekaboo needs Node.js ${OLDEST_MAJOR}.${OLDEST_MINOR} or newer; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  )

const [script, ...args] = process.argv.slice(2)
if (!script) stop('Usage: node scripts/bootstrap.mjs scripts/NAME.ts [arguments]')

while (!isInstalled()) {
  if (!takeLock()) {
    await sleep(LOCK_POLL_MS)
    continue
  }
  try {
    if (!isInstalled()) install()
  } finally {
    rmSync(lock, { force: true })
  }
}

const { register } = await import('tsx/esm/api')
register()
const path = resolve(script)
process.argv = [process.execPath, path, ...args]
await import(pathToFileURL(path).href)
