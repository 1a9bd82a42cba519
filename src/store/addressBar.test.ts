import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { methods } from '../methods/registry.ts'
import { parseAddress } from '../settings/address.ts'
import { keepAddress, queryOf } from './addressBar.ts'
import { createSession } from './session.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the address opens the page as the form is', () => {
  const session = createSession()
  session.setState(({ wanted }) => ({ preset: 'tiny', wanted: { ...wanted, maskRatio: 0.75 } }))
  const { preset, values, notices } = parseAddress(queryOf(session.getState()), methods)
  expect(notices).toEqual([])
  expect(preset).toBe('tiny')
  expect(values).toEqual(session.getState().wanted)
})

test('the address follows the form, but not every move of a slider', () => {
  const session = createSession()
  const replace = vi.fn()
  const stop = keepAddress(session, replace)
  for (const maskRatio of [0.61, 0.62, 0.63])
    session.setState(({ wanted }) => ({ wanted: { ...wanted, maskRatio } }))
  expect(replace).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1000)
  expect(replace).toHaveBeenCalledExactlyOnceWith(queryOf(session.getState()))
  expect(queryOf(session.getState())).toContain('maskRatio=0.63')

  session.setState({ savedStep: 3 })
  vi.advanceTimersByTime(1000)
  expect(replace).toHaveBeenCalledOnce()

  // While someone else drives, the form is not the person's.
  const driving = { name: 'Ratios', what: 'run 1 of 2', paused: false }
  session.setState(({ wanted }) => ({ driving, wanted: { ...wanted, maskRatio: 0.1 } }))
  vi.advanceTimersByTime(1000)
  expect(replace).toHaveBeenCalledOnce()
  session.setState({ driving: null })
  vi.advanceTimersByTime(1000)
  expect(replace).toHaveBeenLastCalledWith(queryOf(session.getState()))

  stop()
  session.setState({ preset: 'base' })
  vi.advanceTimersByTime(1000)
  expect(replace).toHaveBeenCalledTimes(2)
})
