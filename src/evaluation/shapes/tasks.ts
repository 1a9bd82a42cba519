import type * as tf from '@tensorflow/tfjs'
import { DeviceImages } from '../../data/deviceImages.ts'
import { IMAGE_BYTES } from '../../data/images.ts'
import { randomAt, randomPermutation, Stream } from '../../engine/random.ts'
import type { EvaluationProgress } from '../../results.ts'
import { filledUp } from '../imagePass.ts'
import { labelsOf } from '../labels.ts'
import { shuffleCells } from '../robustness/pixels.ts'
import { commonSettings, type Subject } from '../subject.ts'
import { drawShapes } from './drawShapes.ts'

/** Labelled images that a probe learns from or classifies. */
export interface TaskImages {
  readonly device: DeviceImages
  readonly labels: Uint8Array
  /** Changes the normalised views of a batch of images. */
  readonly disturb?: (views: tf.Tensor4D, indices: readonly number[]) => tf.Tensor4D
}

/** What a probe is to tell apart. */
export interface Task {
  readonly name: 'shape' | 'texture'
  readonly train: TaskImages
  readonly test: TaskImages
  /** Frees what was made for it. */
  readonly dispose: () => void
}

const SPLITS = ['train', 'test'] as const
type Split = (typeof SPLITS)[number]

/** Images drawn in a slice. */
const SLICE = 250
/** Cells a side of shuffled images: each of 8 pixels, enough for texture and for little shape. */
const GRID = 4

/**
 * Outlines, whatever their textures.
 * @param sizes images of each split
 */
export function* shapeTask(
  { engine, settings }: Subject,
  sizes: Readonly<Record<Split, number>>,
): Generator<EvaluationProgress, Task, undefined> {
  const { seed } = commonSettings({ settings })
  const hosts = SPLITS.map((split) => ({
    count: sizes[split],
    pixels: new Uint8Array(IMAGE_BYTES * sizes[split]),
    labels: new Uint8Array(sizes[split]),
  }))
  let done = 0
  for (const [i, { count, pixels, labels }] of hosts.entries())
    for (let first = 0; first < count; first += SLICE) {
      const part = drawShapes(seed, SPLITS[i]!, first, Math.min(SLICE, count - first))
      pixels.set(part.pixels, IMAGE_BYTES * first)
      labels.set(part.labels, first)
      done += part.count
      yield { stage: 'Drawing outlines', done, total: sizes.train + sizes.test }
    }
  const [train, test] = hosts.map((host) => ({
    device: new DeviceImages(engine, host),
    labels: host.labels,
  })) as [TaskImages, TaskImages]
  const dispose = () => {
    for (const { device } of [train, test]) device.dispose()
  }
  return { name: 'shape', train, test, dispose }
}

/**
 * Classes of the data set, with the cells of every image in an order of its own: texture without shape.
 * @param sizes images of each split
 * @throws PeekabooError `setting-invalid` for images without labels
 */
export function textureTask(subject: Subject, sizes: Readonly<Record<Split, number>>): Task {
  const { seed } = commonSettings(subject)
  const imagesOf = (split: Split): TaskImages => ({
    device: subject[split].device,
    labels: labelsOf(
      subject[split].host,
      sizes[split],
      `${split === 'train' ? 'training' : 'test'} images`,
    ),
    disturb: (views, indices) => {
      const orders = filledUp(indices).flatMap((index) => [
        // Addresses beside those of `drawShapes`.
        ...randomPermutation(
          randomAt(seed, Stream.shapes, index, 2 + SPLITS.indexOf(split)),
          GRID ** 2,
        ),
      ])
      return shuffleCells(views, Uint32Array.from(orders), GRID)
    },
  })
  const [train, test] = [imagesOf('train'), imagesOf('test')]
  return { name: 'texture', train, test, dispose: () => undefined }
}
