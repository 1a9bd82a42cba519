import { Expression, inOrder, type Node } from './expression.ts'

/**
 * The gradients of an expression, as expressions.
 * @param dy gradient of the expression itself
 * @param inputs indices of the inputs that gradients are wanted for
 * @returns for each of them its gradient; null where the expression does not depend on it
 */
export function gradientsOf(
  expression: Expression,
  dy: Expression,
  inputs: readonly number[],
): (Expression | null)[] {
  const gradients = new Map<Expression, Expression>([[expression, dy]])
  const add = (to: Expression, gradient: Expression): void => {
    const before = gradients.get(to)
    gradients.set(to, before === undefined ? gradient : before.add(gradient))
  }
  const byInput = new Map<number, Expression>()
  for (const part of inOrder([expression]).reverse()) {
    const gradient = gradients.get(part)
    if (gradient === undefined) continue
    if (part.node.kind === 'input') {
      const before = byInput.get(part.node.index)
      byInput.set(part.node.index, before === undefined ? gradient : before.add(gradient))
    } else passOn(part.node, part, gradient, add)
  }
  return inputs.map((index) => byInput.get(index) ?? null)
}

/** Gives the operands of a node their share of its gradient. */
function passOn(
  node: Node,
  result: Expression,
  dy: Expression,
  add: (to: Expression, gradient: Expression) => void,
): void {
  if (node.kind === 'unary') {
    const slope = slopeOf(node.op, node.of, result)
    if (slope !== null) add(node.of, dy.mul(slope))
  } else if (node.kind === 'binary') {
    const { op, a, b } = node
    const later = a.sub(b).step()
    switch (op) {
      case 'add':
        add(a, dy)
        add(b, dy)
        break
      case 'sub':
        add(a, dy)
        add(b, dy.neg())
        break
      case 'mul':
        add(a, dy.mul(b))
        add(b, dy.mul(a))
        break
      case 'div':
        add(a, dy.div(b))
        add(b, dy.mul(result).div(b).neg())
        break
      case 'max':
        add(a, dy.mul(later))
        add(b, dy.mul(Expression.constant(1).sub(later)))
        break
    }
  }
}

/** The derivative of y = op(x); null where it is 0 everywhere. */
function slopeOf(
  op: (Node & { kind: 'unary' })['op'],
  x: Expression,
  y: Expression,
): Expression | null {
  switch (op) {
    case 'neg':
      return Expression.constant(-1)
    case 'abs':
      return x.sign()
    case 'sqrt':
      return Expression.constant(0.5).div(y)
    case 'exp':
      return y
    case 'log':
      return Expression.constant(1).div(x)
    case 'tanh':
      return Expression.constant(1).sub(y.square())
    case 'sign':
    case 'floor':
    case 'step':
      return null
  }
}
