import { boxFrom, type CropBox } from '../data/boxes.ts'
import { IMAGE_SIZE } from '../data/images.ts'
import { randomAt, Stream } from '../engine/random.ts'
import { PeekabooError } from '../errors.ts'
import type { CropsResult, EvaluationRequest, ImageAddress, ImageBox } from '../results.ts'
import { checkLoaded } from './checkLoaded.ts'
import { FeatureBank } from './featureBank.ts'
import { FeatureExtractor } from './featureExtractor.ts'
import type { Job } from './job.ts'
import { checkRepresentation } from './representations.ts'
import type { Snapshot } from './snapshot.ts'
import { commonSettings } from './subject.ts'

type Request = Extract<EvaluationRequest, { readonly kind: 'crops' }>

/** Crops that are compared with the query. */
export const CROPS = 64
/** Crops are drawn as those of pretraining: of at least this share of the area. Not mirrored, so that a frame says all. */
const CROP_RULE = { scaleMin: 0.2, flipProbability: 0 } as const

/**
 * How like an image, or its middle, random crops of another image are: by the cosine of their features. What crops there
 * are depends on the seed of the run and the image alone.
 * @throws PeekabooError `setting-invalid` for an image that is not loaded, a representation that the network has not, and
 * a share of the area that is none; `diverged` where features are no finite numbers
 */
export async function* retrieveCrops(snapshot: Snapshot, request: Request): Job<CropsResult> {
  const { representation, query, queryArea, among } = request
  const { subject, weights: parameters } = snapshot
  const { engine, method, settings } = subject
  checkRepresentation(subject, representation)
  checkLoaded(subject, query)
  checkLoaded(subject, among)
  const box = middleOf(queryArea)
  const boxes = cropsOf(among, commonSettings(subject).seed)
  const wanted = [representation]
  const extractor = new FeatureExtractor({ engine, method, settings, parameters, wanted })
  try {
    const [width] = await extractor.widths()
    const bank = new FeatureBank(engine, 1 + CROPS, width!)
    try {
      await extractor.batch(subject[query.split].device, [query.index], [bank], 0, { boxes: [box] })
      yield { stage: 'Features of the query', done: 1, total: 1 }
      const indices = boxes.map(() => among.index)
      await extractor.batch(subject[among.split].device, indices, [bank], 1, { boxes })
      yield { stage: 'Features of the crops', done: CROPS, total: CROPS }
      const cosines = cosinesOf(await bank.read(), width!)
      const crops = boxes
        .map((each, i) => ({ box: partOf(each), cosine: cosines[i]! }))
        .sort((a, b) => b.cosine - a.cosine)
      return { kind: 'crops', representation, query: { ...query, box: partOf(box) }, among, crops }
    } finally {
      bank.dispose()
    }
  } finally {
    extractor.dispose()
  }
}

/** A square in the middle with this share of the area, in whole pixels. */
function middleOf(area: number): CropBox {
  if (!(area > 0 && area <= 1))
    throw new PeekabooError({
      code: 'setting-invalid',
      what: `A part of an image has a share of its area above 0 and up to 1, not ${area}.`,
      kept: 'The run is kept; nothing was evaluated.',
      todo: 'Choose how much of the image is looked for.',
    })
  const side = Math.max(1, Math.round(IMAGE_SIZE * Math.sqrt(area)))
  const edge = Math.floor((IMAGE_SIZE - side) / 2)
  return { top: edge, left: edge, height: side, width: side, flip: false }
}

/** The random crops of an image: the same ones whatever they are compared with. */
function cropsOf({ split, index }: ImageAddress, seed: number): CropBox[] {
  const image = 2 * index + Number(split === 'test')
  return Array.from({ length: CROPS }, (_, crop) =>
    boxFrom(CROP_RULE, randomAt(seed, Stream.retrieval, image, crop)),
  )
}

const partOf = ({ top, left, height, width }: CropBox): ImageBox => ({ top, left, height, width })

/** Cosines of the first row with all others. */
function cosinesOf(rows: Float32Array, width: number): number[] {
  const rowAt = (at: number): Float32Array => rows.subarray(at * width, (at + 1) * width)
  const dot = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  const query = rowAt(0)
  return Array.from({ length: rows.length / width - 1 }, (_, i) => {
    const row = rowAt(i + 1)
    // A vector of zeros is like nothing.
    const lengths = Math.sqrt(dot(query, query) * dot(row, row)) || 1
    const cosine = dot(query, row) / lengths
    if (Number.isFinite(cosine)) return cosine
    throw new PeekabooError({
      code: 'diverged',
      what: 'The features of the network are no finite numbers, so crops cannot be compared.',
      kept: 'The run is kept as it is.',
      todo: 'Look at the loss: if it has diverged, start again with a smaller learning rate.',
    })
  })
}
