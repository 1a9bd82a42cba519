import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../node/project.ts'

/** Largest gzip size of the page's code and styles, without the worker. */
export const PAGE_LIMIT_BYTES = 250_000

/** Gzip bytes of a built app. */
export interface BuildSize {
  readonly page: number
  readonly worker: number
}

/** Measures a built app: code and styles in dist/worker are the worker's, all others the page's. */
export function measureBuild(dist = join(root, 'dist')): BuildSize {
  if (!existsSync(dist)) throw new Error('There is no dist/ folder to measure.')
  const size = { page: 0, worker: 0 }
  for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(html|js|css)$/.test(path)) continue
    const owner = path.split(sep)[0] === 'worker' ? 'worker' : 'page'
    size[owner] += gzipSync(readFileSync(join(dist, path))).length
  }
  return size
}

/** Both sizes in words. */
export const sizeText = ({ page, worker }: BuildSize): string =>
  `page ${(page / 1000).toFixed(1)} kB, worker ${(worker / 1000).toFixed(1)} kB (gzip)`
