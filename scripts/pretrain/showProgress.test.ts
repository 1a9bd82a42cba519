import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { showProgress } from './showProgress.ts'

let time = 0
beforeEach(() => {
  time = 5000
  vi.spyOn(performance, 'now').mockImplementation(() => time)
})
afterEach(() => vi.restoreAllMocks())

/** What a stream was sent. */
function streamOf(isTTY: boolean) {
  const written: string[] = []
  return { written, stream: { isTTY, write: (text: string) => written.push(text) > 0 } }
}

it('redraws one line on a terminal, with the time left at the speed so far', () => {
  const { written, stream } = streamOf(true)
  const progress = showProgress(stream, 100, 10_000)
  time += 3000
  progress.step(102, 0.123456)
  time += 27_000
  progress.step(200, 0.1)
  progress.end()
  expect(written).toEqual([
    '\r\x1b[Kstep 102 of 10000 · loss 0.1235 · 1500 ms a step · 4 h 7 min left',
    '\r\x1b[Kstep 200 of 10000 · loss 0.1000 · 300 ms a step · 49 min 0 s left',
    '\n',
  ])
})

it('writes a line now and then elsewhere, and the last one in any case', () => {
  const { written, stream } = streamOf(false)
  const progress = showProgress(stream, 0, 120)
  for (let step = 1; step <= 120; step++) {
    time += 500
    progress.step(step, 1)
  }
  progress.end()
  expect(written.map((line) => line.split(' of')[0])).toEqual(['step 50', 'step 100', 'step 120'])
  expect(written[1]).toBe('step 100 of 120 · loss 1.0000 · 500 ms a step · 10 s left\n')
})

it('shows on a terminal what is done beside training, now and then; results stay everywhere', () => {
  for (const isTTY of [true, false]) {
    const { written, stream } = streamOf(isTTY)
    const progress = showProgress(stream, 0, 120)
    for (let done = 0; done < 10; done++) {
      progress.evaluating('Features', done / 10)
      time += 20
    }
    progress.say('k-NN: 30 %')
    const redrawn = ['\r\x1b[KFeatures · 0 %', '\r\x1b[KFeatures · 50 %', '\r\x1b[Kk-NN: 30 %\n']
    expect(written).toEqual(isTTY ? redrawn : ['k-NN: 30 %\n'])
  }
})
