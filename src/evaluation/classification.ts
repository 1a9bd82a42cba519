import { classNames } from '../data/classes.ts'
import type { Classification, CurvePoint, Mistake } from '../results.ts'

/** Classes of the data set: columns of a classifier's logits. */
export const CLASSES = classNames.length
/** Mistakes that are kept. */
const MISTAKES = 24

/** The class with the largest logit of every row of [rows, CLASSES]; of equal ones the lower class. */
export function predictedClasses(logits: Float32Array): Uint8Array {
  const predicted = new Uint8Array(logits.length / CLASSES)
  for (let row = 0; row < predicted.length; row++) {
    let best = 0
    for (let c = 1; c < CLASSES; c++)
      if (logits[row * CLASSES + c]! > logits[row * CLASSES + best]!) best = c
    predicted[row] = best
  }
  return predicted
}

/** Share of the rows whose predicted class is the label, in percent. */
export function accuracyOf(predicted: Uint8Array, labels: Uint8Array): number {
  let right = 0
  predicted.forEach((guess, row) => (right += Number(guess === labels[row])))
  return (100 * right) / predicted.length
}

/**
 * What a trained classifier does on the test images.
 * @param curve of its training
 * @param trainAccuracy after it
 * @param logits of the test images, [count, CLASSES]
 * @param labels of the test images, in the same order; more than count are ignored
 */
export function classificationOf(
  curve: readonly CurvePoint[],
  trainAccuracy: number,
  logits: Float32Array,
  labels: Uint8Array,
): Classification {
  const predicted = predictedClasses(logits)
  const confusion = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0))
  predicted.forEach((guess, row) => confusion[labels[row]!]![guess]!++)
  const wrong: Mistake[] = []
  predicted.forEach((guess, index) => {
    const label = labels[index]!
    if (guess !== label)
      wrong.push({ index, label, predicted: guess, confidence: confidenceOf(logits, index, guess) })
  })
  // The sort is stable: of equal confidences the lower index comes first.
  wrong.sort((a, b) => b.confidence - a.confidence)
  return {
    curve,
    trainAccuracy,
    testAccuracy: accuracyOf(predicted, labels),
    confusion,
    mistakes: wrong.slice(0, MISTAKES),
  }
}

/** The softmax probability of a row's largest logit. */
function confidenceOf(logits: Float32Array, row: number, largest: number): number {
  const at = row * CLASSES
  let sum = 0
  for (let c = 0; c < CLASSES; c++) sum += Math.exp(logits[at + c]! - logits[at + largest]!)
  return 1 / sum
}
