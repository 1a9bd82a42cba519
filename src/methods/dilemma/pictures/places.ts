import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../../data/images.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import { Vit } from '../../../models/vit.ts'
import type { PlacesPicture, PlacesWish, PlaceSweep } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import { paint, samplePainter } from '../../painting.ts'
import { detectorLogits } from '../head.ts'
import type { Host } from '../host.ts'
import { patchTokensOf } from '../step.ts'
import { arrangementOf, type Arrangement } from './arrangement.ts'
import type { HostSettings } from './columns.ts'
import { sampleClaims, shownTensors } from './sampleClaims.ts'

/** Tokens of one pass of a sweep at most: so that no pass holds the GPU for long. */
const MOST_TOKENS = 4096

/** Judges arrangements of the patches of one image: probabilities [arrangements, k]. All have the same number of tokens. */
type Judge = (arrangements: readonly Arrangement[]) => Promise<Float32Array>

/** Where the patches of one image claim to lie, and what the student holds of it (spec section 13.4). */
export async function placesPicture<S extends HostSettings>(
  host: Host<S>,
  settings: S,
  sample: Samples,
  maskSeed: number,
  view: tf.Tensor4D,
  parameters: ParameterSource,
  wish: PlacesWish,
): Promise<PlacesPicture> {
  const plan = host.plan(settings)
  const own = arrangementOf(wish.tokens, plan)
  const tokens = own ?? sampleClaims(plan, settings.seed, maskSeed, sample.indices)[0]!
  const { real, claimed } = tokens
  const judge = judgeOf(host, settings, view, parameters)
  const token = wish.sweep === null ? -1 : real.indexOf(wish.sweep)
  return {
    kind: 'places',
    sample: sample.indices[0]!,
    grid: plan.grid,
    image: paint(samplePainter(sample, 0)),
    size: IMAGE_SIZE,
    real,
    claimed,
    probabilities: await judge([tokens]),
    drawn: own === null,
    sweep: token < 0 ? null : await sweepOf(tokens, token, plan.cells, judge),
  }
}

/** One pass of the student for several arrangements of the same image [1, S, S, 3], whose patches are embedded once. */
function judgeOf<S extends HostSettings>(
  host: Host<S>,
  settings: S,
  view: tf.Tensor4D,
  parameters: ParameterSource,
): Judge {
  const config = host.config(settings)
  return (arrangements) => {
    const look = (): tf.Tensor2D =>
      tf.tidy(() => {
        const vit = new Vit(config, host.student(parameters))
        const encoded = vit.encode(vit.embed(view), { shown: shownTensors(arrangements) })
        return tf.sigmoid(detectorLogits(patchTokensOf(encoded), parameters))
      })
    const shape = `${arrangements.length} ${arrangements[0]!.real.length}`
    return readAhead(`places ${shape} ${JSON.stringify(config)}`, look)
  }
}

/** What becomes of all probabilities when one token claims every cell in turn. */
async function sweepOf(
  { real, claimed }: Arrangement,
  token: number,
  cells: number,
  judge: Judge,
): Promise<PlaceSweep> {
  const [own, others] = [new Float32Array(cells), new Float32Array(cells)]
  const tokens = real.length
  const rows = Math.min(cells, Math.max(1, Math.floor(MOST_TOKENS / tokens)))
  for (let first = 0; first < cells; first += rows) {
    // The last pass repeats the last cell, so that all have the same shape.
    const tried = Array.from({ length: rows }, (_, row) => Math.min(first + row, cells - 1))
    const probabilities = await judge(
      tried.map((cell) => ({ real, claimed: claimed.with(token, cell) })),
    )
    tried.forEach((cell, row) => {
      const ofRow = probabilities.subarray(row * tokens, (row + 1) * tokens)
      own[cell] = ofRow[token]!
      const sum = ofRow.reduce((total, probability) => total + probability, 0)
      others[cell] = tokens > 1 ? (sum - ofRow[token]!) / (tokens - 1) : 0
    })
  }
  return { cell: real[token]!, own, others }
}
