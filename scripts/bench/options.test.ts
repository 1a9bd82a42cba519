import { expect, it } from 'vitest'
import { UsageError } from '../command/command.ts'
import { readOptions, readPackFolder } from './options.ts'
import { WORKLOAD_NAMES } from './workloads.ts'

it('measures everything when nothing is said', () => {
  expect(readOptions([])).toEqual({ workloads: WORKLOAD_NAMES, profile: false })
})

it('reads all options, also after a second pair of dashes', () => {
  const args = ['--json', 'a.json', '--', '--profile', '--markdown', 'b.md']
  const workloads = ['--workload', 'vit-d64,a2mim-tiny', '--workload', 'vit-d64']
  expect(readOptions([...args, ...workloads])).toEqual({
    workloads: ['vit-d64', 'a2mim-tiny'],
    json: 'a.json',
    markdown: 'b.md',
    profile: true,
  })
})

it('gives help before anything else', () => {
  expect(readOptions(['--help', '--workload', 'nothing'])).toBeNull()
})

it.each([
  [['--workload', 'vit-d65'], 'vit-d65 is unknown; there are vit-d64, vit-d192'],
  [['--workload', ''], 'unknown'],
  [['--json', ''], '--json needs a file'],
  [['--json'], 'json'],
  [['--speed'], '--speed'],
  [['all'], 'all'],
])('refuses %j', (args, reason) => {
  expect(() => readOptions(args)).toThrow(UsageError)
  expect(() => readOptions(args)).toThrow(reason)
})

it('reads the folder of a pack', () => {
  expect(readPackFolder(['--out', 'there'])).toBe('there')
  expect(readPackFolder(['--help'])).toBeNull()
  for (const args of [[], ['--out', ''], ['--out'], ['there'], ['--in', 'x']])
    expect(() => readPackFolder(args)).toThrow(UsageError)
})
