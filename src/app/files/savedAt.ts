/** When a file was saved, in the person's language and time zone; the text itself where it is no date. */
export function formatSavedAt(savedAt: string): string {
  const date = new Date(savedAt)
  return Number.isNaN(date.getTime())
    ? savedAt
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}
