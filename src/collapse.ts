import type { FeatureHealth } from './results.ts'

/**
 * When numbers about features say that the network has collapsed: it gives (nearly) the same answer for every image.
 * The thresholds are this project's own, set well away from what healthy networks show: they warn of collapse, not of
 * weak features.
 */

/**
 * Deviation of unit-norm features as a share of 1/√dimensions, which it has where they spread evenly. Chen and He (SimSiam,
 * 2021) show it near 1 for healthy features and near 0 for collapsed ones.
 */
const LEAST_SPREAD = 0.02
/** Effective rank below which features move along hardly more than one direction, whatever their width. */
const LEAST_RANK = 2
/** Effective rank as a share of the dimensions, below which most of the width is idle. */
const LEAST_RANK_SHARE = 0.02
/** Cosine of different patch tokens of an image above which they are all the same token. */
const MOST_SIMILARITY = 0.98

/**
 * How far unit-norm vectors spread, as a share of an even spread in all directions: near 1 where they are healthy, 0 where
 * all are the same.
 * @param deviation mean over the dimensions of their standard deviation
 */
export const spreadOf = (deviation: number, dimensions: number): number =>
  deviation * Math.sqrt(dimensions)

/** Whether a spread (see `spreadOf`) is so small that the vectors say nearly the same of every image. */
export const hasCollapsed = (spread: number): boolean => spread < LEAST_SPREAD

/** Plain-language warnings about features, none where they are healthy. */
export function warningsOf({
  deviation,
  dimensions,
  effectiveRank,
  tokenSimilarity,
}: FeatureHealth): readonly string[] {
  const warnings: string[] = []
  const spread = spreadOf(deviation, dimensions)
  if (hasCollapsed(spread))
    warnings.push(
      `Nearly all images get the same features: their spread is ${percent(spread)} of an even one. The network has collapsed or has not begun to tell images apart.`,
    )
  if (effectiveRank < Math.max(LEAST_RANK, LEAST_RANK_SHARE * dimensions))
    warnings.push(
      `The features use about ${effectiveRank.toFixed(1)} of their ${dimensions} dimensions: what the network says of an image lies in very few directions (dimensional collapse).`,
    )
  if (tokenSimilarity !== null && tokenSimilarity > MOST_SIMILARITY)
    warnings.push(
      `The patch tokens of an image are nearly all the same (mean cosine ${tokenSimilarity.toFixed(2)}): the network no longer tells places apart.`,
    )
  return warnings
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
