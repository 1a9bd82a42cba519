import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { PeekabooError } from '../../../src/errors.ts'
import { root } from '../../node/project.ts'
import type { QuestionName, Questions, Reply } from './protocol.ts'

/** Characters of a process' last words that are kept for an error. */
const LAST_WORDS = 2000

/** Beside this file as source, beside all else in a bundle. */
const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './child.js', import.meta.url),
)

/**
 * A process of its own for an engine and a model: tfjs' global state, our cures of it and other libraries must not meet,
 * and what one holds on the GPU must not be counted for another.
 */
export class EngineProcess {
  readonly #name: string
  readonly #child: ChildProcess
  #lastWords = ''

  /**
   * @param name for messages, e.g. "tfjs on vit-d64"
   * @param main the program, as source or bundled
   */
  constructor(name: string, main = MAIN) {
    this.#name = name
    const isSource = main.endsWith('.ts')
    this.#child = fork(main, {
      // Finalisers count the memory that is given back, so the collector is run before counting.
      execArgv: ['--expose-gc', ...(isSource ? ['--import', 'tsx'] : [])],
      ...(isSource && { cwd: root }),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS)
    })
  }

  /**
   * Asks one question and waits for its answer; one at a time.
   * @throws PeekabooError the fault of the process; `internal` when it has ended
   */
  async ask<Name extends QuestionName>(
    name: Name,
    ask: Questions[Name]['ask'],
  ): Promise<Questions[Name]['answer']> {
    const reply = await this.#exchange({ name, ask })
    if ('fault' in reply)
      throw new PeekabooError({ ...reply.fault, what: `${this.#name}: ${reply.fault.what}` })
    return reply.answer as Questions[Name]['answer']
  }

  /** Ends the process. What it holds on the GPU goes with it. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    // Dawn takes its time to leave in good order, and nothing here is worth it.
    this.#child.kill('SIGKILL')
    await gone
  }

  #exchange(question: object): Promise<Reply> {
    const child = this.#child
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        child.off('message', onMessage)
        child.off('exit', onExit)
      }
      const onMessage = (reply: Reply): void => {
        settle()
        resolve(reply)
      }
      const onExit = (): void => {
        settle()
        reject(this.#ended())
      }
      child.once('message', onMessage)
      child.once('exit', onExit)
      child.send(question, (error) => error && onExit())
    })
  }

  #ended(): PeekabooError {
    return new PeekabooError({
      code: 'internal',
      what: `${this.#name}: its process has ended before it answered.`,
      kept: 'What was measured before is kept.',
      todo: 'Close what else needs memory and try again with `--workload` for this one alone.',
      detail: this.#lastWords.trim(),
    })
  }
}
