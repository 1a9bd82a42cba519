import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from '../node/project.ts'
import { publicFiles } from './publicFiles.ts'

const STAMP = join(root, 'dist/.inputs')

/** What goes into the built app, relative to the project. */
const INPUTS = ['index.html', 'vite.config.ts', 'package-lock.json', 'scripts/build', 'src']

/** The files at a path: itself, or those inside the folder that are no tests or fixtures. */
const filesAt = (path: string): string[] =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => !/\.test\.tsx?$|(^|[\\/])fixtures[\\/]/.test(name))
        .map((name) => join(path, name))
        .filter((name) => statSync(name).isFile())
        .sort()

/** A hash of everything that goes into the built app. */
const hashInputs = (): string => {
  const hash = createHash('sha256').update(process.versions.node)
  const publicDir = join(root, 'public')
  const paths = [
    ...INPUTS.flatMap((input) => filesAt(join(root, input))),
    ...publicFiles(publicDir).map((path) => join(publicDir, path)),
  ]
  for (const path of paths) hash.update(path).update('\0').update(readFileSync(path))
  return hash.digest('hex')
}

/**
 * Builds the app into dist/ unless it is there already from the same inputs. Gives whether it built.
 * Throws what Vite throws when the build fails.
 */
export async function buildApp(): Promise<boolean> {
  const inputs = hashInputs()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs) return false
  await build({ root, logLevel: 'warn' })
  writeFileSync(STAMP, inputs)
  return true
}
