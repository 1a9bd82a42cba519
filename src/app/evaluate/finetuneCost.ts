import { formatNumber } from '../../settings/format.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { formatSeconds } from '../format.ts'

/** What fine-tuning is going to take. */
export interface FinetuneCost {
  /** Labelled images that are learned from. */
  readonly images: number
  /** Steps of both trainings together, or of the only one. */
  readonly steps: number
  readonly batch: number
  /** About; null where it is not known how fast the run trains. */
  readonly seconds: number | null
}

/** Classes of the data set: each gives at least one labelled image. */
const CLASSES = 10

/**
 * The cost of fine-tuning with these settings. An image is taken to cost what it costs in pretraining, where the same
 * network sees it; the tests in between are left out.
 * @param loaded training images that are loaded
 * @param imagesPerSecond of the run; 0 when not known
 */
export function finetuneCost(
  values: SettingValues,
  loaded: number,
  imagesPerSecond: number,
): FinetuneCost {
  const available = Math.min(Number(values.probeTrain), loaded)
  const each = Math.max(1, Math.round((available * Number(values.finetuneLabels)) / 100 / CLASSES))
  const images = Math.min(each * CLASSES, available)
  const batch = Math.max(Math.min(Number(values.finetuneBatch), images), 1)
  const trainings = values.finetuneScratch === true ? 2 : 1
  const steps = trainings * Number(values.finetuneEpochs) * Math.floor(images / batch)
  return {
    images,
    steps,
    batch,
    seconds: imagesPerSecond > 0 ? (steps * batch) / imagesPerSecond : null,
  }
}

/** The cost in a sentence. */
export function costText({ images, steps, batch, seconds }: FinetuneCost): string {
  const work = `${formatNumber(images)} labelled images, ${formatNumber(steps)} steps of ${formatNumber(batch)} in all`
  return seconds === null
    ? `${work}.`
    : `${work}: about ${formatSeconds(seconds)} at the run’s pace.`
}
