/** Any value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
/** An object as it came out of JSON: walk it with `Object.entries`, which sees own keys only, "__proto__" included. */
export interface JsonObject {
  readonly [key: string]: Json
}

/**
 * Parses JSON and refuses what `JSON.parse` hides: a key that an object holds twice.
 * @throws SyntaxError
 */
export function parseStrictJson(text: string): Json {
  const value = JSON.parse(text) as Json
  checkKeys(text)
  return value
}

/**
 * Walks sound JSON, in which strings, braces and colons are all that there is to tell apart. Character by character,
 * because a regular expression overflows the stack on strings of some megabytes.
 */
function checkKeys(text: string): void {
  const open: Set<string>[] = []
  let string = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      const end = closingQuote(text, at)
      string = text.slice(at, end + 1)
      at = end
    } else if (text[at] === '{') open.push(new Set())
    else if (text[at] === '}') open.pop()
    else if (text[at] === ':') {
      const key = JSON.parse(string) as string
      const keys = open.at(-1)
      if (keys?.has(key)) throw new SyntaxError(`the key “${key}” occurs twice`)
      keys?.add(key)
    }
  }
}

function closingQuote(text: string, openingQuote: number): number {
  let at = openingQuote + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** True for a JSON object, not a list and not null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for a whole number from 0 up that float64 holds exactly. */
export function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
