import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { judge } from './bars.ts'
import { barsTable, figuresTable, networksTable, profileTable } from './report.ts'
import { markdownTable, plainTable } from './table.ts'
import type { Measurement } from './workloads.ts'

const measurements: Measurement[] = [
  { workload: 'vit-d64', engine: 'tfjs', metric: 'dispatches', value: 1247 },
  { workload: 'vit-d64', engine: 'tfjs', metric: 'submits', value: 83.5 },
  { workload: 'vit-d64', engine: 'tfjs', metric: 'wallMs', value: 1808.4 },
  { workload: 'vit-d64', engine: 'peekaboo', metric: 'dispatches', value: 117 },
  { workload: 'vit-d64', engine: 'peekaboo', metric: 'submits', value: 1 },
  { workload: 'vit-d64', engine: 'peekaboo', metric: 'wallMs', value: 904.2 },
  { workload: 'vit-d64', engine: 'peekaboo', metric: 'hostMs', value: 0.876 },
  { workload: 'vit-d64', engine: 'peekaboo', metric: 'deviceBytes', value: 33_900_000 },
  { workload: 'vit-d64', engine: 'peekaboo', metric: 'uploadedBytes', value: 64 },
  { workload: 'vit-d64', engine: 'peekaboo', metric: 'multiplyAdds', value: 12_340_000_000 },
  { workload: 'vit-d64', engine: 'peekaboo', metric: 'matmulShare', value: 0.765 },
]

describe('figures', () => {
  it('are a row for every engine; what was not measured is a dash', () => {
    expect(figuresTable(measurements).rows).toEqual([
      ['vit-d64', 'tfjs', '1,247', '83.5', '–', '1,808 ms', '–', '–', '–', '–'],
      [
        'vit-d64',
        'Peekaboo',
        '117',
        '1',
        '0.876 ms',
        '904 ms',
        '33.9 MB',
        '64 B',
        '12.3 G',
        '76.5 %',
      ],
    ])
  })
})

describe('networks', () => {
  const of = (workload: Measurement['workload'], values: [number, number, number]): Measurement[] =>
    (['dispatches', 'multiplyAdds', 'wallMs'] as const).map((metric, i) => ({
      ...{ workload, engine: 'peekaboo', metric },
      value: values[i]!,
    }))
  const vit = of('a2mim-tiny', [100, 2e9, 50])

  it('are compared where both were measured', () => {
    const resnet = of('a2mim-resnet-tiny', [150, 3e9, 60])
    const more = of('a2mim-resnet-small', [1, 1, 1])
    expect(networksTable([...vit, ...resnet, ...more]).rows).toEqual([
      ['a2mim-resnet-tiny', 'a2mim-tiny', '× 1.50', '× 1.50', '× 1.20', '× 0.80'],
    ])
    expect(networksTable(vit).rows).toEqual([])
  })
})

describe('bars', () => {
  it('are said to be met or not, with what was measured', () => {
    expect(barsTable(judge(measurements)).rows).toEqual([
      ['dispatches', 'vit-d64', '≤ 130', '117', 'yes'],
      ['submits', 'vit-d64', '≤ 2', '1', 'yes'],
      ['wall, of tfjs', 'vit-d64', '≤ 0.450', '0.500', 'no'],
      ['uploaded', 'vit-d64', '≤ 16.0 kB', '64 B', 'yes'],
    ])
  })
})

describe('a profile', () => {
  const costs = [
    { family: 'matmul', dispatches: 3, bytes: 2_000_000, milliseconds: 1.5 },
    { family: 'AdamW', dispatches: 1, bytes: 1_000_000, milliseconds: 0.5 },
  ]

  it('ends with the sums', () => {
    expect(profileTable(costs).rows).toEqual([
      ['matmul', '3', '2.00 MB', '1.50 ms'],
      ['AdamW', '1', '1.00 MB', '0.500 ms'],
      ['all', '4', '3.00 MB', '2.00 ms'],
    ])
  })

  it('has no sum of times where one is not known', () => {
    const { rows } = profileTable([costs[0]!, { ...costs[1]!, milliseconds: null }])
    expect(rows.map((row) => row[3])).toEqual(['1.50 ms', '–', '–'])
  })
})

describe('tables', () => {
  it('stand in columns, numbers to the right', () => {
    const table = { head: ['name', 'n'], rows: [['a', '10'] as const, ['bc', '7'] as const] }
    expect(plainTable({ ...table, numbersFrom: 1 })).toBe('name   n\na     10\nbc     7')
  })

  it('are Markdown as Prettier writes it', async () => {
    const options = await resolveConfig(import.meta.filename)
    for (const table of [figuresTable(measurements), barsTable(judge(measurements))]) {
      const text = `${markdownTable(table)}\n`
      expect(await format(text, { ...options, parser: 'markdown' })).toBe(text)
    }
  })
})
