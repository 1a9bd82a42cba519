import { expect, test } from 'vitest'
import { gpuMilliseconds, sortKernels } from './sortKernels.ts'

const kernels = [
  { family: 'matmul', dispatches: 4, bytes: 100, milliseconds: 1 },
  { family: 'AdamW', dispatches: 1, bytes: 300, milliseconds: 3 },
  { family: 'copy', dispatches: 4, bytes: 0, milliseconds: 0 },
]
const untimed = kernels.map((kernel) => ({ ...kernel, milliseconds: null }))
const names = (list: readonly { readonly family: string }[]) => list.map(({ family }) => family)

test('kernels are sorted by number from the largest, ties and names by name', () => {
  expect(names(sortKernels(kernels, 'milliseconds'))).toEqual(['AdamW', 'matmul', 'copy'])
  expect(names(sortKernels(kernels, 'dispatches'))).toEqual(['copy', 'matmul', 'AdamW'])
  expect(names(sortKernels(kernels, 'family'))).toEqual(['AdamW', 'copy', 'matmul'])
})

test('shares are of the time; where that is not known, of the bytes', () => {
  expect(sortKernels(kernels, 'family').map(({ share }) => share)).toEqual([0.75, 0, 0.25])
  expect(sortKernels(untimed, 'bytes').map(({ share }) => share)).toEqual([0.75, 0.25, 0])
  expect(sortKernels([kernels[2]!], 'bytes')[0]!.share).toBe(0)
})

test('the time of all is known only when that of each is', () => {
  expect(gpuMilliseconds(kernels)).toBe(4)
  expect(gpuMilliseconds([...kernels, untimed[0]!])).toBeNull()
})
