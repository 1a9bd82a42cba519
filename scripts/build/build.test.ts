import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { publicFiles } from './publicFiles.ts'
import { measureBuild, sizeText } from './size.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'peekaboo-build-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

test('the worker is measured apart from the page, pictures and maps not at all', () => {
  const texts = { page: 'let a = 1', style: 'a{}', index: '<html>', worker: 'let worker = 2' }
  write('index.html', texts.index)
  write('assets/index-1.js', texts.page)
  write('assets/index-1.css', texts.style)
  write('assets/photo.png', 'x'.repeat(1000))
  write('worker/worker-1.js', texts.worker)
  const gzip = (text: string) => gzipSync(text).length
  const size = measureBuild(folder)
  expect(size).toEqual({
    page: gzip(texts.index) + gzip(texts.page) + gzip(texts.style),
    worker: gzip(texts.worker),
  })
  expect(sizeText({ page: 175_240, worker: 306_000 })).toBe('page 175.2 kB, worker 306.0 kB (gzip)')
})

test('the data set stays out of a build', () => {
  write('favicon.svg', '<svg/>')
  write('data/train-00.shard', 'x')
  write('fonts/data/x.woff2', 'x')
  expect(publicFiles(folder).sort()).toEqual(['favicon.svg', join('fonts', 'data', 'x.woff2')])
  expect(publicFiles(join(folder, 'none'))).toEqual([])
})
