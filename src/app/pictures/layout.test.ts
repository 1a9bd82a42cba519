import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CELL_GAP, chooseLayout } from './layout.ts'

const labels = { side: 90, top: 40, caption: 20 }
const shape = { items: 8, columns: 6, pixels: 32 }
const space = (width: number, height: number | null, devicePixelRatio = 1) => ({
  width,
  height,
  devicePixelRatio,
})

describe('chooseLayout', () => {
  it('lays samples side by side in a wide, low space', () => {
    const layout = chooseLayout(shape, space(900, 440), labels)
    expect(layout.orientation).toBe('across')
    expect(layout.cell).toBe(62)
  })

  it('puts one sample a line in a tall space', () => {
    expect(chooseLayout(shape, space(600, 1200), labels).orientation).toBe('down')
  })

  it('stacks captions above the lines on a phone', () => {
    const layout = chooseLayout(shape, space(358, null), labels)
    expect(layout.orientation).toBe('stacked')
    expect(layout.cell).toBe(56)
  })

  it('turns the table on a phone where many columns would be too small to see', () => {
    const many = { items: 5, columns: 12, pixels: 32 }
    expect(chooseLayout(many, space(358, null), labels)).toEqual({
      orientation: 'across',
      cell: 49,
    })
    expect(chooseLayout({ ...many, items: 16 }, space(358, null), labels).orientation).toBe(
      'stacked',
    )
  })

  it('prefers a table wider than high where the cells hardly differ', () => {
    expect(chooseLayout(shape, space(732, 690), labels).orientation).toBe('across')
    expect(chooseLayout({ ...shape, items: 5 }, space(732, 690), labels).orientation).toBe('down')
  })

  it('keeps a single sample on one line', () => {
    expect(chooseLayout({ ...shape, items: 1 }, space(900, 440), labels).orientation).not.toBe(
      'across',
    )
  })

  it('takes a whole multiple of the pixels where it is near', () => {
    expect(chooseLayout(shape, space(930, 470), labels).cell).toBe(64)
  })

  it('counts device pixels on dense screens', () => {
    const { cell } = chooseLayout(shape, space(900, 400, 3), labels)
    expect(cell * 3).toBe(160)
  })

  it('fits any reasonable space, in width and in height', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 600, max: 2000 }),
        fc.integer({ min: 500, max: 1400 }),
        fc.constantFrom(1, 1.25, 2, 3),
        fc.constantFrom(0, 16),
        (items, columns, width, height, ratio, foot) => {
          const { orientation, cell } = chooseLayout(
            { items, columns, pixels: 32 },
            space(width, height, ratio),
            { ...labels, foot },
          )
          const [across, down] = orientation === 'across' ? [items, columns] : [columns, items]
          const side = orientation === 'stacked' ? 0 : labels.side + CELL_GAP
          const line = cell + foot + (orientation === 'stacked' ? labels.caption + CELL_GAP : 0)
          const smallest = cell <= 16
          expect(smallest || side + across * cell + (across - 1) * CELL_GAP <= width).toBe(true)
          const used = labels.top + CELL_GAP + down * line + (down - 1) * CELL_GAP
          expect(smallest || used <= height).toBe(true)
        },
      ),
    )
  })

  it('never falls below a visible size', () => {
    expect(chooseLayout(shape, space(40, 40), labels).cell).toBe(16)
  })
})
