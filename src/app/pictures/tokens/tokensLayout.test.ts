import { describe, expect, it } from 'vitest'
import { CELL_GAP } from '../layout.ts'
import { LABELS, layTokens, TABLE_GAP } from './tokensLayout.ts'

const space = { width: 724, height: 620, devicePixelRatio: 1 }

describe('layTokens', () => {
  it('needs one table for a few images', () => {
    expect(layTokens(5, 32, space)).toEqual({
      perTable: 5,
      table: { orientation: 'across', cell: 124 },
    })
  })

  it('parts many images so that patches can still be hit', () => {
    const { perTable, table } = layTokens(16, 32, space)
    expect(perTable).toBe(8)
    expect(table.cell).toBeGreaterThan(70)
  })

  it('fits the height with all its tables', () => {
    for (let images = 1; images <= 16; images++)
      for (const height of [420, 620, 900]) {
        const { perTable, table } = layTokens(images, 32, { ...space, height })
        const tables = Math.ceil(images / perTable)
        const lines = table.orientation === 'across' ? 3 : perTable
        const side = LABELS.top + lines * (table.cell + CELL_GAP)
        expect(tables * side + (tables - 1) * TABLE_GAP, `${images}`).toBeLessThanOrEqual(height)
      }
  })

  it('has one table where the page grows', () => {
    expect(layTokens(16, 32, { ...space, width: 358, height: null }).perTable).toBe(16)
  })
})
