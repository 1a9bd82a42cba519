import type { AttentionPart } from '../../../pictures.ts'

/** Sizes of a part that is made up for a test. */
export type PartShape = Pick<AttentionPart, 'layers' | 'heads' | 'queries' | 'classKey'> & {
  readonly patches: number
  readonly visible?: Uint8Array
}

/** An attention part whose weights are a function of layer, head, and the numbers of query and key in the tensor. */
export function partOf(
  { patches, visible, ...shape }: PartShape,
  weight: (layer: number, head: number, query: number, key: number) => number,
): AttentionPart {
  const queries = { class: 1, patches, all: patches + 1 }[shape.queries]
  const keys = patches + Number(shape.classKey)
  const weights = Float32Array.from(
    { length: shape.layers * shape.heads * queries * keys },
    (_, i) =>
      weight(
        Math.floor(i / (keys * queries * shape.heads)),
        Math.floor(i / (keys * queries)) % shape.heads,
        Math.floor(i / keys) % queries,
        i % keys,
      ),
  )
  return { id: 'part', label: 'Part', help: 'Help', ...shape, weights, ...(visible && { visible }) }
}
