/**
 * Least squares for curves with two parameters (Levenberg, 1944; Marquardt, 1963). UMAP fits one such curve before it begins;
 * the general library that it brings for that is four times its own size, and the build puts this in its place (see
 * vite.config.ts).
 */

type Curve = (parameters: readonly [number, number]) => (x: number) => number

/** Step of the parameters in differences, relative to their size. */
const DIFFERENCE = 1e-6
const ITERATIONS = 100
/** Damping at the start, and by how much it changes after a step. */
const [DAMPING, CHANGE] = [1e-2, 10]
/** The search ends when a step makes the error smaller by less than this share. */
const PRECISION = 1e-12

/** The parameters for which the curve is nearest to the points. */
export default function fitCurve(
  { x, y }: { readonly x: readonly number[]; readonly y: readonly number[] },
  curve: Curve,
  { initialValues }: { readonly initialValues: readonly [number, number] },
): { readonly parameterValues: [number, number] } {
  const misfits = (parameters: readonly [number, number]): number[] => {
    const at = curve(parameters)
    return x.map((value, i) => y[i]! - at(value))
  }
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0)

  let [a, b] = initialValues
  let misfit = misfits([a, b])
  let error = sumOf(misfit)
  let damping = DAMPING
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const [da, db] = [DIFFERENCE * Math.max(1, Math.abs(a)), DIFFERENCE * Math.max(1, Math.abs(b))]
    const byA = misfits([a + da, b]).map((value, i) => (misfit[i]! - value) / da)
    const byB = misfits([a, b + db]).map((value, i) => (misfit[i]! - value) / db)
    const dot = (p: readonly number[], q: readonly number[]) =>
      p.reduce((sum, value, i) => sum + value * q[i]!, 0)
    // The normal equations of the linear curve at this place, their diagonal enlarged.
    const aa = dot(byA, byA) * (1 + damping)
    const bb = dot(byB, byB) * (1 + damping)
    const ab = dot(byA, byB)
    const [ra, rb] = [dot(byA, misfit), dot(byB, misfit)]
    const determinant = aa * bb - ab * ab
    const next = [
      a + (bb * ra - ab * rb) / determinant,
      b + (aa * rb - ab * ra) / determinant,
    ] as const
    const missed = misfits(next)
    const left = sumOf(missed)
    // Also where the curve has no value there.
    if (!(left < error)) {
      damping *= CHANGE
      continue
    }
    const gain = (error - left) / error
    ;[a, b] = next
    misfit = missed
    error = left
    damping /= CHANGE
    if (gain < PRECISION) break
  }
  return { parameterValues: [a, b] }
}
