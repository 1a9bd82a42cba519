import type { LossForm } from '../loss.ts'

/**
 * The loss of A²MIM written a second time, in float64 and straight from its definition: both spectra by the plain
 * double sum, then averages, differences and weights. Slow, for tests.
 */

/** Images [batch, side, side, channels] in float64. */
export interface Images {
  readonly batch: number
  readonly side: number
  readonly channels: number
  readonly data: Float64Array
}

/** Everything that the loss depends on. */
export interface LossInputs {
  readonly prediction: Images
  readonly target: Images
  /** [batch, side, side], 1 = hidden. */
  readonly mask: ArrayLike<number>
  /** u. */
  readonly visibleGradient: number
  readonly form: LossForm
  /** The prediction where no gradient flows (replacement and weight): held fixed in finite differences. */
  readonly frozen?: Images
}

interface Spectrum {
  readonly re: Float64Array
  readonly im: Float64Array
}

const like = (images: Images, data: Float64Array): Images => ({ ...images, data })

const distance = (d: number, kind: LossForm['spatial']): number =>
  kind === 'l1' ? Math.abs(d) : Math.abs(d) * (2 / (1 + Math.exp(-0.2 * Math.abs(d))) - 1)

/** Sum of ell(p − x) over hidden pixels / (their number + 1e-5) / channels. */
function spatial({ prediction, target, mask, form }: LossInputs): number {
  const { channels } = prediction
  let [sum, hidden] = [0, 0]
  for (let pixel = 0; pixel < mask.length; pixel++) {
    hidden += mask[pixel]!
    for (let c = 0; c < channels; c++) {
      const i = pixel * channels + c
      sum += mask[pixel]! * distance(prediction.data[i]! - target.data[i]!, form.spatial)
    }
  }
  return sum / (hidden + 1e-5) / channels
}

function replacement(kind: LossForm['replacement'], sg: Images, target: Images): Float64Array {
  const { side, channels } = target
  switch (kind) {
    case 'prediction':
      return sg.data
    case 'target':
      return target.data
    case 'mixed':
      return sg.data.map((value, i) => (value + target.data[i]!) / 2)
    case 'mean':
      return target.data.map((_, i) => {
        const first = Math.floor(i / (side * side * channels)) * side * side * channels
        let sum = 0
        for (let pixel = 0; pixel < side * side; pixel++)
          sum += target.data[first + pixel * channels + (i % channels)]!
        return sum / (side * side)
      })
  }
}

/** q = p mf + r (1 − mf) with mf = m + (1 − m) u. */
export function mix(inputs: LossInputs, prediction: Images): Images {
  const { target, mask, visibleGradient, form, frozen = inputs.prediction } = inputs
  const r = replacement(form.replacement, frozen, target)
  return like(
    target,
    target.data.map((_, i) => {
      const m = mask[Math.floor(i / target.channels)]!
      const own = m + (1 - m) * visibleGradient
      return prediction.data[i]! * own + r[i]! * (1 - own)
    }),
  )
}

/** Orthonormal DFT of every channel, [batch, channels, side, side]. */
function spectrum({ batch, side, channels, data }: Images): Spectrum {
  const size = batch * channels * side * side
  const [re, im] = [new Float64Array(size), new Float64Array(size)]
  for (let i = 0; i < size; i++) {
    const u = i % side
    const v = Math.floor(i / side) % side
    const c = Math.floor(i / side / side) % channels
    const b = Math.floor(i / side / side / channels)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const value = data[((b * side + y) * side + x) * channels + c]! / side
        const angle = (-2 * Math.PI * (u * x + v * y)) / side
        re[i]! += value * Math.cos(angle)
        im[i]! += value * Math.sin(angle)
      }
  }
  return { re, im }
}

const batchMean = (values: Float64Array, batch: number): Float64Array =>
  Float64Array.from({ length: values.length / batch }, (_, i) => {
    let sum = 0
    for (let b = 0; b < batch; b++) sum += values[(b * values.length) / batch + i]!
    return sum / batch
  })

/** D of every frequency: of every image, or of the spectra averaged over the batch. */
export function distances(q: Images, target: Images, spectra: LossForm['spectra']): Float64Array {
  const average = ({ re, im }: Spectrum): Spectrum =>
    spectra === 'perImage' ? { re, im } : { re: batchMean(re, q.batch), im: batchMean(im, q.batch) }
  const [P, X] = [average(spectrum(q)), average(spectrum(target))]
  return P.re.map((re, i) => Math.hypot(re - X.re[i]!, P.im[i]! - X.im[i]!))
}

/** The focal weight of every D. */
export function weights(
  D: Float64Array,
  focus: NonNullable<LossForm['focus']>,
  perMaximum: number,
): Float64Array {
  const raw = D.map((d) => (focus.log ? Math.log1p(d ** focus.exponent) : d ** focus.exponent))
  return raw.map((value, i) => {
    const first = Math.floor(i / perMaximum) * perMaximum
    const largest = Math.max(...raw.subarray(first, first + perMaximum))
    return largest === 0 ? 0 : value / largest
  })
}

/** Both terms of the loss. */
export function referenceLoss(inputs: LossInputs): { spatial: number; frequency: number } {
  const { prediction, target, form, frozen = prediction } = inputs
  const D = distances(mix(inputs, prediction), target, form.spectra)
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length
  if (form.focus === null) {
    const frequency = mean(D.map((d) => distance(d, form.spatial)))
    return { spatial: spatial(inputs), frequency }
  }
  const perMaximum = form.focus.maximum === 'batch' ? D.length : target.channels * target.side ** 2
  const w = weights(distances(mix(inputs, frozen), target, form.spectra), form.focus, perMaximum)
  return { spatial: spatial(inputs), frequency: mean(D.map((d, i) => w[i]! * d * d)) }
}

/** Gradient of spatial + lambda · frequency in the prediction, by central differences. */
export function referenceGradient(inputs: LossInputs, lambda: number): Float64Array {
  const STEP = 1e-5
  const { prediction } = inputs
  const total = (data: Float64Array): number => {
    const terms = referenceLoss({
      ...inputs,
      prediction: like(prediction, data),
      frozen: prediction,
    })
    return terms.spatial + lambda * terms.frequency
  }
  return prediction.data.map((_, i) => {
    const at = (step: number): number =>
      total(prediction.data.map((value, j) => (i === j ? value + step : value)))
    return (at(STEP) - at(-STEP)) / (2 * STEP)
  })
}
