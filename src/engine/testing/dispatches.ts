/** Number of dispatches that `work` encodes, by tfjs and by our own kernels. */
export function countDispatches(work: () => void): number {
  const { prototype } = GPUComputePassEncoder
  const original = Object.getOwnPropertyDescriptor(prototype, 'dispatchWorkgroups')!
  let count = 0
  Object.defineProperty(prototype, 'dispatchWorkgroups', {
    ...original,
    value(this: GPUComputePassEncoder, x: number, y?: number, z?: number) {
      count++
      Reflect.apply(original.value as typeof this.dispatchWorkgroups, this, [x, y, z])
    },
  })
  try {
    work()
  } finally {
    Object.defineProperty(prototype, 'dispatchWorkgroups', original)
  }
  return count
}
