import { expect, test } from 'vitest'
import { multiplyAdds } from './resnetCost.ts'

test('multiply-adds of the network for CIFAR-10 that everyone counts', () => {
  // ResNet-18 with a 3 × 3 stem of 64 channels: 0.56 G, less the classifier’s 5,120.
  const resnet18 = { block: 'basic', stemWidth: 64, blocks: [2, 2, 2, 2] } as const
  expect(multiplyAdds(resnet18, 32)).toBe(555_417_600)
})

test('every convolution counts at the resolution of its result', () => {
  const basic = { block: 'basic', stemWidth: 2, blocks: [0] } as const
  expect(multiplyAdds(basic, 4)).toBe(16 * 9 * 3 * 2)
  const two = { block: 'basic', stemWidth: 2, blocks: [0, 1] } as const
  expect(multiplyAdds(two, 4)).toBe(multiplyAdds(basic, 4))
  const bottleneck = { block: 'bottleneck', stemWidth: 2, blocks: [1, 1] } as const
  const first = 16 * (2 * 2 + 9 * 2 * 2 + 2 * 8 + 2 * 8)
  const second = 16 * 8 * 4 + 4 * (9 * 4 * 4 + 4 * 16 + 8 * 16)
  expect(multiplyAdds(bottleneck, 4)).toBe(16 * 9 * 3 * 2 + first + second)
})
