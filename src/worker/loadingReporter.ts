import type { LoadProgress } from '../data/images.ts'
import type { Event } from '../protocol.ts'

/** Turns loading progress into `loading` events with an estimate of the seconds left. */
export function loadingReporter(
  post: (event: Event) => void,
  now: () => number = () => performance.now(),
): (progress: LoadProgress) => void {
  const started = now()
  return (progress) => {
    const { bytes, ofBytes } = progress
    const elapsed = (now() - started) / 1000
    const secondsLeft = bytes > 0 ? (elapsed * (ofBytes - bytes)) / bytes : null
    post({ type: 'loading', ...progress, secondsLeft })
  }
}
