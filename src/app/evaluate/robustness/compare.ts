import type { RobustnessPoint, RobustnessResult } from '../../../results.ts'

/** Accuracy, in percent, that guessing reaches: ten classes of the same size. */
export const CHANCE = 10

/** What a chart is of. */
export interface ChartAbout {
  readonly id: string
  readonly title: string
  /** What is done, in a sentence. */
  readonly help: string
  /** What stands below the axis. */
  readonly axis: string
  /** An amount in words: "50 %". */
  readonly nameOf: (amount: number) => string
  /** The amounts lie on a scale of percent. */
  readonly isScale: boolean
}

/** One way of disturbing images. */
export interface Disturbance extends ChartAbout {
  /** Points by amount; null where nothing was measured, or the network has no such thing. */
  readonly pointsOf: (result: RobustnessResult) => readonly RobustnessPoint[] | null
}

const percent = (amount: number): string => `${amount} %`

/** All ways, in the order in which they are shown. */
export const disturbances: readonly Disturbance[] = [
  {
    id: 'tokens',
    title: 'Patches left out',
    help: 'The network does not get the tokens of these patches at all.',
    axis: 'percent of the patches left out',
    pointsOf: ({ tokensRemoved }) => tokensRemoved,
    nameOf: percent,
    isScale: true,
  },
  {
    id: 'filled',
    title: 'Patches filled',
    help: 'These patches have the mean colour of the data set.',
    axis: 'percent of the patches filled',
    pointsOf: ({ patchesFilled }) => patchesFilled,
    nameOf: percent,
    isScale: true,
  },
  {
    id: 'shuffled',
    title: 'Image shuffled',
    help: 'The image is cut into a grid, and its cells are put together in random order.',
    axis: 'cells of the grid',
    pointsOf: ({ patchesShuffled }) => patchesShuffled,
    nameOf: (amount) => (amount === 1 ? 'whole' : `${amount} × ${amount}`),
    isScale: false,
  },
  {
    id: 'positions',
    title: 'Positions changed',
    help: 'What tells the network where a patch lies is given to other patches, or left out.',
    axis: 'position embeddings',
    pointsOf: ({ clean, positions }) =>
      positions && [
        { amount: 0, accuracy: clean },
        { amount: 1, accuracy: positions.permuted },
        { amount: 2, accuracy: positions.removed },
      ],
    nameOf: (amount) => ['right', 'permuted', 'left out'][amount] ?? String(amount),
    isScale: false,
  },
  {
    id: 'outlines',
    title: 'Only lines or shapes',
    help: 'Edges of brightness alone, or in black what differs from the margin: own design, for there are no masks.',
    axis: 'what is shown',
    pointsOf: ({ clean, outlines }) =>
      outlines
        ? [
            { amount: 0, accuracy: clean },
            { amount: 1, accuracy: outlines.edges },
            { amount: 2, accuracy: outlines.silhouette },
          ]
        : null,
    nameOf: (amount) => ['image', 'edges', 'silhouette'][amount] ?? String(amount),
    isScale: false,
  },
]

/** One place of a chart or a row of the table: the accuracies of both runs, null where one has none. */
export interface Place {
  readonly amount: number
  readonly first: number | null
  readonly second: number | null
}

/** What two results say about one disturbance, by amount; empty where neither says anything. */
export function placesOf(
  { pointsOf }: Disturbance,
  first: RobustnessResult | null,
  second: RobustnessResult | null,
): readonly Place[] {
  const accuracies = (result: RobustnessResult | null) =>
    new Map((result && pointsOf(result))?.map(({ amount, accuracy }) => [amount, accuracy]))
  const [a, b] = [accuracies(first), accuracies(second)]
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort((x, y) => x - y)
    .map((amount) => ({ amount, first: a.get(amount) ?? null, second: b.get(amount) ?? null }))
}

/** Steps of a scale for accuracies. */
const TICKS = [5, 10, 20, 25]

/** The scale that all charts share: from 0 to a little above the largest accuracy. */
export function accuracyTicks(results: readonly (RobustnessResult | null)[]): readonly number[] {
  const largest = Math.max(
    2 * CHANCE,
    ...disturbances.flatMap((disturbance) =>
      placesOf(disturbance, results[0] ?? null, results[1] ?? null).flatMap(({ first, second }) => [
        first ?? 0,
        second ?? 0,
      ]),
    ),
  )
  const tick = TICKS.find((size) => largest / size <= 5) ?? 25
  const count = Math.min(Math.ceil(largest / tick), 100 / tick)
  return Array.from({ length: count + 1 }, (_, place) => place * tick)
}
