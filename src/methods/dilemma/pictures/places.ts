import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../../data/images.ts'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import { Vit } from '../../../models/vit.ts'
import type { PlacesPicture, PlacesWish } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import { paint, samplePainter } from '../../painting.ts'
import { detectorLogits } from '../head.ts'
import type { Host } from '../host.ts'
import { patchTokensOf } from '../step.ts'
import { arrangementOf } from './arrangement.ts'
import type { HostSettings } from './columns.ts'
import { sampleClaims, shownTensors } from './sampleClaims.ts'
import { sweepOf, type Judge } from './sweep.ts'

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
