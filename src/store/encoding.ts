/** Float64 numbers as text: base64 of their little-endian bytes, exact and short. */
export function encodeNumbers(numbers: Float64Array): string {
  const bytes = new Uint8Array(numbers.length * 8)
  const view = new DataView(bytes.buffer)
  numbers.forEach((number, index) => view.setFloat64(index * 8, number, true))
  let text = ''
  // In pieces: a function takes only so many arguments.
  for (let from = 0; from < bytes.length; from += 4096)
    text += String.fromCharCode(...bytes.subarray(from, from + 4096))
  return btoa(text)
}

/** The `count` numbers in such a text. Throws a RangeError when there are not as many. */
export function decodeNumbers(text: string, count: number): Float64Array {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  if (bytes.length !== count * 8)
    throw new RangeError(`expected ${count} numbers, found ${bytes.length / 8}`)
  const view = new DataView(bytes.buffer)
  return Float64Array.from({ length: count }, (_, index) => view.getFloat64(index * 8, true))
}
