import type { Oracle } from './oracle.ts'

/** 2-D convolution of [batch, height, width, in] with [out, in, kernel height, kernel width], zeros outside. */
export const convolutionOracle =
  (stride: number, padding: number): Oracle =>
  ([x, weight, bias], dy) => {
    const [images, height, width, inputs] = x!.shape as [number, number, number, number]
    const [outputs, , high, broad] = weight!.shape as [number, number, number, number]
    const outHeight = Math.floor((height + 2 * padding - high) / stride) + 1
    const outWidth = Math.floor((width + 2 * padding - broad) / stride) + 1
    const value = new Float64Array(images * outHeight * outWidth * outputs)
    const dx = new Float64Array(x!.data.length)
    const dweight = new Float64Array(weight!.data.length)
    const dbias = new Float64Array(outputs)
    for (let at = 0; at < value.length; at++) {
      const output = at % outputs
      const u = Math.floor(at / outputs) % outWidth
      const v = Math.floor(at / outputs / outWidth) % outHeight
      const image = Math.floor(at / outputs / outWidth / outHeight)
      const d = dy[at]!
      let sum = bias?.data[output] ?? 0
      for (let r = 0; r < high; r++)
        for (let s = 0; s < broad; s++) {
          const row = v * stride + r - padding
          const column = u * stride + s - padding
          if (row < 0 || row >= height || column < 0 || column >= width) continue
          const from = ((image * height + row) * width + column) * inputs
          for (let c = 0; c < inputs; c++) {
            const w = ((output * inputs + c) * high + r) * broad + s
            sum += x!.data[from + c]! * weight!.data[w]!
            dx[from + c]! += d * weight!.data[w]!
            dweight[w]! += d * x!.data[from + c]!
          }
        }
      value[at] = sum
      dbias[output]! += d
    }
    return { value, gradients: bias ? [dx, dweight, dbias] : [dx, dweight] }
  }
