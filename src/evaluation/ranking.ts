/** For every query, the best candidates seen so far, best first; on the host. Candidates are told in rising order. */
export class Ranking {
  readonly queries: number
  /** Candidates kept a query. */
  readonly k: number
  /** Cosines, [queries, k]; beyond `found` of a query there is nothing. */
  readonly values: Float32Array
  /** Candidates, [queries, k]. */
  readonly indices: Uint32Array
  readonly #found: Uint32Array
  readonly #row: { readonly values: Float32Array; readonly indices: Uint32Array }

  constructor(queries: number, k: number) {
    this.queries = queries
    this.k = k
    this.values = new Float32Array(queries * k)
    this.indices = new Uint32Array(queries * k)
    this.#found = new Uint32Array(queries)
    this.#row = { values: new Float32Array(k), indices: new Uint32Array(k) }
  }

  /** How many candidates a query has: k, or all when there were fewer. */
  found(query: number): number {
    return this.#found[query]!
  }

  /**
   * Adds candidates of some queries; equal cosines stay in the order of the candidates, and what is not a number comes
   * last.
   * @param first the first query
   * @param values [queries, width], best first
   * @param columns [queries, width]: places of the candidates
   * @param offset what is added to a place: more than every candidate told before
   */
  add(
    first: number,
    values: Float32Array,
    columns: Float32Array,
    width: number,
    offset: number,
  ): void {
    for (let i = 0; i < values.length / width; i++) {
      const [from, to] = [i * width, (i + 1) * width]
      this.#merge(first + i, values.subarray(from, to), columns.subarray(from, to), offset)
    }
  }

  #merge(query: number, values: Float32Array, columns: Float32Array, offset: number): void {
    const base = query * this.k
    const known = this.#found[query]!
    const count = Math.min(this.k, known + values.length)
    let old = 0
    let added = 0
    for (let place = 0; place < count; place++) {
      const [theirs, ours] = [values[added]!, this.values[base + old]!]
      const oldFirst =
        added === values.length || (old < known && (ours >= theirs || Number.isNaN(theirs)))
      this.#row.values[place] = oldFirst ? ours : theirs
      this.#row.indices[place] = oldFirst ? this.indices[base + old]! : offset + columns[added]!
      if (oldFirst) old++
      else added++
    }
    this.values.set(this.#row.values.subarray(0, count), base)
    this.indices.set(this.#row.indices.subarray(0, count), base)
    this.#found[query] = count
  }
}
