import type { Fault } from '../errors.ts'

/** The GPU was lost so many times in a row that it makes no sense to go on by itself. */
export const lostTooOften = (times: number, keptStep: number, detail = ''): Fault => ({
  code: 'device-lost',
  what: `The connection to the GPU was lost ${times} times in a row, so the run has stopped.`,
  kept: keptAsOf(keptStep),
  todo: 'Export it, or try again. If it happens again, restart with a smaller model or batch, or close other tabs that use the GPU.',
  detail,
})

/** The GPU was lost and none could be opened in its place. */
export const lostForGood = (keptStep: number, detail = ''): Fault => ({
  code: 'device-lost',
  what: 'The connection to the GPU was lost, and no GPU could be opened in its place.',
  kept: keptAsOf(keptStep),
  todo: 'Export it, or try again in a while. If that does not help, import the file after reloading the page or restarting the browser.',
  detail,
})

const keptAsOf = (step: number): string =>
  `The run is kept as of step ${step} and can be exported without a GPU.`

/** The GPU was lost so many times during the same evaluation. */
export const lostEvaluating = (times: number): Fault => ({
  code: 'device-lost',
  what: `The connection to the GPU was lost ${times} times during an evaluation, which is not tried again.`,
  kept: 'The run goes on with another GPU.',
  todo: 'Evaluate with fewer images, or close other tabs that use the GPU.',
})
