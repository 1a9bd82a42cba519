import {
  channelAt,
  channelBuffers,
  termBuffers,
  typeOf,
  type AttentionPlan,
} from './attentionPlan.ts'
import {
  acrossRow,
  channelsArray,
  forOthers,
  forRows,
  forShare,
  loadTile,
  PARTS,
  ROW_CODE,
  scoresArray,
  sumTokens,
  tileStart,
  type TiledPlan,
} from './attentionTile.ts'

const memory = (plan: TiledPlan): string[] => [
  channelsArray(plan, 'queries'),
  scoresArray('scores'),
  PARTS,
  'var<workgroup> inverses: array<f32, TILE>;',
]

/** WGSL for an element of q, k or v. */
export const reader =
  (plan: AttentionPlan, part: 'q' | 'k' | 'v') =>
  (row: string, unit: string): string =>
    channelAt(plan, part, row, unit)

/** From the start of the kernel to exp(score − largest) in `scores` and 1 / sum in `inverses`. */
const softmaxCode = (plan: TiledPlan): string => `
  ${loadTile('queries', reader(plan, 'q'))}
  workgroupBarrier();
  ${forOthers(
    plan,
    `
    ${forRows(plan, (row) => `var product${row} = 0.0;`)}
    for (var u = 0u; u < sizes.units; u++) {
      let key = ${channelAt(plan, 'k', 'others + j', 'unit0 + u')};
      ${forRows(plan, (row) => `product${row} += inner(queries[u][${row}], key);`)}
    }
    let rank = keyRank(image, j);
    ${forRows(
      plan,
      (row) => `let token${row} = min(start + ${row}u, last);
    scores[${row}][j] = scored(product${row}, image, head, token${row}, j, queryRank(image, token${row}), rank);`,
    )}`,
  )}
  workgroupBarrier();
  ${ROW_CODE}
  var largest = HIDDEN;
  ${forShare(plan, 'largest = max(largest, scores[row][j]);')}
  ${acrossRow('largest', 'max(largest, part)')}
  var total = 0.0;
  ${forShare(
    plan,
    `
    let share = exp(scores[row][j] - largest);
    scores[row][j] = share;
    total += share;`,
  )}
  ${acrossRow('total', 'total + part')}
  if (lane % SHARERS == 0u) { inverses[row] = select(1.0 / total, 0.0, largest == HIDDEN); }
  workgroupBarrier();`

/**
 * Context = softmax(scores) · v; 0 for a query that sees no key. Also writes each row's (largest score, 1 / sum), for
 * the gradient. Bindings: sizes, channels, the term's, context, statistics.
 */
export const attentionCode = (plan: TiledPlan): string => `
${tileStart(
  plan,
  [
    ...channelBuffers(plan),
    ...termBuffers(plan),
    ['context', 'read_write', typeOf(plan)],
    ['statistics', 'read_write', 'vec2f'],
  ],
  memory(plan),
)}
  ${softmaxCode(plan)}
  if (lane % SHARERS == 0u && start + row <= last) {
    statistics[(image * sizes.heads + head) * sizes.queries + start + row] = vec2f(largest, inverses[row]);
  }
  ${sumTokens(plan, [
    {
      coefficients: 'scores',
      at: reader(plan, 'v'),
      store: (token, unit, sum) =>
        `context[(${token}) * width + ${unit}] = ${sum} * inverses[row];`,
    },
  ])}
}`

/** softmax(scores). Bindings: sizes, channels, the term's, probabilities [image, head, query, key]. */
export const probabilitiesCode = (plan: TiledPlan): string => `
${tileStart(
  plan,
  [...channelBuffers(plan), ...termBuffers(plan), ['probabilities', 'read_write', 'f32']],
  memory(plan),
)}
  ${softmaxCode(plan)}
  if (start + row > last) { return; }
  let base = ((image * sizes.heads + head) * sizes.queries + start + row) * sizes.keys;
  ${forShare(plan, 'probabilities[base + j] = scores[row][j] * inverses[row];')}
}`
