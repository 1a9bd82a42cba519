import type { Engine } from './engine.ts'

let current: Engine | null = null

/**
 * The engine that tfjs computes on now. Ops ask for it here, so that method code is plain maths on tensors.
 * @throws Error when no engine is open
 */
export function currentEngine(): Engine {
  if (current === null) throw new Error('no engine is open')
  return current
}

/** For Engine alone: names the open engine, or null when it is given back. */
export function setCurrentEngine(engine: Engine | null): void {
  current = engine
}
