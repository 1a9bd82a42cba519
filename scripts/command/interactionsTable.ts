import type { InteractionsResult, Strength } from '../../src/results.ts'
import { plainTable } from '../bench/table.ts'

/** The curves of interactions for a terminal: of every network a row for each order. */
export const interactionsTable = ({ grid, curves }: InteractionsResult): string =>
  plainTable({
    head: [
      'network',
      'order',
      'm/n',
      'J',
      '±',
      'J relative',
      '±',
      'de-biased',
      '±',
      'relative',
      '±',
    ],
    numbersFrom: 1,
    rows: curves.flatMap(({ network, points }) =>
      points.map(({ order, published, debiased }) => [
        network,
        String(order),
        (order / grid ** 2).toFixed(2),
        ...numbers(published),
        ...numbers(debiased),
      ]),
    ),
  })

const numbers = ({ value, error, relative, relativeError }: Strength): string[] => [
  value.toFixed(4),
  error.toFixed(4),
  relative.toFixed(3),
  relativeError.toFixed(3),
]
