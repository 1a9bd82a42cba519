import type { Oracle } from './oracle.ts'
import type { HostTensor } from './run.ts'

/** Every pair of a place (row r, number k) and the token that it names, in order; places that name none are left out. */
function* pairs(
  indices: HostTensor,
  tokens: number,
): Generator<[row: number, place: number, token: number]> {
  const places = indices.shape[1]!
  for (let at = 0; at < indices.data.length; at++) {
    const token = indices.data[at]!
    if (token >= 0 && token < tokens) yield [Math.floor(at / places), at, token]
  }
}

/** places[r, k] = tokens[r mod images, indices[r, k]]. */
export const gatherOracle =
  (indices: HostTensor): Oracle =>
  ([x], dy) => {
    const [images, tokens, width] = x!.shape as [number, number, number]
    const value = new Float64Array(indices.data.length * width)
    const dx = new Float64Array(x!.data.length)
    for (const [row, place, token] of pairs(indices, tokens))
      for (let c = 0; c < width; c++) {
        const from = ((row % images) * tokens + token) * width + c
        value[place * width + c] = x!.data[from]!
        dx[from]! += dy[place * width + c]!
      }
    return { value, gradients: [dx] }
  }

/** tokens[r, n] = Σ places[r, k] with indices[r, k] = n; the fill token, or 0, where there is none. */
export const scatterOracle =
  (indices: HostTensor, tokens: number): Oracle =>
  ([x, fill], dy) => {
    const [rows, , width] = x!.shape as [number, number, number]
    const value = new Float64Array(rows * tokens * width)
    const dx = new Float64Array(x!.data.length)
    const dfill = new Float64Array(width)
    const found = new Set<number>()
    for (const [row, place, token] of pairs(indices, tokens)) {
      const at = row * tokens + token
      found.add(at)
      for (let c = 0; c < width; c++) {
        value[at * width + c]! += x!.data[place * width + c]!
        dx[place * width + c] = dy[at * width + c]!
      }
    }
    if (fill === undefined) return { value, gradients: [dx] }
    for (let at = 0; at < rows * tokens; at++)
      if (!found.has(at))
        for (let c = 0; c < width; c++) {
          value[at * width + c] = fill.data[c]!
          dfill[c]! += dy[at * width + c]!
        }
    return { value, gradients: [dx, dfill] }
  }
