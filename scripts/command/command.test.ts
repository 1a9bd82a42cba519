import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PeekabooError } from '../../src/errors.ts'
import { runCommand, UsageError } from './command.ts'

let said: string[]
beforeEach(() => {
  said = []
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = 0
})

const failing = (error: Error) => runCommand('how to use it', () => Promise.reject(error))

it('shows how to use a command that was not understood', async () => {
  await failing(new UsageError('--speed is unknown.'))
  expect(said).toEqual(['--speed is unknown.\n\nhow to use it'])
  expect(process.exitCode).toBe(2)
})

it('tells a fault in its words', async () => {
  const fault = { code: 'storage', what: 'Full.', kept: 'All.', todo: 'Tidy up.' } as const
  await failing(new PeekabooError(fault))
  await failing(new PeekabooError({ ...fault, detail: 'ENOSPC' }))
  expect(said).toEqual(['Full.\nAll.\nTidy up.', 'Full.\nAll.\nTidy up.\nENOSPC'])
  expect(process.exitCode).toBe(1)
})

it('says nothing when all is well', async () => {
  await runCommand('how to use it', () => Promise.resolve())
  expect(said).toEqual([])
})
