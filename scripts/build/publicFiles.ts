import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'

/** Folder inside public/ with the generated data set: served from where it lies, never copied into a build. */
const DATA = 'data'
const FILE_NAME = /^[\w.-]+$/

/** Paths of the files of public/ that belong into a build, relative to it. */
export const publicFiles = (publicDir: string): string[] =>
  existsSync(publicDir)
    ? readdirSync(publicDir, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.split(sep)[0] !== DATA)
        .filter((path) => statSync(join(publicDir, path)).isFile())
    : []

/**
 * Takes the place of Vite's own copying of public/, which would copy the whole data set with every build: small files
 * go into the build, and the preview server serves public/data at /data. Someone who hosts the build elsewhere copies
 * public/data to dist/data.
 */
export function publicFilesPlugin(): Plugin {
  let publicDir = ''
  return {
    name: 'peekaboo-public-files',
    config: () => ({ build: { copyPublicDir: false } }),
    configResolved(config) {
      publicDir = config.publicDir
    },
    generateBundle() {
      for (const path of publicFiles(publicDir))
        this.emitFile({
          type: 'asset',
          fileName: path.replaceAll(sep, '/'),
          source: readFileSync(join(publicDir, path)),
        })
    },
    configurePreviewServer(server) {
      server.middlewares.use(`/${DATA}`, (request, response) => {
        const name = (request.url ?? '').split('?')[0]!.slice(1)
        const path = resolve(publicDir, DATA, name)
        if (!FILE_NAME.test(name) || !existsSync(path) || !statSync(path).isFile()) {
          response.writeHead(404).end('Not found')
          return
        }
        const { size } = statSync(path)
        response.writeHead(200, {
          'Content-Type': name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
          'Content-Length': size,
          'Cache-Control': 'no-cache',
        })
        if (request.method === 'HEAD') response.end()
        else createReadStream(path).pipe(response)
      })
    },
  }
}
