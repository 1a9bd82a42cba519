import { describe, expect, it } from 'vitest'
import { layAttention, MAP_LABELS } from './attentionLayout.ts'
import { CELL_GAP } from './layout.ts'

const space = { width: 732, height: 660, devicePixelRatio: 1 }
const small = { layers: 12, columns: 4, grid: 8 }

describe('layAttention', () => {
  it('gives the image what many layers leave', () => {
    const { image, maps } = layAttention(small, space)
    expect(image).toBe(352)
    expect(maps.cell).toBe(48)
  })

  it('keeps the image small beside many heads', () => {
    const { image, maps } = layAttention({ layers: 12, columns: 13, grid: 8 }, space)
    expect(image).toBeLessThan(240)
    expect(maps.cell).toBeGreaterThanOrEqual(32)
  })

  it('fits both side by side', () => {
    for (const columns of [2, 4, 7, 13])
      for (const width of [600, 732, 1100]) {
        const { image, maps } = layAttention({ ...small, columns }, { ...space, width })
        const across = maps.orientation === 'across' ? small.layers : columns
        const side = maps.orientation === 'stacked' ? 0 : MAP_LABELS.side + CELL_GAP
        const used = side + across * (maps.cell + CELL_GAP) - CELL_GAP
        expect(image + 20 + used).toBeLessThanOrEqual(width)
      }
  })

  it('does not blow up few maps at the cost of the image', () => {
    const { image, maps } = layAttention({ layers: 2, columns: 3, grid: 8 }, space)
    expect(image).toBe(352)
    expect(maps.cell).toBeLessThanOrEqual(112)
  })

  it('leaves room for the caption under the image in a low space', () => {
    expect(layAttention(small, { ...space, height: 300 }).image).toBeLessThanOrEqual(204)
  })

  it('stacks them on a phone, with maps small enough to see several layers', () => {
    const { image, maps } = layAttention(small, { ...space, width: 358, height: null })
    expect(image).toBe(352)
    expect(maps).toEqual({ orientation: 'down', cell: 56 })
  })
})
