/** The colours of the curve and of that of the beginning. */
export const NOW = 'var(--series-0)'
export const THEN = 'var(--mantine-color-dimmed)'
/** Dashes of the curve of the beginning. */
export const THEN_DASH = '5 3'
