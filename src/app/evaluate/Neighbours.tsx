import { EvaluationHead } from './EvaluationHead.tsx'

/** The images nearest to one. */
export function Neighbours() {
  return (
    <EvaluationHead
      kind="neighbours"
      action="Find neighbours"
      request={(representation) => ({
        kind: 'neighbours',
        representation,
        query: { split: 'test', index: 0 },
      })}
    >
      The training images nearest to a test image: in the features of the network, and in raw
      pixels.
    </EvaluationHead>
  )
}
