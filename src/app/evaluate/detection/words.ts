import type { DetectorReport, DetectionResult } from '../../../results.ts'
import type { ChartAbout, Place } from '../robustness/compare.ts'

/** AUROC from which a detector is said to detect, and below which it is said to know nothing. */
const DETECTS = 0.6
const KNOWS_NOTHING = 0.55

/** A chart of a trained detector (first) beside the untrained one (second). */
export interface DetectionChart extends ChartAbout {
  readonly places: readonly Place[]
  /** AUROC by category; percent by percent when false. */
  readonly isAuroc: boolean
}

/** What is drawn: the ROC curve, AUROC by distance, AUROC by how wrong places are chosen. */
export function chartsOf({ trained, untrained }: DetectionResult): readonly DetectionChart[] {
  const policies = ({ scores, blank }: DetectorReport) => [
    ...scores.map(({ auroc }) => auroc),
    blank,
  ]
  const names = [...trained.scores.map(({ label }) => label), 'no content']
  const distances = trained.distances.map(({ distance }) => distance)
  const at = ({ distances: all }: DetectorReport, wanted: number): number | null =>
    all.find(({ distance }) => distance === wanted)?.auroc ?? null
  return [
    {
      id: 'roc',
      title: 'ROC curve',
      help: 'Misplaced patches found, by patches in place that are taken for misplaced, at every threshold.',
      axis: 'false alarms, percent',
      nameOf: (amount) => `${amount} %`,
      isScale: true,
      isAuroc: false,
      places: trained.roc.map(({ falseAlarms, found }, i) => ({
        amount: falseAlarms,
        first: found,
        second: untrained.roc[i]!.found,
      })),
    },
    {
      id: 'distance',
      title: 'AUROC by distance',
      help: 'Patches whose claimed place lies so far from the true one, against all patches in place.',
      axis: 'distance in patches',
      nameOf: String,
      isScale: false,
      isAuroc: true,
      places: distances.map((distance) => ({
        amount: distance,
        first: at(trained, distance),
        second: at(untrained, distance),
      })),
    },
    {
      id: 'policy',
      title: 'AUROC by kind of wrong place',
      help: 'The run’s own kind first. At last that kind on images without content, where places alone could tell.',
      axis: 'how wrong places are chosen',
      nameOf: (amount) => names[amount]!,
      isScale: false,
      isAuroc: true,
      places: policies(trained).map((first, amount) => ({
        amount,
        first,
        second: policies(untrained)[amount]!,
      })),
    },
  ]
}

/** What the numbers say, in plain words; empty where they say nothing special. */
export function findingsOf({ scores, blank }: DetectorReport): readonly string[] {
  const [own, ...others] = scores
  const findings: string[] = []
  if (own!.auroc < KNOWS_NOTHING)
    return [
      'It hardly tells misplaced patches from others: it has learned little more than their share.',
    ]
  if (own!.auroc >= DETECTS)
    for (const { label, auroc } of others)
      if (auroc < KNOWS_NOTHING)
        findings.push(
          `It fails under “${label}”: it may live on missing or doubled places instead of on content. Leave out half of the patches or more, or train with permuted places.`,
        )
  if (blank >= DETECTS)
    findings.push(
      'It also succeeds on images without content: the places alone betray what is misplaced.',
    )
  return findings
}
