import type { DetectorScore, DistanceScore, RocPoint } from '../../results.ts'

/** Tokens with what a detector says of them; columns of equal length. */
export interface DetectedTokens {
  readonly logits: Float32Array
  /** 1 for a misplaced token, 0 for one in place. */
  readonly labels: Float32Array
  /** In tokens; 0 in place. */
  readonly distances: Float32Array
}

/** Steps of the share of false alarms along a ROC curve. */
const ROC_STEPS = 50

/** What a detector does with tokens, in float64. */
export function scoreOf({
  logits,
  labels,
}: Omit<DetectedTokens, 'distances'>): Omit<DetectorScore, 'policy' | 'label'> {
  const { inPlace, misplaced } = split(logits, labels)
  const share = misplaced.length / labels.length
  return {
    misplaced: 100 * share,
    bce: labels.reduce((sum, label, i) => sum + crossEntropy(logits[i]!, label), 0) / labels.length,
    prior: entropyOf(share),
    auroc: areaUnder(curveOf(inPlace, misplaced)),
    balancedAccuracy: balanced(inPlace, misplaced),
  }
}

/** The ROC curve at evenly spaced shares of false alarms, on straight lines between its corners. */
export function rocOf({ logits, labels }: Omit<DetectedTokens, 'distances'>): RocPoint[] {
  const { inPlace, misplaced } = split(logits, labels)
  const corners = curveOf(inPlace, misplaced)
  let at = 0
  return Array.from({ length: ROC_STEPS + 1 }, (_, step) => {
    const share = step / ROC_STEPS
    while (at < corners.length - 1 && corners[at + 1]!.falseAlarms <= share) at++
    const [left, right] = [corners[at]!, corners[at + 1] ?? corners[at]!]
    const width = right.falseAlarms - left.falseAlarms
    const part = width > 0 ? (share - left.falseAlarms) / width : 0
    const found = left.found + part * (right.found - left.found)
    return { falseAlarms: 100 * share, found: 100 * found }
  })
}

/** The misplaced tokens by rounded distance, each kind against all tokens in place. */
export function distancesOf({ logits, labels, distances }: DetectedTokens): DistanceScore[] {
  const { inPlace } = split(logits, labels)
  const bins = new Map<number, number[]>()
  labels.forEach((label, i) => {
    if (label === 0) return
    const distance = Math.round(distances[i]!)
    const bin = bins.get(distance)
    if (bin) bin.push(logits[i]!)
    else bins.set(distance, [logits[i]!])
  })
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([distance, values]) => {
      const misplaced = Float32Array.from(values).sort()
      return {
        distance,
        tokens: values.length,
        auroc: areaUnder(curveOf(inPlace, misplaced)),
        bce: values.reduce((sum, logit) => sum + crossEntropy(logit, 1), 0) / values.length,
        balancedAccuracy: balanced(inPlace, misplaced),
      }
    })
}

/** Logits of both kinds of tokens, rising. */
function split(logits: Float32Array, labels: Float32Array) {
  return {
    inPlace: logits.filter((_, i) => labels[i] === 0).sort(),
    misplaced: logits.filter((_, i) => labels[i] !== 0).sort(),
  }
}

/** log(1 + exp(l)) − l y, without overflow: the cross-entropy of a logit with its label. */
const crossEntropy = (logit: number, label: number): number =>
  Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)))

/** Entropy of a share, in nats. */
const entropyOf = (share: number): number =>
  share === 0 || share === 1 ? 0 : -(share * Math.log(share) + (1 - share) * Math.log(1 - share))

/**
 * The corners of the exact ROC curve, both shares from 0 to 1, from the highest threshold to the lowest: tokens with
 * equal logits are taken together, so that ties count half. A kind that is absent is found evenly.
 */
function curveOf(inPlace: Float32Array, misplaced: Float32Array): RocPoint[] {
  const corners = [{ falseAlarms: 0, found: 0 }]
  if (inPlace.length === 0 || misplaced.length === 0)
    return [...corners, { falseAlarms: 1, found: 1 }]
  let [a, b] = [inPlace.length, misplaced.length]
  while (a > 0 || b > 0) {
    const threshold = Math.max(inPlace[a - 1] ?? -Infinity, misplaced[b - 1] ?? -Infinity)
    while (a > 0 && inPlace[a - 1]! >= threshold) a--
    while (b > 0 && misplaced[b - 1]! >= threshold) b--
    corners.push({ falseAlarms: 1 - a / inPlace.length, found: 1 - b / misplaced.length })
  }
  return corners
}

const areaUnder = (corners: readonly RocPoint[]): number =>
  corners.reduce((area, { falseAlarms, found }, i) => {
    const before = corners[i - 1]
    return before ? area + ((falseAlarms - before.falseAlarms) * (found + before.found)) / 2 : area
  }, 0)

/** Percent; a probability of exactly one half is no alarm. */
function balanced(inPlace: Float32Array, misplaced: Float32Array): number {
  const kept = inPlace.filter((logit) => logit <= 0).length / Math.max(inPlace.length, 1)
  const found = misplaced.filter((logit) => logit > 0).length / Math.max(misplaced.length, 1)
  return 50 * (kept + found)
}
