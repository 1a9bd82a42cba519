/** Operations on one value, with their WGSL and their JavaScript. */
export const UNARY = {
  neg: { wgsl: (x: string) => `-${x}`, value: (x: number) => -x },
  abs: { wgsl: (x: string) => `abs(${x})`, value: Math.abs },
  sign: { wgsl: (x: string) => `sign(${x})`, value: Math.sign },
  sqrt: { wgsl: (x: string) => `sqrt(${x})`, value: Math.sqrt },
  exp: { wgsl: (x: string) => `exp(${x})`, value: Math.exp },
  log: { wgsl: (x: string) => `log(${x})`, value: Math.log },
  // Beyond 10, tanh is ±1 in float32; not every adapter's tanh survives arguments that are much larger.
  tanh: { wgsl: (x: string) => `tanh(clamp(${x}, T(-10.0), T(10.0)))`, value: Math.tanh },
  floor: { wgsl: (x: string) => `floor(${x})`, value: Math.floor },
  /** 1 where x ≥ 0, else 0. */
  step: { wgsl: (x: string) => `step(T(0.0), ${x})`, value: (x: number) => Number(x >= 0) },
} as const

/** Operations on two values. */
export const BINARY = {
  add: { wgsl: (a: string, b: string) => `${a} + ${b}`, value: (a: number, b: number) => a + b },
  sub: { wgsl: (a: string, b: string) => `${a} - ${b}`, value: (a: number, b: number) => a - b },
  mul: { wgsl: (a: string, b: string) => `${a} * ${b}`, value: (a: number, b: number) => a * b },
  div: { wgsl: (a: string, b: string) => `${a} / ${b}`, value: (a: number, b: number) => a / b },
  max: { wgsl: (a: string, b: string) => `max(${a}, ${b})`, value: Math.max },
} as const

export type Unary = keyof typeof UNARY
export type Binary = keyof typeof BINARY

/** What an expression is made of. */
export type Node =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'unary'; readonly op: Unary; readonly of: Expression }
  | { readonly kind: 'binary'; readonly op: Binary; readonly a: Expression; readonly b: Expression }

/** A formula for every element, of inputs at the same place. Built once, turned into a kernel with its gradients. */
export class Expression {
  readonly node: Node

  private constructor(node: Node) {
    this.node = node
  }

  /** The element of an input. */
  static input(index: number): Expression {
    return new Expression({ kind: 'input', index })
  }

  /** A number. */
  static constant(value: number): Expression {
    return new Expression({ kind: 'constant', value })
  }

  add(other: Expression | number): Expression {
    return this.#with('add', other)
  }
  sub(other: Expression | number): Expression {
    return this.#with('sub', other)
  }
  mul(other: Expression | number): Expression {
    return this.#with('mul', other)
  }
  div(other: Expression | number): Expression {
    return this.#with('div', other)
  }
  /** The larger one; the gradient goes to it, to this one where they are equal. */
  max(other: Expression | number): Expression {
    return this.#with('max', other)
  }
  neg(): Expression {
    return this.#apply('neg')
  }
  /** |x|, whose gradient at 0 is 0. */
  abs(): Expression {
    return this.#apply('abs')
  }
  square(): Expression {
    return this.mul(this)
  }
  sqrt(): Expression {
    return this.#apply('sqrt')
  }
  exp(): Expression {
    return this.#apply('exp')
  }
  log(): Expression {
    return this.#apply('log')
  }
  tanh(): Expression {
    return this.#apply('tanh')
  }
  /** −1, 0 or 1; without gradient. */
  sign(): Expression {
    return this.#apply('sign')
  }
  /** The largest whole number that is not above x; without gradient. */
  floor(): Expression {
    return this.#apply('floor')
  }
  /** 1 where x ≥ 0, else 0; without gradient. */
  step(): Expression {
    return this.#apply('step')
  }

  #apply(op: Unary): Expression {
    return new Expression({ kind: 'unary', op, of: this })
  }

  #with(op: Binary, other: Expression | number): Expression {
    const b = typeof other === 'number' ? Expression.constant(other) : other
    return new Expression({ kind: 'binary', op, a: this, b })
  }
}

/** The operands of an expression. */
export const operandsOf = ({ node }: Expression): readonly Expression[] => {
  if (node.kind === 'unary') return [node.of]
  return node.kind === 'binary' ? [node.a, node.b] : []
}

/** All parts of expressions, each once, operands before what uses them. */
export function inOrder(roots: readonly Expression[]): Expression[] {
  const seen = new Set<Expression>()
  const visit = (expression: Expression): void => {
    if (seen.has(expression)) return
    operandsOf(expression).forEach(visit)
    seen.add(expression)
  }
  roots.forEach(visit)
  return [...seen]
}

/** The value of an expression in JavaScript, in float64. */
export function evaluate(expression: Expression, inputs: readonly number[]): number {
  const values = new Map<Expression, number>()
  for (const part of inOrder([expression])) {
    const { node } = part
    const [a, b] = operandsOf(part).map((operand) => values.get(operand)!)
    if (node.kind === 'input') values.set(part, inputs[node.index]!)
    else if (node.kind === 'constant') values.set(part, node.value)
    else if (node.kind === 'unary') values.set(part, UNARY[node.op].value(a!))
    else values.set(part, BINARY[node.op].value(a!, b!))
  }
  return values.get(expression)!
}
