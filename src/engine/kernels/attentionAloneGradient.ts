import {
  aloneStart,
  chunkSum,
  forChunk,
  forOthers,
  forUnits,
  own,
  skipUnseen,
  within,
} from './attentionAlone.ts'
import { gradientBuffer } from './attentionGradient.ts'
import {
  channelAt,
  channelBuffers,
  termBuffers,
  typeOf,
  type AttentionPlan,
  type Declaration,
} from './attentionPlan.ts'
import { MAX_STORAGE_BUFFERS } from './limits.ts'

/** The buffers of the gradient in q. */
const queryBuffers = (plan: AttentionPlan, withContext: boolean): Declaration[] => [
  ...channelBuffers(plan),
  ...termBuffers(plan),
  ['statistics', 'read', 'vec2f'],
  ['dy', 'read', typeOf(plan)],
  ...(withContext ? [['context', 'read', typeOf(plan)] as const] : []),
  gradientBuffer(plan, 'dq'),
  ['means', 'read_write', 'f32'],
  ...(plan.term.kind === 'bias' ? [['ds', 'read_write', 'f32'] as const] : []),
]

/**
 * Whether the kernel of the gradient in q reads the context, so as to have the mean Σ p dp as Σ dy · y over the head's
 * channels, which is the same; it goes over all keys once more where it could not bind one buffer more.
 */
export const readsContext = (plan: AttentionPlan): boolean =>
  queryBuffers(plan, true).length <= MAX_STORAGE_BUFFERS

/** The score of this query and each key of a chunk, `score0` …, and dp, `change0` …. */
const pairsCode = (plan: AttentionPlan): string => `
    ${forChunk(plan, (c) => `var product${c} = 0.0; var change${c} = 0.0;`)}
    ${forUnits(
      plan,
      `let mine = query[u];
      let d = given[u];
      ${forChunk(
        plan,
        (c) => `product${c} += inner(mine, ${channelAt(plan, 'k', `row${c}`, 'first + u')});
      change${c} += inner(d, ${channelAt(plan, 'v', `row${c}`, 'first + u')});`,
      )}`,
    )}
    ${forChunk(
      plan,
      (c) =>
        `let score${c} = scored(product${c}, image, head, token, token${c}, rank, keyRank(image, token${c}));`,
    )}`

/** p · `value` of this query and token c of a chunk of keys. */
const weighted = (c: number, value: string): string =>
  within('keys', c, `exp(score${c} - statistic.x) * statistic.y * (${value})`, '0.0')

/**
 * As `queryGradientCode`, a thread a query. Bindings: sizes, channels, the term's, statistics, dy, the context if it
 * `readsContext`, dq, means; then ds where there is a bias.
 */
export const queryGradientAloneCode = (plan: AttentionPlan): string => `
${aloneStart(plan, 'queries', queryBuffers(plan, readsContext(plan)))}
  let row = image * sizes.queries + token;
  let place = (image * sizes.heads + head) * sizes.queries + token;
  let rank = queryRank(image, token);
  let statistic = statistics[place];
  ${own(plan, 'query')}
  ${own(plan, 'given')}
  ${own(plan, 'sum')}
  var mean = 0.0;
  ${forUnits(
    plan,
    `query[u] = ${channelAt(plan, 'q', 'row', 'first + u')};
    let d = dy[row * width + first + u];
    given[u] = d;
    ${readsContext(plan) ? 'mean += inner(d, context[row * width + first + u]);' : ''}`,
  )}
  ${
    readsContext(plan)
      ? ''
      : forOthers(
          plan,
          'keys',
          `${skipUnseen(plan, 'keys')}
    ${pairsCode(plan)}
    mean += ${chunkSum(plan, (c) => weighted(c, `change${c}`))};`,
        )
  }
  means[place] = mean;
  ${forOthers(
    plan,
    'keys',
    `${skipUnseen(plan, 'keys')}
    ${pairsCode(plan)}
    ${forChunk(
      plan,
      (c) => `let delta${c} = ${weighted(c, `change${c} - mean`)};
    ${plan.term.kind === 'bias' ? `if (start + ${c}u < sizes.keys) { ds[place * sizes.keys + token${c}] = delta${c}; }` : ''}`,
    )}
    ${forUnits(plan, `sum[u] += ${chunkSum(plan, (c) => `delta${c} * ${channelAt(plan, 'k', `row${c}`, 'first + u')}`)};`)}`,
  )}
  ${forUnits(plan, `${channelAt(plan, 'q', 'row', 'first + u', 'd')} = SCALE * sum[u];`)}
}`

/** As `keyGradientCode`, a thread a key. Bindings: sizes, channels, the term's, statistics, dy, means, dkv. */
export const keyGradientAloneCode = (plan: AttentionPlan): string => `
${aloneStart(plan, 'keys', [
  ...channelBuffers(plan),
  ...termBuffers(plan),
  ['statistics', 'read', 'vec2f'],
  ['dy', 'read', typeOf(plan)],
  ['means', 'read', 'f32'],
  gradientBuffer(plan, 'dkv'),
])}
  let row = image * sizes.keys + token;
  let rows = (image * sizes.heads + head) * sizes.queries;
  let rank = keyRank(image, token);
  ${own(plan, 'k')}
  ${own(plan, 'v')}
  ${own(plan, 'keySum')}
  ${own(plan, 'valueSum')}
  ${forUnits(
    plan,
    `k[u] = ${channelAt(plan, 'k', 'row', 'first + u')};
    v[u] = ${channelAt(plan, 'v', 'row', 'first + u')};`,
  )}
  ${forOthers(
    plan,
    'queries',
    `${skipUnseen(plan, 'queries')}
    ${forChunk(plan, (c) => `var product${c} = 0.0; var change${c} = 0.0;`)}
    ${forUnits(
      plan,
      `let key = k[u];
      let value = v[u];
      ${forChunk(
        plan,
        (c) => `product${c} += inner(key, ${channelAt(plan, 'q', `row${c}`, 'first + u')});
      change${c} += inner(value, dy[row${c} * width + first + u]);`,
      )}`,
    )}
    ${forChunk(
      plan,
      (c) => `let statistic${c} = statistics[rows + token${c}];
    let score${c} = scored(product${c}, image, head, token${c}, token, queryRank(image, token${c}), rank);
    let share${c} = ${within('queries', c, `exp(score${c} - statistic${c}.x) * statistic${c}.y`, '0.0')};
    let delta${c} = share${c} * (change${c} - means[rows + token${c}]);`,
    )}
    ${forUnits(
      plan,
      `keySum[u] += ${chunkSum(plan, (c) => `delta${c} * ${channelAt(plan, 'q', `row${c}`, 'first + u')}`)};
      valueSum[u] += ${chunkSum(plan, (c) => `share${c} * dy[row${c} * width + first + u]`)};`,
    )}`,
  )}
  ${forUnits(
    plan,
    `${channelAt(plan, 'k', 'row', 'first + u', 'd')} = SCALE * keySum[u];
    ${channelAt(plan, 'v', 'row', 'first + u', 'd')} = valueSum[u];`,
  )}
}`
