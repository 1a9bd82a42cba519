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

const memory = (plan: AttentionPlan): string => `
var<workgroup> queries: array<array<${typeOf(plan)}, TILE>, UNITS>;
var<workgroup> scores: array<array<f32, TOKENS>, TILE>;
var<workgroup> parts: array<f32, ${ATTENTION_WORKGROUP}>;
var<workgroup> inverses: array<f32, TILE>;`

/** From the start of the kernel to exp(score − largest) in `scores` and 1 / sum in `inverses`. */
const softmaxCode = (plan: AttentionPlan): string => `
  ${loadTile('queries', 'qkv', '3u * WIDTH', 'q')}
  workgroupBarrier();
  ${forTokens(`
    let at = 3u * WIDTH * (first + j) + k;
    ${forRows(plan, (row) => `var score${row} = 0.0;`)}
    for (var u = 0u; u < sizes.units; u++) {
      let key = qkv[at + u];
      ${forRows(plan, (row) => `score${row} += inner(queries[u][${row}], key);`)}
    }
    ${forRows(plan, (row) => {
      const token = `min(start + ${row}u, TOKENS - 1u)`
      const bias = plan.bias ? ` + bias[(head * TOKENS + ${token}) * TOKENS + j]` : ''
      return `scores[${row}][j] = SCALE * score${row}${bias};`
    })}`)}
  workgroupBarrier();
  ${ROW_CODE}
  var largest = -3e38;
  ${forShare('largest = max(largest, scores[row][j]);')}
  ${acrossRow('largest', 'max(largest, part)')}
  var total = 0.0;
  ${forShare(`
    let share = exp(scores[row][j] - largest);
    scores[row][j] = share;
    total += share;`)}
  ${acrossRow('total', 'total + part')}
  if (lane % SHARERS == 0u) { inverses[row] = 1.0 / total; }
  workgroupBarrier();`

/**
 * Context = softmax(scores) · v. Also writes each row's (largest score, 1 / sum), for the gradient.
 * Bindings: sizes (tokens, units), qkv, context, statistics, bias where there is one.
 */
export const attentionCode = (plan: AttentionPlan): string => `
${storage(1, 'read', 'qkv', typeOf(plan))}
${storage(2, 'read_write', 'context', typeOf(plan))}
${storage(3, 'read_write', 'statistics', 'vec2f')}
${plan.bias ? storage(4, 'read', 'bias', 'f32') : ''}
${startCode(plan, memory(plan), 'arrayLength(&statistics) / (TOKENS * HEADS)')}
  ${softmaxCode(plan)}
  if (lane % SHARERS == 0u && start + row < TOKENS) {
    statistics[(image * HEADS + head) * TOKENS + start + row] = vec2f(largest, inverses[row]);
  }
  ${sumTokens(
    plan,
    [{ coefficients: 'scores', source: 'qkv', width: '3u * WIDTH', offset: 'v' }],
    (sum) => `context[(first + start + row) * WIDTH + q + unit] = ${sum} * inverses[row];`,
  )}
}`

/**
 * softmax(scores). Bindings: sizes (tokens, units), qkv, probabilities [image, head, query, key], bias where there is
 * one.
 */
export const probabilitiesCode = (plan: AttentionPlan): string => `
${storage(1, 'read', 'qkv', typeOf(plan))}
${storage(2, 'read_write', 'probabilities', 'f32')}
${plan.bias ? storage(3, 'read', 'bias', 'f32') : ''}
${startCode(plan, memory(plan), 'arrayLength(&probabilities) / (TOKENS * TOKENS * HEADS)')}
  ${softmaxCode(plan)}
  if (start + row >= TOKENS) { return; }
  let base = ((image * HEADS + head) * TOKENS + start + row) * TOKENS;
  ${forShare('probabilities[base + j] = scores[row][j] * inverses[row];')}
}`
