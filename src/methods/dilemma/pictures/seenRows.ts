import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import { Vit, type ShownCells } from '../../../models/vit.ts'
import { detectorLogits } from '../head.ts'
import type { Host } from '../host.ts'
import { patchTokensOf } from '../step.ts'
import type { HostSettings, MoreColumns, SeenRow, ShownRow } from './columns.ts'
import { cellTensor, shownTensors } from './sampleClaims.ts'

/** What one pass of the network makes of the samples, read back at once. */
export async function seenRows<S extends HostSettings>(
  host: Host<S>,
  more: MoreColumns<S> | undefined,
  settings: S,
  rows: readonly ShownRow[],
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<SeenRow[]> {
  const config = host.config(settings)
  const { kept, detects } = host.plan(settings)
  const claims = rows.map((row) => row.claims)
  const look = (): tf.Tensor =>
    tf.tidy(() => {
      const vit = new Vit(config, host.student(parameters))
      const shown: ShownCells = shownTensors(claims)
      const tokens = vit.encode(vit.embed(views), { shown })
      const labels = cellTensor(claims.map((ofRow) => ofRow.labels))
      const parts: tf.Tensor[] = [
        ...(detects ? [tf.sigmoid(detectorLogits(patchTokensOf(tokens), parameters))] : []),
        ...(more ? [more.compute(settings, tokens, { ...shown, labels }, parameters), views] : []),
      ]
      return tf.concat(
        parts.map((part) => part.reshape<tf.Tensor2D>([rows.length, -1])),
        1,
      )
    })
  const name = `strips ${rows.length} ${kept} ${detects} ${JSON.stringify(config)}`
  const values = await readAhead(name, look)
  const width = values.length / rows.length
  const judged = detects ? kept : 0
  const imageSize = more ? 3 * config.imageSize ** 2 : 0
  return rows.map((row, index) => {
    const own = values.subarray(index * width, (index + 1) * width)
    return {
      ...row,
      probabilities: own.subarray(0, judged),
      more: own.subarray(judged, width - imageSize),
      image: own.subarray(width - imageSize),
    }
  })
}
