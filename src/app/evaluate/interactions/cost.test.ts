import { expect, test } from 'vitest'
import { evaluationTable } from '../../../settings/evaluation.ts'
import { defaultsOf } from '../../../settings/rows.ts'
import { interactionsResult, recordAt } from '../../../store/testing/records.ts'
import { interactionCost, interactionCostText } from './cost.ts'

const usual = { ...defaultsOf(evaluationTable), interactionSupervised: false }
const unknown = { imagesPerSecond: 0, latest: undefined }

test('without a pace, only the work is told', () => {
  const cost = interactionCost(usual, 5000, unknown)
  expect(cost).toEqual({
    ...{ passes: 41_984, networks: 2, steps: 0 },
    ...{ seconds: null, isMeasured: false },
  })
  expect(interactionCostText(cost)).toBe('41,984 forward passes of 2 networks.')
})

test('a forward pass takes a third of a step’s time for an image', () => {
  const cost = interactionCost(usual, 5000, { ...unknown, imagesPerSecond: 349.866 })
  expect(cost!.seconds).toBeCloseTo(40, 2)
  expect(interactionCostText(cost)).toBe(
    '41,984 forward passes of 2 networks: about 40 s at the run’s pace, training of the probes apart.',
  )
})

test('a measurement tells the pace better, in proportion to its passes', () => {
  const half = {
    ...recordAt(5, interactionsResult(), 30),
    settings: { ...usual, interactionImages: 4 },
  }
  const cost = interactionCost(usual, 5000, { imagesPerSecond: 1, latest: half })
  expect(cost!.seconds).toBeCloseTo(60)
  expect(interactionCostText(cost)).toMatch(/about 1:00 at the pace of the last time\.$/)
  const slow = { ...half, settings: { ...half.settings, interactionSupervised: true } }
  expect(interactionCost(usual, 5000, { imagesPerSecond: 0, latest: slow })!.seconds).toBeNull()
})

test('a third network learns first, at the pace of training', () => {
  const supervised = {
    ...{ ...usual, interactionSupervised: true, finetuneLabels: 10, finetuneEpochs: 2 },
    ...{ finetuneBatch: 50, finetuneScratch: true, probeTrain: 5000 },
  }
  const cost = interactionCost(supervised, 5000, { ...unknown, imagesPerSecond: 100 })
  expect(cost).toMatchObject({ passes: 62_976, networks: 3, steps: 20 })
  expect(cost!.seconds).toBeCloseTo(62_976 / 300 + (20 * 50) / 100)
  expect(interactionCostText(cost)).toContain('3 networks, and 20 steps of learning from labels')
})

test('too many subsets cannot be measured', () => {
  const cost = interactionCost({ ...usual, interactionExact: true }, 5000, unknown)
  expect(cost).toBeNull()
  expect(interactionCostText(cost)).toContain('take fewer cells')
})
