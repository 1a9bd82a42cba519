import { expect, it } from 'vitest'
import type {
  Classification,
  InteractionsResult,
  KnnResult,
  RobustnessResult,
} from '../../src/results.ts'
import { interactionsTable } from './interactionsTable.ts'
import { resultLine, warningLines } from './resultLine.ts'

const healthy = { deviation: 0.2, dimensions: 16, effectiveRank: 9, tokenSimilarity: 0.3 }
const knn: KnnResult = {
  ...{ kind: 'knn', bank: 5000, test: 2000, neighbours: 20, temperature: 0.07 },
  scores: [
    { representation: 'patches', accuracy: 41.25, health: healthy },
    { representation: 'class', accuracy: 20, health: { ...healthy, deviation: 0.001 } },
  ],
  floors: { rawPixels: 37.2, randomInit: 30, randomInitOf: { patches: 30, class: 25 } },
}
const trained = (testAccuracy: number): Classification => ({
  ...{ curve: [], trainAccuracy: 99, testAccuracy, confusion: [], mistakes: [] },
})
const common = { representation: 'patches', trainImages: 500, testImages: 200 }
const finetune = { ...common, kind: 'finetune', labels: 10, steps: 9 } as const
const robustness: RobustnessResult = {
  ...{ kind: 'robustness', representation: 'patches', clean: 55, testImages: 200 },
  tokensRemoved: null,
  patchesFilled: [0, 50, 90].map((amount) => ({ amount, accuracy: 100 - amount })),
  patchesShuffled: [2, 4, 8].map((amount) => ({ amount, accuracy: 60 - 5 * amount })),
  positions: null,
}

it('says what was found in one line', () => {
  expect(resultLine(knn)).toBe(
    'k-NN: patches 41.25 %, class 20.00 % (raw pixels 37.20 %, untrained 30.00 %; bank 5000, test 2000)',
  )
  const linear = { ...common, kind: 'linear', ...trained(52.5) } as const
  expect(resultLine(linear)).toBe('Linear probe on patches: 52.50 % of 200 test images')
  const both = { ...finetune, pretrained: trained(70), scratch: trained(60.25) }
  expect(resultLine(both)).toBe(
    'Fine-tuning with 10 % of the labels: 70.00 %, from scratch 60.25 %',
  )
  expect(resultLine({ ...both, scratch: null })).toBe(
    'Fine-tuning with 10 % of the labels: 70.00 %',
  )
  expect(resultLine(robustness)).toBe(
    'Robustness of the probe on patches: 55.00 % on whole images, 50.00 % with half of the patches filled, 40.00 % shuffled 4 × 4',
  )
})

it('says how well misplaced patches, outlines and textures are told apart', () => {
  const score = { misplaced: 20, bce: 0.4321, prior: 0.5004, balancedAccuracy: 70 }
  const detector = {
    scores: [
      { policy: 'dropped', label: 'Dropped cells', auroc: 0.8123, ...score },
      { policy: 'permute', label: 'Permuted', auroc: 0.7, ...score },
    ],
    roc: [],
    distances: [],
    blank: 0.5,
  }
  const untrained = { ...detector, scores: [{ ...detector.scores[0]!, auroc: 0.51 }] }
  const detection = { kind: 'detection', trained: detector, untrained } as const
  expect(resultLine({ ...detection, testImages: 10, tokens: 32 })).toBe(
    'Misplaced patches: Dropped cells AUROC 0.812, BCE 0.4321 of 0.5004; Permuted AUROC 0.700, BCE 0.4321 of 0.5004 (untrained AUROC 0.510, without content 0.500)',
  )
  const ofShape = { trained: 40, untrained: 20, rawPixels: 15, trainImages: 9, testImages: 9 }
  const shapes = {
    kind: 'shapes',
    ...{ representation: 'class', outlines: [], confusion: [] },
    ...{ shape: ofShape, texture: { ...ofShape, trained: 30 } },
  } as const
  expect(resultLine(shapes)).toBe(
    'Probes on class: shape 40.00 % (untrained 20.00 %, raw pixels 15.00 %), texture 30.00 % (untrained 20.00 %, raw pixels 15.00 %)',
  )
})

it('says of which networks interactions were measured, and in a table what was found', () => {
  const strength = { value: 0.5, error: 0.0625, relative: 1.25, relativeError: 0.125 }
  const points = [0, 7].map((order) => ({
    ...{ order, published: strength, debiased: { ...strength, value: 0.25 } },
  }))
  const curve = { accuracy: 45, images: 8, points }
  const result: InteractionsResult = {
    ...{ kind: 'interactions', representation: 'patches', grid: 4, reward: 'modified' },
    ...{ exact: false, pairs: 8, contexts: 16 },
    curves: [
      { ...curve, network: 'trained' },
      { ...curve, network: 'untrained', accuracy: 20, images: 7 },
    ],
  }
  expect(resultLine(result)).toBe(
    'Interactions of 4 × 4 cells with patches (8 pairs, 16 contexts): trained 45.00 % on 8 images, untrained 20.00 % on 7 images',
  )
  expect(resultLine({ ...result, exact: true })).toContain('(all pairs and contexts)')
  const lines = interactionsTable(result).split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[2]!.split(/ +/)).toEqual(
    'trained 7 0.44 0.5000 0.0625 1.250 0.125 0.2500 0.0625 1.250 0.125'.split(' '),
  )
  expect(lines[4]).toMatch(/^untrained +7 /)
})

it('warns of collapse, naming the representation', () => {
  const lines = warningLines(knn)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^Warning, class: Nearly all images get the same features/)
})
