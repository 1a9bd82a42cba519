import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PeekabooError } from '../errors.ts'
import { parseManifest } from './manifest.ts'
import { syntheticData } from './testing/synthetic.ts'

const { manifest } = await syntheticData(0)
const json = JSON.stringify(manifest)

/** Every path to a value inside the manifest. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([key, child]) => paths(child, [...path, key]))
  return path.length > 0 ? [path, ...inner] : inner
}

function withValue(path: readonly string[], value: unknown): string {
  const copy = JSON.parse(json) as Record<string, unknown>
  let at = copy
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
  at[path.at(-1)!] = value
  return JSON.stringify(copy)
}

describe('parseManifest', () => {
  it('reads what JSON.stringify writes', () => {
    expect(parseManifest(json)).toEqual(manifest)
  })

  it('refuses a wrong value anywhere', () => {
    const wrong = fc.constantFrom<unknown>(null, -1, 1.5, '', '../secret', true, [], {}, 1e9)
    // The names of the official batches are for people only; their sums are compared.
    const checked = paths(manifest).filter(
      ([room, , field]) => room !== 'batches' || field !== 'file',
    )
    fc.assert(
      fc.property(fc.constantFrom(...checked), wrong, (path, value) => {
        expect(() => parseManifest(withValue(path, value))).toThrow(PeekabooError)
      }),
      { numRuns: 400 },
    )
  })

  it.each([
    ['another format', ['format'], 2, 'its format is 2, this version reads 1'],
    ['a path as file name', ['shards', 'train', '0', 'file'], '../a.b', 'not a plain file name'],
    ['a name used twice', ['shards', 'train', '1', 'file'], 'train-00.shard', 'there twice'],
    ['too few records', ['shards', 'test', '3', 'records'], 999, 'hold 9999 records, not 10000'],
    ['a giant shard', ['shards', 'train', '0', 'bytes'], 1e8, 'bytes is too large'],
    ['another sum of a batch', ['batches', '2', 'sha256'], 'a'.repeat(64), 'not the official ones'],
  ])('names the fault: %s', (_, path, value, reason) => {
    expect(() => parseManifest(withValue(path, value))).toThrow(reason)
  })

  it('throws nothing but its own error, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parseManifest(text)).toThrow(PeekabooError)
      }),
    )
  })
})
