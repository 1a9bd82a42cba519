import type {
  ActivationsPicture,
  OrderPicture,
  Picture,
  PlacesPicture,
  SpectrumPicture,
} from '../pictures.ts'

/** The memory of a picture, to be handed over instead of copied; parts of one buffer name it once. */
export function pixelBuffers(picture: Picture): Transferable[] {
  return [...new Set(arraysOf(picture).map(({ buffer }) => buffer))]
}

function arraysOf(picture: Picture): ArrayBufferView[] {
  switch (picture.kind) {
    case 'strips':
      return [picture.pixels]
    case 'attention':
      return [
        picture.image,
        ...picture.parts.flatMap(({ weights, visible }) =>
          visible ? [weights, visible] : [weights],
        ),
      ]
    case 'tokens':
      return [picture.tokens, picture.colours, picture.images]
    case 'order':
      return orderArrays(picture)
    case 'places':
      return placesArrays(picture)
    case 'similarity':
      return [picture.cosines, picture.views]
    case 'spectrum':
      return spectrumArrays(picture)
    case 'activations':
      return activationsArrays(picture)
    case 'leak':
      return [picture.moved]
  }
}

function orderArrays(picture: OrderPicture): ArrayBufferView[] {
  const { ranks, partitions, image, predicted, losses, rolledOut, rules, causality } = picture
  return [
    ranks,
    ...(partitions ? [partitions] : []),
    image,
    predicted,
    losses,
    ...(rolledOut ? [rolledOut.pixels, rolledOut.losses] : []),
    ...rules.flatMap(({ queries, keys }) => [queries, keys]),
    ...(causality ? [causality.disturbedFrom, causality.moved] : []),
  ]
}

function placesArrays({ image, real, claimed, probabilities, sweep }: PlacesPicture) {
  return [image, real, claimed, probabilities, ...(sweep ? [sweep.own, sweep.others] : [])]
}

function spectrumArrays({ originals, predictions, maps, radial, layers }: SpectrumPicture) {
  return [
    originals,
    predictions,
    ...maps.map(({ values }) => values),
    ...radial.curves.map(({ values }) => values),
    ...layers.map(({ amplitudes }) => amplitudes),
  ]
}

function activationsArrays({ image, input, hidden, stages, token }: ActivationsPicture) {
  return [
    image,
    input,
    hidden,
    ...stages.flatMap(({ mean, weighted }) => [mean, weighted]),
    ...(token ? [token.before, token.after] : []),
  ]
}
