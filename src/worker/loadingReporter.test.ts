import { expect, it } from 'vitest'
import type { Event } from '../protocol.ts'
import { loadingReporter } from './loadingReporter.ts'

it('estimates the time left from the bytes so far', () => {
  const events: Event[] = []
  let time = 1000
  const report = loadingReporter(
    (event) => events.push(event),
    () => time,
  )
  const progress = { images: 0, ofImages: 2000, bytes: 0, ofBytes: 800, cached: false }
  report(progress)
  time += 3000
  report({ ...progress, images: 1000, bytes: 200 })
  time += 1000
  report({ ...progress, images: 2000, bytes: 800 })
  expect(events).toEqual([
    { type: 'loading', ...progress, secondsLeft: null },
    { type: 'loading', ...progress, images: 1000, bytes: 200, secondsLeft: 9 },
    { type: 'loading', ...progress, images: 2000, bytes: 800, secondsLeft: 0 },
  ])
})
