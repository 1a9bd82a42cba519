import { expect, it } from 'vitest'
import { settingsMarkdown } from './docs.ts'
import { table } from './fixtures/methods.ts'

it('describes every setting in a Markdown table a group', () => {
  expect(settingsMarkdown({ ratio: table.ratio, size: table.size, bias: table.bias }, 4)).toBe(
    [
      '#### Masking',
      '',
      '| Setting | Key | Default | Range | Takes effect | Default from | What it does |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| Mask ratio | `ratio` | 0.6 | 0 to 0.95 | at the next step | the paper | Share that is hidden \\| shown in \\*tables\\*. |',
      '',
      '#### Model',
      '',
      '| Setting | Key | Default | Range | Takes effect | Default from | What it does |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| Images | `size` | 50k | 2000 (2k), 50000 (50k) | with a new run | the official code | How many. |',
      '| Bias | `bias` | on | on, off | at the next step, after a short rebuild | the official code | On or off. Used only while Images is 2k or 50k. |',
      '',
    ].join('\n'),
  )
})

it('says all conditions of a setting', () => {
  const { size, bias } = table
  const both = [
    { key: 'size', is: ['2000'] },
    { key: 'other', is: [true] },
  ]
  const other = { ...bias, when: both, label: 'Other' }
  expect(settingsMarkdown({ size, other })).toContain(
    'Used only while Images is 2k and Other is on. |',
  )
})

it('says on what a default depends', () => {
  const options = table.size.options.map((option) =>
    option.value === '2000' ? { ...option, defaults: { ratio: 0.3 } } : option,
  )
  const size = { ...table.size, options }
  expect(settingsMarkdown({ ratio: table.ratio, size })).toContain(
    '| Mask ratio | `ratio` | 0.6 with 50k, 0.3 with 2k |',
  )
})

it('leaves out what could never be used', () => {
  const text = settingsMarkdown({ ratio: table.ratio, bias: table.bias })
  expect(text).toContain('`ratio`')
  expect(text).not.toContain('`bias`')
})
