import { geluOracle, linearOracle, type Oracle } from './oracle.ts'

/** What `oracle` gives with a residual added: the last input, of the value's shape or one that repeats with the batch. */
export const withResidual =
  (oracle: Oracle): Oracle =>
  (inputs, dy) => {
    const added = inputs.at(-1)!.data
    const { value, gradients } = oracle(inputs.slice(0, -1), dy)
    const dadded = new Float64Array(added.length)
    value.forEach((_, i) => {
      dadded[i % added.length]! += dy[i]!
    })
    return {
      value: value.map((entry, i) => entry + added[i % added.length]!),
      gradients: [...gradients, dadded],
    }
  }

/** A dense layer, the exact GELU and another dense layer: inputs x, w1, b1, w2, b2. */
export const mlpOracle: Oracle = ([x, w1, b1, w2, b2], dy) => {
  const hidden = [x!.data.length / w1!.shape[1]!, w1!.shape[0]!]
  const zeros = new Float64Array(hidden[0]! * hidden[1]!)
  const before = { shape: hidden, data: linearOracle([x!, w1!, b1!], zeros).value }
  const activated = { shape: hidden, data: geluOracle([before], zeros).value }
  const { value, gradients } = linearOracle([activated, w2!, b2!], dy)
  const [dactivated, dw2, db2] = gradients as [Float64Array, Float64Array, Float64Array]
  const [dbefore] = geluOracle([before], dactivated).gradients as [Float64Array]
  const [dx, dw1, db1] = linearOracle([x!, w1!, b1!], dbefore).gradients as Float64Array[]
  return { value, gradients: [dx!, dw1!, db1!, dw2, db2] }
}
