import type { RankRule } from '../../../pictures.ts'
import { lookingRanks, rankRules, type MaskKind, type MaskMistake } from '../masks.ts'

const WORDS: readonly { readonly kind: MaskKind; readonly label: string; readonly help: string }[] =
  [
    {
      kind: 'encoder',
      label: 'Encoder',
      help: 'Which patches a patch sees while the image is encoded: those of its own segment and of earlier ones.',
    },
    {
      kind: 'decoderSelf',
      label: 'Decoder, among predictions',
      help: 'Which others a patch that is to be predicted may ask: those of its own segment and of earlier ones, but none of the first segment, which is not predicted and has seen nothing.',
    },
    {
      kind: 'memory',
      label: 'Decoder, into the image',
      help: 'Which patches of the encoded image a patch is predicted from: those of earlier segments alone.',
    },
  ]

const MISTAKES: Readonly<Record<MaskMistake, Partial<Record<MaskKind, string>>>> = {
  none: {},
  firstSegment: {
    decoderSelf: 'By mistake it may also ask those of the first segment.',
    memory: 'By mistake the first segment, which has none before it, sees the whole image.',
  },
  offByOne: { memory: 'By mistake its own segment is among them.' },
}

/** The three masks (spec section 4.2) of an image with these ranks, and what is wrong with them on purpose. */
export function rulesOf(mistake: MaskMistake, ranks: Uint16Array): RankRule[] {
  const rules = rankRules(mistake)
  return WORDS.map(({ kind, label, help }) => {
    const { strict, from, itself } = rules[kind]
    const wrong = MISTAKES[mistake][kind]
    return {
      id: kind,
      label,
      help: wrong === undefined ? help : `${help} ${wrong}`,
      queries: lookingRanks(rules[kind], ranks).slice(),
      keys: ranks.slice(),
      strict,
      from,
      itself,
    }
  })
}
