import { expect, test } from 'vitest'
import { PeekabooError } from '../../src/errors.ts'
import { formatCounts, runStages } from './run.ts'

test('stages are summed up, failures do not stop them and show their output', async () => {
  const lines: string[] = []
  const sum = await runStages(
    [
      { name: 'one', run: () => Promise.resolve({ passed: 3, failed: 0, output: 'quiet' }) },
      { name: 'two', run: () => Promise.resolve({ passed: 1, failed: 2, output: 'loud' }) },
      {
        name: 'three',
        run: () =>
          Promise.reject(
            new PeekabooError({
              code: 'storage',
              what: 'Disk full.',
              kept: '',
              todo: 'Free some.',
            }),
          ),
      },
      {
        name: 'tools',
        run: () => Promise.resolve({ passed: 0, failed: 0, output: '', note: 'v1' }),
      },
      { name: 'four', run: () => Promise.resolve({ passed: 5, failed: 0, output: '' }) },
    ],
    (line) => lines.push(line),
  )
  expect(sum).toEqual({ passed: 9, failed: 3 })
  expect(formatCounts(sum)).toBe('9 passed, 3 failed')
  const text = lines.join('\n')
  expect(text).toMatch(/^passed {2}one .*3 passed, 0 failed$/m)
  expect(text).toMatch(/^FAILED {2}two .*1 passed, 2 failed$/m)
  expect(text).toMatch(/^ready {3}tools .* s {2}v1$/m)
  expect(text).toContain('loud')
  expect(text).toContain('Disk full.\nFree some.')
  expect(text).not.toContain('quiet')
})

test('stages beside each other begin together, and are told in their order', async () => {
  const lines: string[] = []
  const begun: string[] = []
  let release = (): void => undefined
  const waiting = new Promise<void>((resolve) => (release = resolve))
  const stage = (name: string, until: Promise<void>, beside?: true) => ({
    name,
    run: async () => {
      begun.push(name)
      await until
      return { passed: 1, failed: 0, output: '' }
    },
    ...(beside && { beside }),
  })
  const running = runStages(
    [
      stage('slow', waiting),
      stage('quick', Promise.resolve(), true),
      stage('next', Promise.resolve()),
    ],
    (line) => lines.push(line),
  )
  await Promise.resolve()
  expect(begun).toEqual(['slow', 'quick'])
  release()
  expect(await running).toEqual({ passed: 3, failed: 0 })
  expect(lines.map((line) => line.split(/\s+/)[1])).toEqual(['slow', 'quick', 'next'])
})
