/** A table of texts. */
export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns from this one on hold numbers and stand to the right. */
  readonly numbersFrom: number
}

const widthsOf = ({ head, rows }: Table): number[] =>
  head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))

function padded(table: Table, row: readonly string[], widths: readonly number[]): string[] {
  return row.map((text, column) => {
    const gap = ' '.repeat(widths[column]! - text.length)
    return column < table.numbersFrom ? text + gap : gap + text
  })
}

/** For a terminal. */
export function plainTable(table: Table): string {
  const widths = widthsOf(table)
  return [table.head, ...table.rows]
    .map((row) => padded(table, row, widths).join('  ').trimEnd())
    .join('\n')
}

/** For a document, as Prettier would write it. */
export function markdownTable(table: Table): string {
  const widths = widthsOf(table).map((width) => Math.max(width, 3))
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = widths.map((width, column) =>
    column < table.numbersFrom ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  const [head, ...rows] = [table.head, ...table.rows].map((row) => padded(table, row, widths))
  return [line(head!), line(rule), ...rows.map(line)].join('\n')
}
