import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Manifest } from 'vite'
import { root } from '../node/project.ts'

/** Gzip bytes of the code and styles of a built app. */
export interface BuildSize {
  /** What the page loads before it can be used: its document, its entry, and all that this imports statically. */
  readonly opening: number
  /** What it loads when someone asks for it: tabs, dialogs, small workers. */
  readonly onDemand: number
  /** The worker that trains. */
  readonly worker: number
}

/**
 * The largest sizes allowed, in gzip bytes. The worker is what the libraries make it. On demand there may be 10 kB more than
 * at the opening: two in five of them are the chart library, and tabs for spectra, activations, leaks and interactions have
 * joined those of attention, order, places, similarity and tokens. Nobody loads all of it for one run.
 */
export const SIZE_LIMITS = { opening: 200_000, onDemand: 210_000 } as const

/** Where Vite says what imports what, inside a built app. */
export const MANIFEST_PATH = '.vite/manifest.json'

/** Measures a built app. Throws when there is none, or none with a manifest. */
export function measureBuild(dist = join(root, 'dist')): BuildSize {
  const manifestPath = join(dist, MANIFEST_PATH)
  if (!existsSync(manifestPath)) throw new Error(`There is no built app to measure in ${dist}.`)
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest
  const opening = openingFiles(manifest)
  const size = { opening: 0, onDemand: 0, worker: 0 }
  for (const entry of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const path = entry.replaceAll('\\', '/')
    if (!/\.(html|js|css)$/.test(path)) continue
    const part = opening.delete(path)
      ? 'opening'
      : path.startsWith('worker/')
        ? 'worker'
        : 'onDemand'
    size[part] += gzipSync(readFileSync(join(dist, path))).length
  }
  if (opening.size > 0) throw new Error(`The built app lacks ${[...opening].join(', ')}.`)
  return size
}

/** The document, and the files of its chunk and of all chunks that are imported statically from there. */
function openingFiles(manifest: Manifest): Set<string> {
  const document = 'index.html'
  const files = new Set([document])
  const seen = new Set<string>()
  const add = (key: string): void => {
    if (seen.has(key)) return
    seen.add(key)
    const chunk = manifest[key]
    if (!chunk) throw new Error(`The manifest of the built app lacks ${key}.`)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const imported of chunk.imports ?? []) add(imported)
  }
  add(document)
  return files
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

/** The sizes in words. */
export const sizeText = ({ opening, onDemand, worker }: BuildSize): string =>
  `page ${kilobytes(opening)}, on demand ${kilobytes(onDemand)}, worker ${kilobytes(worker)} (gzip)`

/** What is over its limit, in words; empty when nothing is. */
export function oversize({ opening, onDemand }: BuildSize): string {
  const texts: string[] = []
  if (opening > SIZE_LIMITS.opening)
    texts.push(
      `What the page loads at its opening may have ${kilobytes(SIZE_LIMITS.opening)}, and has ${kilobytes(opening)}.`,
    )
  if (onDemand > SIZE_LIMITS.onDemand)
    texts.push(
      `What the page loads on demand may have ${kilobytes(SIZE_LIMITS.onDemand)}, and has ${kilobytes(onDemand)}.`,
    )
  return texts.join('\n')
}
