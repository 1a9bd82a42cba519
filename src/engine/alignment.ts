/** WebGPU lets a part of a buffer that is bound to a kernel begin at multiples of this many bytes. */
export const ALIGNMENT = 256

/** A number of bytes, rounded up to where the next part may begin. */
export const aligned = (bytes: number): number => ALIGNMENT * Math.ceil(bytes / ALIGNMENT)
