import type { Oracle } from './oracle.ts'
import type { HostTensor } from './run.ts'

/** Central differences of sum(dy · value) of an oracle in every entry of one of its inputs. */
export function differences(
  oracle: Oracle,
  inputs: readonly HostTensor[],
  which: number,
  dy: ArrayLike<number>,
): Float64Array {
  const step = 1e-5
  const loss = (entry: number, change: number): number => {
    const data = Float64Array.from(inputs[which]!.data)
    data[entry]! += change
    const moved = inputs.with(which, { ...inputs[which]!, data })
    return oracle(moved, dy).value.reduce((sum, value, i) => sum + value * dy[i]!, 0)
  }
  return Float64Array.from(
    { length: inputs[which]!.data.length },
    (_, entry) => (loss(entry, step) - loss(entry, -step)) / (2 * step),
  )
}
