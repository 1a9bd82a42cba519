import { repairNotice, type Constraints } from '../../settings/parse.ts'
import { hostConstraints } from '../dilemma/constraints.ts'
import { repairHeads, repairSincosWidth, type Widths } from '../widths.ts'
import { maeTable, type MaeSettings } from './settings.ts'

/** The decoder's settings by the names of those of the encoder. */
const OF_DECODER = { width: 'decoderWidth', heads: 'decoderHeads' } as const

/** Rules of the encoder, and the same ones of the decoder, whose positions are always sines and cosines. */
export const constraints: Constraints = (values, wished) => {
  const ofEncoder = hostConstraints(maeTable)(values, wished)
  const repaired = { ...ofEncoder.values }
  const notices = [...ofEncoder.notices]
  const decoder = (): Widths => {
    const { decoderWidth, decoderHeads } = repaired as MaeSettings
    return { width: decoderWidth, heads: decoderHeads }
  }
  const repair: Parameters<typeof repairHeads>[1] = (part, to, why) => {
    const key = OF_DECODER[part]
    notices.push(repairNotice(maeTable, key, repaired[key]!, to, why))
    repaired[key] = to
  }
  repairSincosWidth(decoder(), repair)
  repairHeads(decoder(), repair)
  return { values: repaired, notices }
}
