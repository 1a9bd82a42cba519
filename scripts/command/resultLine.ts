import type { LastingResult } from '../../src/results.ts'

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
    case 'robustness':
      return `Robustness: ${percent(result.clean)} on whole images, ${result.patchesFilled.map(({ amount, accuracy }) => `${percent(accuracy)} with ${amount} % filled`).join(', ')}`
  }
}

const percent = (value: number) => `${value.toFixed(2)} %`
