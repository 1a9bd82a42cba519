import type { WriteStream } from 'node:tty'

/** Where a long run shows how far it is. */
export interface RunProgress {
  readonly step: (step: number, loss: number) => void
  /** Something beside training is being done; a terminal shows it for as long as it goes on. */
  readonly evaluating: (what: string, share: number) => void
  /** A line that stays. */
  readonly say: (text: string) => void
  readonly end: () => void
}

/** Steps between two lines where the output is no terminal. */
const PLAIN_EVERY = 50
/** Milliseconds between two redraws of what is being done beside training. */
const REDRAW_MS = 100

/** A line with step, loss, speed and time left: redrawn on a terminal, now and then elsewhere. */
export function showProgress(
  stream: Pick<WriteStream, 'write'> & { isTTY?: boolean },
  from: number,
  to: number,
): RunProgress {
  const started = performance.now()
  const live = stream.isTTY === true
  let drawn = -Infinity
  return {
    step(step, loss) {
      if (!live && step % PLAIN_EVERY !== 0 && step !== to) return
      const perStep = (performance.now() - started) / 1000 / (step - from)
      const left = formatDuration((to - step) * perStep)
      const line = `step ${step} of ${to} · loss ${loss.toFixed(4)} · ${(1000 * perStep).toFixed(0)} ms a step · ${left} left`
      stream.write(live ? `\r\x1b[K${line}` : `${line}\n`)
    },
    evaluating(what, share) {
      if (!live || performance.now() - drawn < REDRAW_MS) return
      drawn = performance.now()
      stream.write(`\r\x1b[K${what} · ${Math.floor(100 * share)} %`)
    },
    say(text) {
      stream.write(live ? `\r\x1b[K${text}\n` : `${text}\n`)
    },
    end() {
      if (live) stream.write('\n')
    },
  }
}

function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
