import { PeekabooError } from '../../errors.ts'
import type { InteractionCurve, InteractionsResult } from '../../results.ts'
import type { SettingTable } from '../../settings/rows.ts'
import { networkOf } from '../floors.ts'
import type { Job } from '../job.ts'
import { labelsOf } from '../labels.ts'
import { checkRepresentation } from '../representations.ts'
import type { Snapshot } from '../snapshot.ts'
import { commonSettings, type Subject } from '../subject.ts'
import { classifiers } from './classifiers.ts'
import { curveOf, type Curve, type CurvePlan } from './curve.ts'
import { MOST_EXACT } from './forwardPasses.ts'
import { interactionOrders } from './orders.ts'
import { allSubsets, drawnSample } from './sampling.ts'

/** Curves that do not change while a run goes on, by what they depend on: kept as long as the subject's floors. */
const kept = new WeakMap<Subject['floors'], Map<string, InteractionCurve>>()

/**
 * Multi-order interactions: how much more two cells of an image do for its class together than each alone, by how many other
 * cells are shown. Of the run's encoder and of the untrained one with linear probes on a representation, and, where it is
 * wanted, of the same network trained on labels.
 * `sofar` comes after every image.
 * @throws PeekabooError `setting-invalid` for a representation that the network has not, for images without labels or too few
 * that are classified correctly, and for all subsets of more cells than 4 × 4; `diverged` when a classifier's loss is not finite
 */
export async function* evaluateInteractions(
  snapshot: Snapshot,
  { representation }: { readonly representation: string },
): Job<InteractionsResult> {
  const { subject, moment } = snapshot
  checkRepresentation(subject, representation)
  const { interactionSupervised } = commonSettings(subject)
  const { plan, ...head } = planOf(subject)
  const curves: InteractionCurve[] = []
  const resultWith = (curve: InteractionCurve): InteractionsResult => ({
    kind: 'interactions',
    representation,
    ...head,
    curves: [...curves, curve],
  })
  const measured = (network: InteractionCurve['network']): Job<InteractionCurve> =>
    measure(snapshot, representation, network, plan, resultWith)
  curves.push(yield* measured('trained'))
  const known = knownOf(subject)
  const others = ['untrained', 'supervised'] as const
  for (const network of others.slice(0, interactionSupervised ? 2 : 1)) {
    const key = `${network} ${representation} ${conditionsOf(subject)}`
    const isSame = network === 'untrained' && moment.step === 0
    const curve = known.get(key) ?? (isSame ? { ...curves[0]!, network } : yield* measured(network))
    known.set(key, curve)
    curves.push(curve)
  }
  return resultWith(curves.pop()!)
}

/** What is measured, and how the result names it. */
function planOf(
  subject: Subject,
): { readonly plan: CurvePlan } & Pick<
  InteractionsResult,
  'grid' | 'reward' | 'exact' | 'pairs' | 'contexts'
> {
  const common = commonSettings(subject)
  const [grid, exact] = [Number(common.interactionGrid), common.interactionExact]
  if (exact && grid > MOST_EXACT) throw tooMany(grid)
  const available = Math.min(common.probeTrain, subject.train.host.count)
  const orders = interactionOrders(grid ** 2, common.interactionOrders)
  const sampling = exact
    ? allSubsets(grid ** 2, orders)
    : drawnSample({
        seed: common.seed,
        grid,
        orders,
        pairs: common.interactionPairs,
        contexts: common.interactionContexts,
      })
  const plan = {
    grid,
    orders,
    reward: common.interactionReward,
    images: common.interactionImages,
    labels: labelsOf(subject.train.host, available, 'training images'),
    sampling,
  }
  const { reward } = plan
  return { plan, grid, reward, exact, pairs: sampling.pairs, contexts: sampling.contexts }
}

/** The curve of one classifier, which is made for it. */
async function* measure(
  snapshot: Snapshot,
  representation: string,
  network: InteractionCurve['network'],
  plan: CurvePlan,
  resultWith: (curve: InteractionCurve) => InteractionsResult,
): Job<InteractionCurve> {
  const { accuracy, classify, dispose } = yield* classifiers[network](snapshot, representation)
  try {
    const curveWith = (found: Curve): InteractionCurve => ({ network, accuracy, ...found })
    const sofar = (found: Curve): InteractionsResult => resultWith(curveWith(found))
    return curveWith(yield* curveOf(snapshot.subject, classify, plan, NAMES[network], sofar))
  } finally {
    dispose()
  }
}

/** In words, for the progress. */
const NAMES = {
  trained: 'the network',
  untrained: 'the untrained network',
  supervised: 'the network trained on labels',
}

const knownOf = ({ floors }: Subject): Map<string, InteractionCurve> => {
  const known = kept.get(floors) ?? new Map<string, InteractionCurve>()
  kept.set(floors, known)
  return known
}

/** On what the curve of a network depends that has not been pretrained. */
function conditionsOf(subject: Subject): string {
  const { description, settings, train, test } = subject
  const { table }: { readonly table: SettingTable } = description
  const ofEvaluations = Object.entries(settings).filter(
    ([key]) => table[key]?.effect === 'evaluation',
  )
  const images = [train.host.count, test.host.count]
  return JSON.stringify({ network: networkOf(subject), images, ofEvaluations })
}

const tooMany = (grid: number): PeekabooError =>
  new PeekabooError({
    code: 'setting-invalid',
    what: `All choices of ${grid} × ${grid} cells cannot be shown: there are 2 to the power of ${grid ** 2} of them.`,
    kept: 'The run is kept; nothing was evaluated.',
    todo: 'Choose 2 × 2 or 4 × 4 cells, or a sample of pairs and contexts.',
  })
