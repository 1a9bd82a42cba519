/** A row of a table as a line of a CSV file, quoted as RFC 4180 wants it. */
export const csvLine = (row: readonly (string | number | boolean)[]): string =>
  `${row.map(field).join(',')}\r\n`

function field(value: string | number | boolean): string {
  // A cell that begins like a formula would be one in a spreadsheet.
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
