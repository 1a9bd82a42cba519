import { repairNotice, type Constraints } from '../../settings/parse.ts'
import type { SettingValue } from '../../settings/rows.ts'
import { repairHeads, repairSincosWidth } from '../widths.ts'
import { blobCountOf, gridOf, largestSide, sideOf } from './segments/plan.ts'
import { randsacTable, type RandsacSettings } from './settings.ts'

/** Square segments a side, from which on there are partitions of several: two of two. */
const SEGMENTS_ACROSS = 4
/** Blobs from which on there are fewer partitions than blobs, yet more than one. */
const PARTED_BLOBS = 3

type Repair = (key: keyof RandsacSettings, to: SettingValue, why: string) => void

/**
 * Repairs what would not fit together: width and sine-cosine positions, heads and width, segments and the patches of an
 * image, partitions and segments. A hierarchy that has nothing to group gives way to the segments, unless it
 * alone was asked for: then the segments give way.
 */
export const constraints: Constraints = (values, wished) => {
  const repaired: Record<string, SettingValue> = { ...values }
  const settings = repaired as unknown as RandsacSettings
  const notices: ReturnType<Constraints>['notices'][number][] = []
  const repair: Repair = (key, to, why) => {
    notices.push(repairNotice(randsacTable, key, repaired[key]!, to, why))
    repaired[key] = to
  }
  repairSincosWidth(settings, repair)
  repairHeads(settings, repair)
  if (settings.segmentKind === 'blob') repairBlobs(settings, repair, wished)
  else repairSquares(settings, repair, wished)
  return { values: repaired, notices }
}

function repairSquares(
  settings: RandsacSettings,
  repair: Repair,
  wished: ReadonlySet<string>,
): void {
  const grid = gridOf(settings)
  if (settings.segmentKind === 'square' && Number(settings.segmentSize) > largestSide(grid))
    repair(
      'segmentSize',
      String(largestSide(grid)),
      `leaves nothing to predict of ${grid} × ${grid} patches`,
    )
  if (!settings.hierarchy) return

  const across = (): number => grid / sideOf(settings)
  if (across() < SEGMENTS_ACROSS) {
    const squares = `${across()} × ${across()} squares`
    if (!wished.has('hierarchy') || wished.has('segmentSize')) {
      repair('hierarchy', false, `groups nothing where there are ${squares}`)
      return
    }
    repair(
      'segmentSize',
      String(grid / SEGMENTS_ACROSS),
      `makes ${squares}, too few for a hierarchy`,
    )
  }
  const most = across() / 2
  if (Number(settings.partitionSize) > most)
    repair(
      'partitionSize',
      String(most),
      `leaves a single partition of ${across()} × ${across()} segments`,
    )
}

function repairBlobs(settings: RandsacSettings, repair: Repair, wished: ReadonlySet<string>): void {
  const { blobCount, blobScaleMin, blobScaleMax } = settings
  const most = blobCountOf(settings)
  if (blobCount > most) repair('blobCount', most, `are more than the ${most} patches of an image`)
  if (blobScaleMin > blobScaleMax) {
    if (wished.has('blobScaleMin') && !wished.has('blobScaleMax'))
      repair('blobScaleMax', blobScaleMin, 'is less than the narrowest')
    else repair('blobScaleMin', blobScaleMax, 'is more than the widest')
  }
  if (!settings.hierarchy) return

  if (settings.blobCount < PARTED_BLOBS) {
    if (!wished.has('hierarchy') || wished.has('blobCount')) {
      repair('hierarchy', false, `groups nothing where there are ${settings.blobCount} blobs`)
      return
    }
    repair('blobCount', PARTED_BLOBS, 'are too few for a hierarchy')
  }
  if (settings.partitionCount >= settings.blobCount)
    repair(
      'partitionCount',
      settings.blobCount - 1,
      `are not fewer than the ${settings.blobCount} blobs`,
    )
}
