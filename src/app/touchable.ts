/** A tooltip that also opens by keyboard and by touch. */
export const touchable = { hover: true, focus: true, touch: true } as const
