/** Each chart is drawn anew at most so often. */
const MILLISECONDS = 250

/** Calls its listeners in turn, at display frames: a few times a second each, and never two in the same frame. */
export interface Ticker {
  /** Adds a listener; returns a function that takes it away. */
  readonly add: (listener: () => void) => () => void
}

/** The part of the page that tells time. */
export interface Frames {
  readonly request: (callback: (now: number) => void) => number
  readonly cancel: (id: number) => void
}

/** A ticker at the pace of display frames; it rests while the tab is hidden or no one listens. */
export function createTicker(frames: Frames): Ticker {
  const listeners: (() => void)[] = []
  let frame = 0
  let last = -Infinity
  let next = 0

  const tick = (now: number): void => {
    frame = frames.request(tick)
    if (now - last < MILLISECONDS / listeners.length) return
    last = now
    next = (next + 1) % listeners.length
    listeners[next]?.()
  }

  return {
    add: (listener) => {
      listeners.push(listener)
      if (listeners.length === 1) frame = frames.request(tick)
      return () => {
        listeners.splice(listeners.indexOf(listener), 1)
        if (listeners.length === 0) frames.cancel(frame)
      }
    },
  }
}
