import type { WriteStream } from 'node:tty'

/** Shows what is being done, how much of it is done and for how long; one line on a terminal, plain lines elsewhere. */
export interface Progress {
  readonly update: (what: string, share: number | null) => void
  /** Ends the line. */
  readonly end: () => void
}

const BAR = 24
/** Milliseconds between two redraws of the same activity. */
const REDRAW_MS = 100

/** @param stream usually `process.stderr` */
export function progressOn(stream: Pick<WriteStream, 'write'> & { isTTY?: boolean }): Progress {
  return stream.isTTY === true ? liveProgress(stream) : plainProgress(stream)
}

/** One line that is drawn over, at updates and every second, so that it is seen to live. */
function liveProgress(stream: Pick<WriteStream, 'write'>): Progress {
  let current: { what: string; share: number | null; since: number } | null = null
  let timer: NodeJS.Timeout | undefined
  let updated = -Infinity
  const draw = () => {
    if (current === null) return
    stream.write(`\r\x1b[K${describe(current.what, current.share, Date.now() - current.since)}`)
  }
  return {
    update: (what, share) => {
      const now = Date.now()
      const isNew = current?.what !== what
      if (current !== null && isNew) {
        draw()
        stream.write('\n')
      }
      current = { what, share, since: isNew ? now : (current?.since ?? now) }
      if (isNew || now - updated >= REDRAW_MS) {
        updated = now
        draw()
      }
      timer ??= setInterval(draw, 1000).unref()
    },
    end: () => {
      clearInterval(timer)
      draw()
      if (current !== null) stream.write('\n')
      current = null
      timer = undefined
    },
  }
}

/** A line for every new activity and for every further quarter of it. */
function plainProgress(stream: Pick<WriteStream, 'write'>): Progress {
  let shown = ''
  return {
    update: (what, share) => {
      const quarter = share === null ? null : Math.floor(share * 4)
      if (shown === `${what} ${String(quarter)}`) return
      shown = `${what} ${String(quarter)}`
      stream.write(share === null ? `${what} …\n` : `${what}: ${Math.floor(share * 100)} %\n`)
    },
    end: () => (shown = ''),
  }
}

function describe(what: string, share: number | null, elapsed: number): string {
  const seconds = Math.round(elapsed / 1000)
  if (share === null) return `${what} … ${seconds} s`
  const full = Math.round(share * BAR)
  const left =
    share > 0 && share < 1 ? `, ${Math.ceil(((1 - share) / share) * seconds)} s left` : ''
  return `${what} ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${Math.floor(share * 100)} %${left}`
}
