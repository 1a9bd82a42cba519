import { PeekabooError } from '../../errors.ts'
import { CLASSES, predictedClasses } from '../classification.ts'
import { FEATURE_BATCH } from '../imagePass.ts'
import type { Job } from '../job.ts'
import type { MaskedImage, MaskedPass } from './maskedPass.ts'

/** With fewer nothing can be said about errors. */
const LEAST = 2

/**
 * Places of images that a classifier gets right when it sees all of them: the first one of every class, then the second ones
 * and so on, without those that it gets wrong.
 * @param labels of the images that may be taken: the first ones of the training split
 * @throws PeekabooError `setting-invalid` when there are fewer than two
 */
export async function* rightImages(
  pass: Pick<MaskedPass, 'run'>,
  labels: Uint8Array,
  {
    wanted,
    cells,
    stage,
  }: { readonly wanted: number; readonly cells: number; readonly stage: string },
): Job<readonly number[]> {
  const candidates = classByClass(labels)
  const whole = new Uint8Array(cells).fill(1)
  const right: number[] = []
  for (let first = 0; first < labels.length && right.length < wanted; first += FEATURE_BATCH) {
    const some = candidates.slice(first, first + FEATURE_BATCH)
    const rows = some.map((image): MaskedImage => ({ image, subset: whole }))
    const take = (logits: Float32Array, row: number): void => {
      const image = some[row]!
      if (predictedClasses(logits)[0] === labels[image]) right.push(image)
    }
    const progress = { stage, done: first + some.length, total: labels.length }
    yield* pass.run(rows, take, () => progress)
  }
  if (right.length < LEAST) throw tooFew(right.length, labels.length)
  return right.slice(0, wanted)
}

/** Places of images: the first of every class, the second of every class, … */
export function classByClass(labels: Uint8Array): readonly number[] {
  const members: number[][] = Array.from({ length: CLASSES }, () => [])
  labels.forEach((label, image) => members[label]!.push(image))
  const most = Math.max(...members.map(({ length }) => length))
  return Array.from({ length: most }, (_, at) =>
    members.flatMap((images) => (at < images.length ? [images[at]!] : [])),
  ).flat()
}

const tooFew = (right: number, among: number): PeekabooError =>
  new PeekabooError({
    code: 'setting-invalid',
    what: `Of ${among.toLocaleString('en')} training images a classifier gets ${right === 0 ? 'none' : 'a single one'} right, and interactions are measured on at least ${LEAST} that it does.`,
    kept: 'The run is kept; nothing was evaluated.',
    todo: 'Train longer, or let the evaluations use more training images.',
  })
