const steps: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}

/** Where an arrow key leads from a patch; null for other keys, and where the image ends. */
export function stepPatch(key: string, patch: number, grid: number): number | null {
  const step = steps[key]
  if (!step) return null
  const row = Math.floor(patch / grid) + step[0]
  const column = (patch % grid) + step[1]
  if (row < 0 || column < 0 || row >= grid || column >= grid) return null
  return row * grid + column
}
