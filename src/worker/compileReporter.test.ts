import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Event } from '../protocol.ts'
import { CompileReporter } from './compileReporter.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp() {
  const events: Event[] = []
  const reporter = new CompileReporter((event) => events.push(event))
  const report = (done: number, total = 10) => reporter.report({ stage: 'compiling', done, total })
  const shown = () =>
    events.map((event) => (event.type === 'compiling' ? (event.progress?.done ?? null) : event))
  return { reporter, report, shown }
}

it('says nothing of what is done at once', () => {
  const { report, shown } = setUp()
  for (let done = 0; done <= 10; done++) report(done)
  vi.advanceTimersByTime(5000)
  expect(shown()).toEqual([])
})

it('says calmly how far it has come, also while one kernel takes long, and that it is done', () => {
  const { report, shown } = setUp()
  report(0)
  vi.advanceTimersByTime(2000)
  expect(shown()).toEqual([0])
  for (let done = 1; done < 10; done++) {
    report(done)
    vi.advanceTimersByTime(40)
  }
  expect(shown()).toEqual([0, 3, 6, 9])
  report(10)
  vi.advanceTimersByTime(5000)
  expect(shown()).toEqual([0, 3, 6, 9, null])
  // The next one begins anew.
  report(0)
  report(10)
  expect(shown()).toHaveLength(5)
})

it('takes its word back when nothing comes of it', () => {
  const { reporter, report, shown } = setUp()
  report(0)
  vi.advanceTimersByTime(300)
  report(4)
  reporter.end()
  vi.advanceTimersByTime(5000)
  expect(shown()).toEqual([0, null])
})
