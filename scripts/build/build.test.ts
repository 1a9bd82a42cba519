import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { publicFiles } from './publicFiles.ts'
import { MANIFEST_PATH, measureBuild, oversize, sizeText } from './size.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'peekaboo-build-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const gzip = (text: string) => gzipSync(text).length
const manifest = (chunks: object) => write(MANIFEST_PATH, JSON.stringify(chunks))

test('the opening of the page, what it loads on demand and the worker are measured apart', () => {
  const texts = {
    'index.html': '<html>',
    'assets/index-1.js': 'import "./shared-1.js"',
    'assets/index-1.css': 'a{}',
    'assets/shared-1.js': 'let shared = 0',
    'assets/shared-1.css': 'b{color:red}',
    'assets/tab-1.js': 'let tab = [1, 2, 3]',
    'assets/tab-1.css': 'c{color:green}',
    'assets/small-1.js': 'onmessage = 1',
    'worker/worker-1.js': 'let worker = 2',
  }
  for (const [path, text] of Object.entries(texts)) write(path, text)
  write('assets/photo.png', 'x'.repeat(1000))
  manifest({
    'index.html': {
      file: 'assets/index-1.js',
      css: ['assets/index-1.css'],
      imports: ['_shared'],
      dynamicImports: ['tab.tsx'],
      assets: ['assets/photo.png', 'worker/worker-1.js'],
    },
    // Chunks may import each other.
    _shared: {
      file: 'assets/shared-1.js',
      css: ['assets/shared-1.css'],
      imports: ['index.html'],
    },
    'tab.tsx': { file: 'assets/tab-1.js', css: ['assets/tab-1.css'], imports: ['_shared'] },
  })
  const sum = (...paths: (keyof typeof texts)[]) =>
    paths.reduce((total, path) => total + gzip(texts[path]), 0)
  expect(measureBuild(folder)).toEqual({
    opening: sum(
      'index.html',
      'assets/index-1.js',
      'assets/index-1.css',
      'assets/shared-1.js',
      'assets/shared-1.css',
    ),
    onDemand: sum('assets/tab-1.js', 'assets/tab-1.css', 'assets/small-1.js'),
    worker: sum('worker/worker-1.js'),
  })
})

test('a build that cannot be measured is not taken for a small one', () => {
  expect(() => measureBuild(folder)).toThrow('no built app to measure')
  manifest({ 'tab.tsx': { file: 'assets/tab-1.js' } })
  expect(() => measureBuild(folder)).toThrow('lacks index.html')
  manifest({ 'index.html': { file: 'assets/index-1.js', isEntry: true } })
  write('index.html', '<html>')
  expect(() => measureBuild(folder)).toThrow('lacks assets/index-1.js')
})

test('each limit is watched', () => {
  const size = { opening: 200_000, onDemand: 210_000, worker: 400_040 }
  expect(sizeText(size)).toBe('page 200.0 kB, on demand 210.0 kB, worker 400.0 kB (gzip)')
  expect(oversize(size)).toBe('')
  expect(oversize({ ...size, opening: 200_100 })).toMatch(/^What .* opening .* 200\.1 kB\.$/)
  expect(oversize({ ...size, onDemand: 211_000 })).toMatch(/^What .* on demand .* 211\.0 kB\.$/)
})

test('the data set stays out of a build', () => {
  write('favicon.svg', '<svg/>')
  write('data/train-00.shard', 'x')
  write('fonts/data/x.woff2', 'x')
  expect(publicFiles(folder).sort()).toEqual(['favicon.svg', join('fonts', 'data', 'x.woff2')])
  expect(publicFiles(join(folder, 'none'))).toEqual([])
})
