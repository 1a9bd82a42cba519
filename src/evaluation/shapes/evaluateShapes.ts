import type { ParameterSource } from '../../engine/parameters.ts'
import type { Classification, ShapesResult, ShapesScore } from '../../results.ts'
import { networkOf } from '../floors.ts'
import type { Job } from '../job.ts'
import { probeOptions } from '../linear/trainedProbe.ts'
import { checkRepresentation } from '../representations.ts'
import { Snapshot } from '../snapshot.ts'
import { commonSettings, type Subject } from '../subject.ts'
import { outlines } from './outlines.ts'
import { probeTasks, rawPixels, type Forward } from './probeTask.ts'
import { shapeTask, textureTask } from './tasks.ts'

/**
 * What features hold of shape and of texture: linear probes, trained for each of two tasks. Drawn outlines with random
 * textures are classified by outline, and images of the data set with their cells in random order by class. The same
 * probes on features of the untrained network and on raw pixels are the floors. Both tasks are of our own design.
 * @throws PeekabooError `setting-invalid` for a representation that the network has not, for images without labels, and
 * for fewer than two training images; `diverged` when a loss is not finite
 */
export async function* evaluateShapes(
  snapshot: Snapshot,
  { representation }: { readonly representation: string },
): Job<ShapesResult> {
  const { subject } = snapshot
  checkRepresentation(subject, representation)
  const { shapesTrain, shapesTest } = commonSettings(subject)
  const loaded = {
    train: Math.min(shapesTrain, subject.train.host.count),
    test: Math.min(shapesTest, subject.test.host.count),
  }
  const texture = textureTask(subject, loaded)
  const shape = yield* shapeTask(subject, { train: shapesTrain, test: shapesTest })
  const tasks = [shape, texture]
  const options = probeOptions(subject)
  const forwardOf =
    (weights: ParameterSource): Forward =>
    (views) =>
      subject.method.features(subject.settings, views, weights, { wanted: [representation] })
        .features[0]!
  try {
    const probe = (forward: Forward, whose: string): Job<Classification[]> =>
      probeTasks(subject, forward, tasks, options, whose)
    const trained = yield* probe(forwardOf(snapshot.weights), 'network')
    const key = JSON.stringify({ shapes: { ...options, shapesTrain, shapesTest, ...loaded } })
    const untrained =
      snapshot.moment.step === 0
        ? trained.map(({ testAccuracy }) => testAccuracy)
        : yield* floorOf(
            subject,
            `${key} ${representation} ${networkOf(subject)}`,
            async function* () {
              const initial = new Snapshot(subject, { step: 0, epoch: 0, seconds: 0 }, null)
              try {
                yield* initial.prepare()
                return yield* probe(forwardOf(initial.weights), 'untrained network')
              } finally {
                initial.dispose()
              }
            },
          )
    const pixels = yield* floorOf(subject, `${key} pixels`, () => probe(rawPixels, 'raw pixels'))
    const [ofShape, ofTexture] = tasks.map(({ train, test }, task): ShapesScore => ({
      trained: trained[task]!.testAccuracy,
      untrained: untrained[task]!,
      rawPixels: pixels[task]!,
      trainImages: train.labels.length,
      testImages: test.labels.length,
    }))
    return {
      kind: 'shapes',
      representation,
      shape: ofShape!,
      texture: ofTexture!,
      outlines: Object.keys(outlines),
      confusion: trained[0]!.confusion,
    }
  } finally {
    for (const task of tasks) task.dispose()
  }
}

/** Accuracies of both tasks that do not change while a run goes on: computed once, and kept with the subject. */
async function* floorOf(
  { floors }: Subject,
  key: string,
  probe: () => Job<Classification[]>,
): Job<readonly number[]> {
  const keys = [`${key} shape`, `${key} texture`]
  if (!keys.every((each) => floors.has(each))) {
    const found = yield* probe()
    keys.forEach((each, i) => floors.set(each, found[i]!.testAccuracy))
  }
  return keys.map((each) => floors.get(each)!)
}
