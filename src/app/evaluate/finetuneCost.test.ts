import { describe, expect, test } from 'vitest'
import { costText, finetuneCost } from './finetuneCost.ts'

const values = {
  probeTrain: 50_000,
  finetuneLabels: '10',
  finetuneBatch: 128,
  finetuneEpochs: 30,
  finetuneScratch: true,
}

describe('the cost of fine-tuning', () => {
  test('counts whole batches of the labelled images, for both trainings', () => {
    expect(finetuneCost(values, 50_000, 1000)).toEqual({
      images: 5000,
      steps: 2 * 30 * 39,
      batch: 128,
      seconds: (2 * 30 * 39 * 128) / 1000,
    })
  })

  test('is half without the training from scratch', () => {
    expect(finetuneCost({ ...values, finetuneScratch: false }, 50_000, 0)).toMatchObject({
      steps: 30 * 39,
      seconds: null,
    })
  })

  test('goes by the images that are loaded; a batch is no larger than all of them', () => {
    const cost = finetuneCost({ ...values, finetuneLabels: '1' }, 2000, 0)
    expect(cost).toMatchObject({ images: 20, batch: 20, steps: 60 })
    expect(finetuneCost(values, 0, 0)).toMatchObject({ images: 0, steps: 0 })
  })

  test('is told in a sentence', () => {
    expect(costText(finetuneCost(values, 50_000, 1000))).toBe(
      '5,000 labelled images, 2,340 steps of 128 in all: about 5:00 at the run’s pace.',
    )
    expect(costText(finetuneCost(values, 50_000, 0))).toBe(
      '5,000 labelled images, 2,340 steps of 128 in all.',
    )
  })
})
