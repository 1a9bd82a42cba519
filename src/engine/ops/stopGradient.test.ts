import { expect, it } from 'vitest'
import { noise, worstError } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { valueAndGradients } from '../testing/run.ts'
import { stopGradient } from './stopGradient.ts'

useEngine()

it('keeps the value and drops the gradient', async () => {
  const x = noise([2, 3], 1)
  const { value, gradients } = await valueAndGradients((t) => t.mul(stopGradient(t)), [x])
  const squares = Array.from(x.data, (entry) => entry * entry)
  expect(worstError(value, squares)).toBeLessThan(1e-6)
  expect(gradients[0]).toEqual(x.data)
})
