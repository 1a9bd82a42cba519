/** From steps and values to places in a box of 100 × 100. */
export interface SparkScale {
  readonly x: (place: number) => number
  readonly y: (value: number) => number
}

/** Room above and below the lines, so that their strokes are whole. */
const EDGE = 4

/** The scale on which all values from 0 up fill the box. */
export function sparkScale(places: readonly number[], values: readonly number[]): SparkScale {
  const first = places[0] ?? 0
  const width = (places.at(-1) ?? 0) - first || 1
  const highest = Math.max(...values, Number.MIN_VALUE)
  return {
    x: (place) => (100 * (place - first)) / width,
    y: (value) => 100 - EDGE - ((100 - 2 * EDGE) * value) / highest,
  }
}

/** A line through the values; a single one is drawn from side to side. */
export function sparkPath(
  places: readonly number[],
  values: readonly number[],
  { x, y }: SparkScale,
): string {
  if (values.length === 1) return `M0,${y(values[0]!).toFixed(1)}H100`
  return values
    .map(
      (value, at) => `${at === 0 ? 'M' : 'L'}${x(places[at]!).toFixed(1)},${y(value).toFixed(1)}`,
    )
    .join('')
}
