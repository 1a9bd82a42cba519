import type { InteractionCurve } from '../results.ts'

/** All numbers of a curve of interactions with their names: "trained:accuracy", "trained:m7:debiased". */
export const interactionValues = ({
  network,
  accuracy,
  images,
  points,
}: InteractionCurve): readonly (readonly [name: string, value: number])[] => [
  [`${network}:accuracy`, accuracy],
  [`${network}:images`, images],
  ...points.flatMap((point) =>
    (['published', 'debiased'] as const).flatMap((estimator) =>
      (['value', 'error', 'relative', 'relativeError'] as const).map(
        (part) =>
          [
            `${network}:m${point.order}:${estimator}${part === 'value' ? '' : `:${part}`}`,
            point[estimator][part],
          ] as const,
      ),
    ),
  ),
]
