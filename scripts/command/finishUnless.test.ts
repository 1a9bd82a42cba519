import { expect, it } from 'vitest'
import type { Job } from '../../src/evaluation/job.ts'
import { finishUnless } from './finishUnless.ts'

/** A job of three slices that notes what happens to it. */
function jobOf(notes: string[], failsAt = Infinity): Job<string> {
  return (async function* () {
    try {
      for (const done of [1, 2, 3]) {
        notes.push(`slice ${done}`)
        await Promise.resolve()
        if (done === failsAt) throw new Error('no more memory')
        yield { stage: 'Work', done, total: 3 }
      }
      return 'result'
    } finally {
      notes.push('freed')
    }
  })()
}

it('gives the result, and tells how far it is', async () => {
  const notes: string[] = []
  const progress = ({ done }: { done: number }) => void notes.push(`told ${done}`)
  expect(await finishUnless(undefined, jobOf(notes), progress)).toBe('result')
  expect(notes).toEqual(['slice 1', 'told 1', 'slice 2', 'told 2', 'slice 3', 'told 3', 'freed'])
})

it('ends between two slices at the signal, with everything freed', async () => {
  const notes: string[] = []
  const stop = new AbortController()
  const progress = ({ done }: { done: number }) => {
    if (done === 2) stop.abort()
  }
  expect(await finishUnless(stop.signal, jobOf(notes), progress)).toBeNull()
  expect(notes).toEqual(['slice 1', 'slice 2', 'slice 3', 'freed'])
  const never: string[] = []
  expect(await finishUnless(stop.signal, jobOf(never), progress)).toBeNull()
  expect(never).toEqual([])
})

it("hands the job's failure on", async () => {
  const notes: string[] = []
  const end = finishUnless(new AbortController().signal, jobOf(notes, 2), () => undefined)
  await expect(end).rejects.toThrow('no more memory')
  expect(notes).toEqual(['slice 1', 'slice 2', 'freed'])
})
