import { defaultsOf } from '../../../settings/rows.ts'
import { randsacTable, type RandsacSettings } from '../settings.ts'

/** A very small network for tests of pictures: 16 patches, four squares in random order, three channels a head. */
export const pictured: RandsacSettings = {
  ...defaultsOf(randsacTable),
  patchSize: '8',
  width: 12,
  depth: 2,
  decoderDepth: 2,
  heads: 3,
  mlpRatio: 2,
  segmentSize: '2',
  hierarchy: false,
  headInitialisation: 'xavier',
}
