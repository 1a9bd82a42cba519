import type { Browser, Page } from '@playwright/test'

/** What the page's main thread did in a window of time; all in milliseconds. */
export interface MainThread {
  /** Longest stretch in which the page could not answer, by the browser's long-task observer; 0 for none over 50. */
  readonly longestTask: number
  /** Most processor time that a single task took. */
  readonly longestWork: number
  /** Time that all tasks took over the processor time they took: 1 when the page never waits for the processor. */
  readonly stretch: number
}

/** Watches the page's main thread for a while. */
export async function watchMainThread(
  browser: Browser,
  page: Page,
  seconds: number,
): Promise<MainThread> {
  await browser.startTracing(page, { categories: ['-*', 'toplevel'] })
  const longestTask = await longestObserved(page, seconds * 1000)
  const tasks = mainThreadTasks(JSON.parse((await browser.stopTracing()).toString()) as Trace)
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  return {
    longestTask,
    longestWork: Math.max(...tasks.map(({ tdur }) => tdur)) / 1000,
    stretch: sum(tasks.map(({ dur }) => dur)) / sum(tasks.map(({ tdur }) => tdur)),
  }
}

/** The longest task that the observer reports; it reports none under 50 ms. */
function longestObserved(page: Page, milliseconds: number): Promise<number> {
  return page.evaluate(
    (time) =>
      new Promise<number>((resolve) => {
        let longest = 0
        const look = (entries: PerformanceEntryList) => {
          for (const { duration } of entries) longest = Math.max(longest, duration)
        }
        const observer = new PerformanceObserver((list) => look(list.getEntries()))
        observer.observe({ type: 'longtask' })
        setTimeout(() => {
          look(observer.takeRecords())
          resolve(longest)
        }, time)
      }),
    milliseconds,
  )
}

/** The part of Chrome's trace format that is read; times in microseconds. */
interface Trace {
  readonly traceEvents: readonly {
    readonly name: string
    readonly pid: number
    readonly tid: number
    readonly args: Readonly<Record<string, unknown>>
    readonly dur?: number
    /** Processor time of the thread. */
    readonly tdur?: number
  }[]
}

/** The tasks of the busiest page: there is only one that does anything. */
function mainThreadTasks({ traceEvents }: Trace) {
  const threads = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  )
  const tasksOf = threads.map(({ pid, tid }) =>
    traceEvents.flatMap(({ name, dur, tdur, ...event }) =>
      event.pid === pid && event.tid === tid && name.endsWith('RunTask') && dur && tdur
        ? [{ dur, tdur }]
        : [],
    ),
  )
  return tasksOf.reduce((busiest, tasks) => (tasks.length > busiest.length ? tasks : busiest), [])
}
