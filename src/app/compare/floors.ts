import type { Comparison } from '../../store/comparison/model.ts'
import type { ChartLevel } from '../charts/Chart.tsx'

/** What the features of a representation must beat: the highest floors of all runs. None before the first measurement. */
export function floorLevels({ runs }: Comparison, representation: string): readonly ChartLevel[] {
  const floors = runs.flatMap((run) => run.curves.floors ?? [])
  if (floors.length === 0) return []
  const raw = Math.max(...floors.map(({ rawPixels }) => rawPixels))
  const untrained = floors.flatMap(({ randomInitOf }) => randomInitOf[representation] ?? [])
  const random = untrained.length > 0 ? Math.max(...untrained) : null
  const isRawAbove = random === null || raw >= random
  return [
    {
      value: raw,
      label: `raw pixels ${raw.toFixed(1)}`,
      side: isRawAbove ? 'above' : 'below',
    },
    ...(random === null
      ? []
      : [
          {
            value: random,
            label: `random network ${random.toFixed(1)}`,
            side: isRawAbove ? ('below' as const) : ('above' as const),
          },
        ]),
  ]
}
