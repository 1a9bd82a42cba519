import { reader } from './attention.ts'
import {
  channelAt,
  channelBuffers,
  termBuffers,
  typeOf,
  type AttentionPlan,
  type Declaration,
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

/** The buffer of a gradient in channels: that of all of qkv, or one of its own. */
export const gradientBuffer = (plan: AttentionPlan, name: 'dq' | 'dkv'): Declaration => [
  plan.fused ? 'dqkv' : name,
  'read_write',
  typeOf(plan),
]

const dyAt = (row: string, unit: string): string => `dy[(${row}) * width + ${unit}]`

const memory = (plan: TiledPlan, names: readonly [string, string]): string[] => [
  ...names.map((name) => channelsArray(plan, name)),
  scoresArray('shares'),
  scoresArray('changes'),
]

type Reader = (row: string, unit: string) => string

/** Two scalar products of token j's channels with those of every row of the tile: product0 … and change0 …. */
const pairProducts = (
  plan: TiledPlan,
  [scoreTile, scoreAt]: readonly [string, Reader],
  [changeTile, changeAt]: readonly [string, Reader],
): string => `
    ${forRows(plan, (row) => `var product${row} = 0.0; var change${row} = 0.0;`)}
    for (var u = 0u; u < sizes.units; u++) {
      let a = ${scoreAt('others + j', 'unit0 + u')};
      let b = ${changeAt('others + j', 'unit0 + u')};
      ${forRows(
        plan,
        (row) => `product${row} += inner(${scoreTile}[u][${row}], a);
      change${row} += inner(${changeTile}[u][${row}], b);`,
      )}
    }`

/**
 * Gradient in q. With p the probabilities and dp = dy · v: ds = p (dp − mean), mean = Σ p dp, dq = scale Σ ds k.
 * Leaves each row's mean for the gradients in k and v, and ds [image, head, query, key] where there is a bias.
 * Bindings: sizes, channels, the term's, statistics, dy, dq, means; then ds where there is a bias.
 */
export const queryGradientCode = (plan: TiledPlan): string => `
${tileStart(
  plan,
  [
    ...channelBuffers(plan),
    ...termBuffers(plan),
    ['statistics', 'read', 'vec2f'],
    ['dy', 'read', typeOf(plan)],
    gradientBuffer(plan, 'dq'),
    ['means', 'read_write', 'f32'],
    ...(plan.term.kind === 'bias' ? [['ds', 'read_write', 'f32'] as const] : []),
  ],
  [...memory(plan, ['queries', 'given']), PARTS],
)}
  let rows = (image * sizes.heads + head) * sizes.queries;
  ${loadTile('queries', reader(plan, 'q'))}
  ${loadTile('given', dyAt)}
  workgroupBarrier();
  ${forOthers(
    plan,
    `${pairProducts(plan, ['queries', reader(plan, 'k')], ['given', reader(plan, 'v')])}
    let rank = keyRank(image, j);
    ${forRows(
      plan,
      (row) => `let token${row} = min(start + ${row}u, last);
    let statistic${row} = statistics[rows + token${row}];
    let score${row} = scored(product${row}, image, head, token${row}, j, queryRank(image, token${row}), rank);
    shares[${row}][j] = exp(score${row} - statistic${row}.x) * statistic${row}.y;
    changes[${row}][j] = change${row};`,
    )}`,
  )}
  workgroupBarrier();
  ${ROW_CODE}
  var mean = 0.0;
  ${forShare(plan, 'mean += shares[row][j] * changes[row][j];')}
  ${acrossRow('mean', 'mean + part')}
  let inside = start + row <= last;
  if (lane % SHARERS == 0u && inside) { means[rows + start + row] = mean; }
  ${forShare(
    plan,
    `
    let change = shares[row][j] * (changes[row][j] - mean);
    changes[row][j] = change;
    ${plan.term.kind === 'bias' ? 'if (inside) { ds[(rows + start + row) * sizes.keys + j] = change; }' : ''}`,
  )}
  workgroupBarrier();
  ${sumTokens(plan, [
    {
      coefficients: 'changes',
      at: reader(plan, 'k'),
      store: (token, unit, sum) => `${channelAt(plan, 'q', token, unit, 'd')} = SCALE * ${sum};`,
    },
  ])}
}`

/**
 * Gradients in k and v: dk = scale Σ ds q and dv = Σ p dy over the queries.
 * Bindings: sizes, channels, the term's, statistics, dy, means, dkv.
 */
export const keyGradientCode = (plan: TiledPlan): string => `
${tileStart(
  plan,
  [
    ...channelBuffers(plan),
    ...termBuffers(plan),
    ['statistics', 'read', 'vec2f'],
    ['dy', 'read', typeOf(plan)],
    ['means', 'read', 'f32'],
    gradientBuffer(plan, 'dkv'),
  ],
  memory(plan, ['keys', 'held']),
)}
  let rows = (image * sizes.heads + head) * sizes.queries;
  ${loadTile('keys', reader(plan, 'k'))}
  ${loadTile('held', reader(plan, 'v'))}
  workgroupBarrier();
  ${forOthers(
    plan,
    `${pairProducts(plan, ['keys', reader(plan, 'q')], ['held', dyAt])}
    let statistic = statistics[rows + j];
    let mean = means[rows + j];
    let rank = queryRank(image, j);
    ${forRows(
      plan,
      (row) => `let token${row} = min(start + ${row}u, last);
    let score${row} = scored(product${row}, image, head, j, token${row}, rank, keyRank(image, token${row}));
    let share${row} = exp(score${row} - statistic.x) * statistic.y;
    shares[${row}][j] = share${row};
    changes[${row}][j] = share${row} * (change${row} - mean);`,
    )}`,
  )}
  workgroupBarrier();
  ${sumTokens(plan, [
    {
      coefficients: 'changes',
      at: reader(plan, 'q'),
      store: (token, unit, sum) => `${channelAt(plan, 'k', token, unit, 'd')} = SCALE * ${sum};`,
    },
    {
      coefficients: 'shares',
      at: dyAt,
      store: (token, unit, sum) => `${channelAt(plan, 'v', token, unit, 'd')} = ${sum};`,
    },
  ])}
}`
