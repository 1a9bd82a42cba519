/** Any value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
/** An object as it came out of JSON: walk it with `Object.entries`, which sees own keys only, "__proto__" included. */
export interface JsonObject {
  readonly [key: string]: Json
}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/gs

/**
 * Parses JSON and refuses what `JSON.parse` hides: a key that an object holds twice.
 * @throws SyntaxError
 */
export function parseStrictJson(text: string): Json {
  const value = JSON.parse(text) as Json
  const open: Set<string>[] = []
  // The text is sound JSON by now, so strings, keys and braces are all that there is to tell apart.
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string
      const keys = open.at(-1)
      if (keys?.has(key)) throw new SyntaxError(`the key “${key}” occurs twice`)
      keys?.add(key)
    }
  }
  return value
}

/** True for a JSON object, not a list and not null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for a whole number from 0 up that float64 holds exactly. */
export function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
