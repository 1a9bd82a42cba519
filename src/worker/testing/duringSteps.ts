import { vi } from 'vitest'
import { method } from '../../methods/a2mim/method.ts'

let forget = (): void => undefined

/** Does things, each once, while the training steps of these numbers are being made. Forgets what was planned before. */
export function duringSteps(actions: Readonly<Record<number, () => void>>): void {
  forget()
  const original = method.stepInputs.bind(method)
  const waiting = new Map(Object.entries(actions))
  const spy = vi.spyOn(method, 'stepInputs').mockImplementation((settings, draw, batch) => {
    const step = String(draw.step + 1)
    const action = waiting.get(step)
    waiting.delete(step)
    action?.()
    return original(settings, draw, batch)
  })
  forget = () => spy.mockRestore()
}
