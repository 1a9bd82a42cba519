import type { Answer, Oracle } from './oracle.ts'
import type { HostTensor } from './run.ts'

/** Batch norm of [rows, channels] in training, with the batch's statistics beside the value. */
export const batchNormOracle =
  (epsilon: number) =>
  (
    [x, weight, bias]: readonly HostTensor[],
    dy: ArrayLike<number>,
  ): Answer & { mean: Float64Array; variance: Float64Array } => {
    const width = x!.shape.at(-1)!
    const rows = Array.from({ length: x!.data.length / width }, (_, row) => row)
    const over = (f: (row: number) => number): number => rows.reduce((sum, row) => sum + f(row), 0)
    const value = new Float64Array(x!.data.length)
    const dx = new Float64Array(x!.data.length)
    const [mean, variance, dweight, dbias] = Array.from(
      { length: 4 },
      () => new Float64Array(width),
    )
    for (let c = 0; c < width; c++) {
      const at = (row: number): number => row * width + c
      const middle = over((row) => x!.data[at(row)]!) / rows.length
      const spread = over((row) => (x!.data[at(row)]! - middle) ** 2) / rows.length
      const scale = 1 / Math.sqrt(spread + epsilon)
      const normal = (row: number): number => (x!.data[at(row)]! - middle) * scale
      const factor = weight?.data[c] ?? 1
      mean![c] = middle
      variance![c] = spread
      dbias![c] = over((row) => dy[at(row)]!)
      dweight![c] = over((row) => dy[at(row)]! * normal(row))
      for (const row of rows) {
        value[at(row)] = normal(row) * factor + (bias?.data[c] ?? 0)
        const pull = dy[at(row)]! - (dbias![c]! + normal(row) * dweight![c]!) / rows.length
        dx[at(row)] = factor * scale * pull
      }
    }
    const gradients = weight ? [dx, dweight!, dbias!] : [dx]
    return { value, gradients, mean: mean!, variance: variance! }
  }

/** max(0, batch norm + skip); the inputs are those of batch norm and then the skip, where there is one. */
export const batchNormReluOracle =
  (epsilon: number, affine: boolean): Oracle =>
  (inputs, dy) => {
    const own = inputs.slice(0, affine ? 3 : 1)
    const skip = inputs[own.length]
    const { value } = batchNormOracle(epsilon)(own, dy)
    const sum = value.map((entry, i) => entry + (skip?.data[i] ?? 0))
    const g = sum.map((entry, i) => (entry > 0 ? dy[i]! : 0))
    const { gradients } = batchNormOracle(epsilon)(own, g)
    return {
      value: sum.map((entry) => Math.max(0, entry)),
      gradients: skip ? [...gradients, g] : gradients,
    }
  }

/** Batch norm with given statistics; the inputs are those of batch norm and then, with ReLU, the skip, where there is one. */
export const keptNormOracle =
  (
    epsilon: number,
    { mean, variance }: { mean: ArrayLike<number>; variance: ArrayLike<number> },
    { affine, relu }: { affine: boolean; relu: boolean },
  ): Oracle =>
  (inputs, dy) => {
    const [x, weight, bias] = affine ? inputs : [inputs[0]!]
    const skip = inputs[affine ? 3 : 1]
    const width = mean.length
    const [dweight, dbias] = [new Float64Array(width), new Float64Array(width)]
    const [value, dx, g] = Array.from({ length: 3 }, () => new Float64Array(x!.data.length))
    for (let i = 0; i < value!.length; i++) {
      const c = i % width
      const scale = 1 / Math.sqrt(variance[c]! + epsilon)
      const normal = (x!.data[i]! - mean[c]!) * scale
      const factor = weight?.data[c] ?? 1
      const sum = normal * factor + (bias?.data[c] ?? 0) + (skip?.data[i] ?? 0)
      value![i] = relu ? Math.max(0, sum) : sum
      g![i] = relu && sum <= 0 ? 0 : dy[i]!
      dx![i] = factor * scale * g![i]!
      dweight[c]! += g![i]! * normal
      dbias[c]! += g![i]!
    }
    const gradients = affine ? [dx!, dweight, dbias] : [dx!]
    return { value: value!, gradients: skip ? [...gradients, g!] : gradients }
  }
