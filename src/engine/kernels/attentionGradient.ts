import {
  acrossRow,
  ATTENTION_WORKGROUP,
  forRows,
  forShare,
  forTokens,
  loadTile,
  ROW_CODE,
  startCode,
  storage,
  sumTokens,
  typeOf,
  type AttentionPlan,
} from './attentionTile.ts'

const memory = (plan: AttentionPlan, names: readonly [string, string]): string => `
${names.map((name) => `var<workgroup> ${name}: array<array<${typeOf(plan)}, TILE>, UNITS>;`).join('\n')}
var<workgroup> shares: array<array<f32, TOKENS>, TILE>;
var<workgroup> changes: array<array<f32, TOKENS>, TILE>;`

/** Two scalar products of token j's channels with those of every row of the tile: score0 … and change0 …. */
const pairProducts = (
  plan: AttentionPlan,
  scored: { tile: string; offset: string },
  changed: { tile: string; source: string; width: string; offset: string },
): string => `
    ${forRows(plan, (row) => `var score${row} = 0.0; var change${row} = 0.0;`)}
    for (var u = 0u; u < sizes.units; u++) {
      let a = qkv[(first + j) * 3u * WIDTH + ${scored.offset} + u];
      let b = ${changed.source}[(first + j) * ${changed.width} + ${changed.offset} + u];
      ${forRows(
        plan,
        (row) => `score${row} += inner(${scored.tile}[u][${row}], a);
      change${row} += inner(${changed.tile}[u][${row}], b);`,
      )}
    }`

const biasAt = (plan: AttentionPlan, query: string, key: string): string =>
  plan.bias ? ` + bias[(head * TOKENS + ${query}) * TOKENS + ${key}]` : ''

/**
 * Gradient in q. With p the probabilities and dp = dy · v: ds = p (dp − mean), mean = Σ p dp, dq = scale Σ ds k.
 * Leaves each row's mean for the gradients in k and v, and ds [image, head, query, key] where there is a bias.
 * Bindings: sizes, qkv, statistics, dy, dqkv, means; then bias and ds where there is one.
 */
export const queryGradientCode = (plan: AttentionPlan): string => `
${storage(1, 'read', 'qkv', typeOf(plan))}
${storage(2, 'read', 'statistics', 'vec2f')}
${storage(3, 'read', 'dy', typeOf(plan))}
${storage(4, 'read_write', 'dqkv', typeOf(plan))}
${storage(5, 'read_write', 'means', 'f32')}
${plan.bias ? `${storage(6, 'read', 'bias', 'f32')}\n${storage(7, 'read_write', 'ds', 'f32')}` : ''}
${startCode(
  plan,
  `${memory(plan, ['queries', 'given'])}
var<workgroup> parts: array<f32, ${ATTENTION_WORKGROUP}>;`,
  'arrayLength(&statistics) / (TOKENS * HEADS)',
)}
  let rows = (image * HEADS + head) * TOKENS;
  ${loadTile('queries', 'qkv', '3u * WIDTH', 'q')}
  ${loadTile('given', 'dy', 'WIDTH', 'q')}
  workgroupBarrier();
  ${forTokens(`${pairProducts(
    plan,
    { tile: 'queries', offset: 'k' },
    { tile: 'given', source: 'qkv', width: '3u * WIDTH', offset: 'v' },
  )}
    ${forRows(
      plan,
      (row) => `let token${row} = min(start + ${row}u, TOKENS - 1u);
    let statistic${row} = statistics[rows + token${row}];
    shares[${row}][j] =
      exp(SCALE * score${row}${biasAt(plan, `token${row}`, 'j')} - statistic${row}.x) * statistic${row}.y;
    changes[${row}][j] = change${row};`,
    )}`)}
  workgroupBarrier();
  ${ROW_CODE}
  var mean = 0.0;
  ${forShare('mean += shares[row][j] * changes[row][j];')}
  ${acrossRow('mean', 'mean + part')}
  let inside = start + row < TOKENS;
  if (lane % SHARERS == 0u && inside) { means[rows + start + row] = mean; }
  ${forShare(`
    let change = shares[row][j] * (changes[row][j] - mean);
    changes[row][j] = change;
    ${plan.bias ? 'if (inside) { ds[(rows + start + row) * TOKENS + j] = change; }' : ''}`)}
  workgroupBarrier();
  ${sumTokens(
    plan,
    [{ coefficients: 'changes', source: 'qkv', width: '3u * WIDTH', offset: 'k' }],
    (sum) => `dqkv[(first + start + row) * 3u * WIDTH + q + unit] = SCALE * ${sum};`,
  )}
}`

/**
 * Gradients in k and v: dk = scale Σ ds q and dv = Σ p dy over the queries.
 * Bindings: sizes, qkv, statistics, dy, means, dqkv; then bias where there is one.
 */
export const keyGradientCode = (plan: AttentionPlan): string => `
${storage(1, 'read', 'qkv', typeOf(plan))}
${storage(2, 'read', 'statistics', 'vec2f')}
${storage(3, 'read', 'dy', typeOf(plan))}
${storage(4, 'read', 'means', 'f32')}
${storage(5, 'read_write', 'dqkv', typeOf(plan))}
${plan.bias ? storage(6, 'read', 'bias', 'f32') : ''}
${startCode(plan, memory(plan, ['keys', 'held']), 'arrayLength(&means) / (TOKENS * HEADS)')}
  let rows = (image * HEADS + head) * TOKENS;
  ${loadTile('keys', 'qkv', '3u * WIDTH', 'k')}
  ${loadTile('held', 'qkv', '3u * WIDTH', 'v')}
  workgroupBarrier();
  ${forTokens(`${pairProducts(
    plan,
    { tile: 'keys', offset: 'q' },
    { tile: 'held', source: 'dy', width: 'WIDTH', offset: 'q' },
  )}
    let statistic = statistics[rows + j];
    let mean = means[rows + j];
    ${forRows(
      plan,
      (row) => `let share${row} =
      exp(SCALE * score${row}${biasAt(plan, 'j', `min(start + ${row}u, TOKENS - 1u)`)} - statistic.x) * statistic.y;
    shares[${row}][j] = share${row};
    changes[${row}][j] = share${row} * (change${row} - mean);`,
    )}`)}
  workgroupBarrier();
  ${sumTokens(
    plan,
    [
      { coefficients: 'changes', source: 'qkv', width: '3u * WIDTH', offset: 'q' },
      { coefficients: 'shares', source: 'dy', width: 'WIDTH', offset: 'q' },
    ],
    (sum, which) =>
      `dqkv[(first + start + row) * 3u * WIDTH + ${which === 0 ? 'k' : 'v'} + unit] = ${which === 0 ? 'SCALE * ' : ''}${sum};`,
  )}
}`
