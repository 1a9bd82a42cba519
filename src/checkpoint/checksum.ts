import type { Safetensors } from './safetensors.ts'

/**
 * SHA-256, in hexadecimal, over all that a file means: a JSON list of its metadata (pairs, sorted by key, without
 * `except`) and of its tensors (name, type, shape and the SHA-256 of the bytes, sorted by name). Hashing tensor by
 * tensor spares a second copy of the whole file.
 */
export async function checksumOf(
  { tensors, metadata }: Safetensors,
  except: string,
): Promise<string> {
  const sums: unknown[] = []
  for (const [name, { dtype, shape, bytes }] of sorted(tensors))
    // Copied, because shared memory cannot be hashed in place.
    sums.push([name, dtype, shape, await sha256(new Uint8Array(bytes))])
  const fields = sorted(metadata).filter(([key]) => key !== except)
  return sha256(new TextEncoder().encode(JSON.stringify([fields, sums])))
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** By code units, so that the order is the same everywhere. */
function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
