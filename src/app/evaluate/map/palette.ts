/**
 * Colours of the ten classes, by label, for the light and the dark page. Found by a search for the largest smallest
 * distance, as seen with full and with each kind of reduced colour vision, at a contrast of 3 to the ground. Colour
 * alone does not tell ten classes apart for everyone: vehicles are squares, animals are discs.
 */
export const classColours: Readonly<Record<'light' | 'dark', readonly string[]>> = {
  light: [
    '#be75cb',
    '#e56839',
    '#699500',
    '#590036',
    '#009ce6',
    '#6c42af',
    '#923a00',
    '#00257f',
    '#006f74',
    '#1c3d00',
  ],
  dark: [
    '#8b68cf',
    '#bf3b5a',
    '#ffc727',
    '#ff7fb7',
    '#00c0ff',
    '#67ffcf',
    '#ba8300',
    '#378076',
    '#f7d7ff',
    '#37c06b',
  ],
}

/** How a class is drawn. */
export type MarkShape = 'disc' | 'square'

const VEHICLES: readonly number[] = [0, 1, 8, 9]

/** Squares for vehicles, discs for animals. */
export const shapeOf = (label: number): MarkShape => (VEHICLES.includes(label) ? 'square' : 'disc')
