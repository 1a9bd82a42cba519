import type { MethodDescription } from '../methods/description.ts'
import type { EvaluationRequest, ImageAddress } from '../results.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'

/** How many of the first test images an evaluation looks at. */
export function testImagesFor(request: EvaluationRequest, settings: SettingValues): number {
  const { knnTest, probeTest, robustnessTest, detectionTest, shapesTest } =
    settings as CommonSettings
  switch (request.kind) {
    case 'knn':
    case 'map':
      return knnTest
    case 'linear':
    case 'finetune':
    case 'interactions':
      return probeTest
    case 'robustness':
      // The probe that it disturbs is trained first.
      return Math.max(probeTest, robustnessTest)
    case 'detection':
      return detectionTest
    case 'shapes':
      return shapesTest
    case 'neighbours':
      return firstUpTo(request.query)
    case 'crops':
      return Math.max(firstUpTo(request.query), firstUpTo(request.among))
  }
}

/** How many of the first test images hold this one; at least one. */
const firstUpTo = ({ split, index }: ImageAddress): number => (split === 'test' ? index + 1 : 1)

/** The settings of evaluations among all of a method. */
export const evaluationSettings = (
  { table }: Pick<MethodDescription, 'table'>,
  settings: SettingValues,
): SettingValues =>
  Object.fromEntries(
    Object.entries(settings).filter(([key]) => table[key]?.effect === 'evaluation'),
  )
