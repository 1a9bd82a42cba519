import { warningsOf } from '../../src/collapse.ts'
import type { LastingResult, ShapesScore } from '../../src/results.ts'

/** A result in one line, for the person at the terminal. */
export function resultLine(result: LastingResult): string {
  switch (result.kind) {
    case 'knn': {
      const { scores, floors, bank, test } = result
      const each = scores.map(
        ({ representation, accuracy }) => `${representation} ${percent(accuracy)}`,
      )
      const beside = `raw pixels ${percent(floors.rawPixels)}, untrained ${percent(floors.randomInit)}`
      return `k-NN: ${each.join(', ')} (${beside}; bank ${bank}, test ${test})`
    }
    case 'linear':
      return `Linear probe on ${result.representation}: ${percent(result.testAccuracy)} of ${result.testImages} test images`
    case 'finetune': {
      const { pretrained, scratch, labels } = result
      const beside = scratch ? `, from scratch ${percent(scratch.testAccuracy)}` : ''
      return `Fine-tuning with ${labels} % of the labels: ${percent(pretrained.testAccuracy)}${beside}`
    }
    case 'robustness': {
      const { representation, clean, patchesFilled, patchesShuffled } = result
      const filled = patchesFilled.filter(({ amount }) => amount === 50)
      const shuffled = patchesShuffled.filter(({ amount }) => amount === 4)
      const parts = [
        `${percent(clean)} on whole images`,
        ...filled.map(({ accuracy }) => `${percent(accuracy)} with half of the patches filled`),
        ...shuffled.map(({ accuracy }) => `${percent(accuracy)} shuffled 4 × 4`),
      ]
      return `Robustness of the probe on ${representation}: ${parts.join(', ')}`
    }
    case 'detection': {
      const { trained, untrained } = result
      const each = trained.scores.map(
        ({ label, auroc, bce, prior }) =>
          `${label} AUROC ${auroc.toFixed(3)}, BCE ${bce.toFixed(4)} of ${prior.toFixed(4)}`,
      )
      return `Misplaced patches: ${each.join('; ')} (untrained AUROC ${untrained.scores[0]!.auroc.toFixed(3)}, without content ${trained.blank.toFixed(3)})`
    }
    case 'shapes': {
      const each = ([name, score]: readonly [string, ShapesScore]) =>
        `${name} ${percent(score.trained)} (untrained ${percent(score.untrained)}, raw pixels ${percent(score.rawPixels)})`
      const { representation, shape, texture } = result
      return `Probes on ${representation}: ${each(['shape', shape])}, ${each(['texture', texture])}`
    }
    case 'interactions': {
      const { representation, grid, exact, pairs, contexts, curves } = result
      const sample = exact ? 'all pairs and contexts' : `${pairs} pairs, ${contexts} contexts`
      const each = curves.map(
        ({ network, accuracy, images }) => `${network} ${percent(accuracy)} on ${images} images`,
      )
      return `Interactions of ${grid} × ${grid} cells with ${representation} (${sample}): ${each.join(', ')}`
    }
  }
}

/** What a result warns of, in plain language: signs of collapse, by representation. */
export function warningLines(result: LastingResult): readonly string[] {
  if (result.kind !== 'knn') return []
  return result.scores.flatMap(({ representation, health }) =>
    warningsOf(health).map((text) => `Warning, ${representation}: ${text}`),
  )
}

const percent = (value: number) => `${value.toFixed(2)} %`
