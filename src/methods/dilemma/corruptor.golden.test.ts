import { expect, it } from 'vitest'
import { describeGolden } from '../../fixtures/golden.ts'
import { droppedClaims, keptCells } from './corruptor.ts'

describeGolden(
  ({ method }) => method === 'corruptor',
  ({ root }) => {
    const order = Uint32Array.from(root.numbers('ids_shuffle'))

    it.each(root.list('cases').map((node) => [node.number('drop'), node] as const))(
      'a drop rate of %d',
      (drop, node) => {
        const kept = keptCells(order.length, drop)
        expect(kept).toBe(node.number('keep'))
        expect([...order.subarray(0, kept)]).toEqual(node.numbers('real'))
        const labels = node.numbers('labels').map(Boolean)
        const claimed = droppedClaims(order, labels)
        expect([...claimed]).toEqual(node.numbers('input_pos'))
        expect(kept - new Set(claimed).size).toBe(node.number('duplicates'))
        const every = droppedClaims(
          order,
          labels.map(() => true),
        )
        expect([...every]).toEqual(node.numbers('wrong_pool'))
      },
    )
  },
)
