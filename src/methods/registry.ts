import { a2mim } from './a2mim/description.ts'
import type { MethodDescription } from './description.ts'
import { dino } from './dino/description.ts'
import { extrema } from './extrema/description.ts'
import { mae } from './mae/description.ts'
import { mocov3 } from './mocov3/description.ts'
import { randsac } from './randsac/description.ts'
import { simclr } from './simclr/description.ts'

/** Every method, in the order in which the page offers them. A new method is a folder and a line here. */
export const methods: readonly MethodDescription[] = [
  a2mim,
  extrema,
  randsac,
  mocov3,
  dino,
  simclr,
  mae,
]

/** The description of a method, or undefined when there is none of that id. */
export function findMethod(id: string): MethodDescription | undefined {
  return methods.find((method) => method.id === id)
}
