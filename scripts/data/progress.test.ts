import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { progressOn } from './progress.ts'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { written, stream: { isTTY, write: (text: string) => written.push(text) > 0 } }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('progressOn', () => {
  it('writes a plain line a quarter where there is no terminal', () => {
    const { stream, written } = terminal(false)
    const progress = progressOn(stream)
    progress.update('Fetching', null)
    for (let percent = 0; percent <= 100; percent += 5) progress.update('Unpacking', percent / 100)
    progress.end()
    expect(written).toEqual([
      'Fetching …\n',
      ...[0, 25, 50, 75, 100].map((percent) => `Unpacking: ${percent} %\n`),
    ])
  })

  it('draws one line over and over on a terminal, with the time', () => {
    const { stream, written } = terminal(true)
    const progress = progressOn(stream)
    progress.update('Fetching', null)
    vi.advanceTimersByTime(2000)
    expect(written.at(-1)).toBe('\r\x1b[KFetching … 2 s')
    progress.update('Unpacking', 0)
    vi.advanceTimersByTime(3000)
    progress.update('Unpacking', 0.25)
    expect(written.at(-1)).toBe(
      `\r\x1b[KUnpacking ${'█'.repeat(6)}${'░'.repeat(18)} 25 %, 9 s left`,
    )
    progress.end()
    const lines = written.length
    vi.advanceTimersByTime(5000)
    expect(written).toHaveLength(lines)
    expect(written.filter((text) => text === '\n')).toHaveLength(2)
  })

  it('draws no more often than anyone can see, and the last state in any case', () => {
    const { stream, written } = terminal(true)
    const progress = progressOn(stream)
    for (let done = 1; done <= 100; done++) {
      progress.update('Unpacking', done / 100)
      vi.advanceTimersByTime(5)
    }
    expect(written).toHaveLength(5)
    progress.end()
    expect(written.at(-2)).toContain('100 %')
    expect(written.at(-1)).toBe('\n')
  })
})
