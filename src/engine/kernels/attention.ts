/** Threads of a workgroup of the attention kernels; a thread has one token of one head. */
export const ATTENTION_WORKGROUP = 64

/** What the attention kernels are made for; the batch size is read from the buffers' lengths. */
export interface AttentionPlan {
  readonly tokens: number
  readonly heads: number
  /** Channels of one head. */
  readonly size: number
  /** Whether a bias [heads, tokens, tokens] is added to the scores. */
  readonly bias: boolean
}

/** Element type of the buffers of channels: four at once where a head's size allows. */
const typeOf = (size: number): string => (size % 4 === 0 ? 'vec4f' : 'f32')
/** Elements of one head. */
const unitsOf = (size: number): number => (size % 4 === 0 ? size / 4 : size)

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

/**
 * The beginning of a kernel: WGSL variables `token`, `head`, `image`, `row` (of [image, head, token]), `first` (row of
 * the image's first token in qkv), and offsets of this head's q, k, v within a row of qkv and of its context.
 */
const startCode = ({ tokens, heads, size }: AttentionPlan, counted: string): string => `
const UNITS = ${unitsOf(size)}u;
const WIDTH = ${heads * unitsOf(size)}u;

@compute @workgroup_size(${ATTENTION_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let row = id.x + id.y * wide.x * ${ATTENTION_WORKGROUP}u;
  if (row >= ${counted}) { return; }
  let token = row % ${tokens}u;
  let head = (row / ${tokens}u) % ${heads}u;
  let image = row / ${tokens * heads}u;
  let first = image * ${tokens}u;
  let q = head * UNITS;
  let k = WIDTH + head * UNITS;
  let v = 2u * WIDTH + head * UNITS;
  let here = 3u * WIDTH * (first + token);`

/** `let NAME0 … NAMEn`: a head's channels of a row. */
const load = (plan: AttentionPlan, name: string, source: string, at: string): string =>
  `let ${name}At = ${at};\n` +
  lines(unitsOf(plan.size), (i) => `let ${name}${i} = ${source}[${name}At + ${i}u];`)

const declare = (plan: AttentionPlan, name: string): string =>
  lines(unitsOf(plan.size), (i) => `var ${name}${i} = ${typeOf(plan.size)}(0.0);`)

/** Scalar product of channels held in variables with those at an address. */
const product = ({ size }: AttentionPlan, name: string, source: string, at: string): string =>
  Array.from({ length: unitsOf(size) }, (_, i) => {
    const other = `${source}[${at} + ${i}u]`
    return size % 4 === 0 ? `dot(${name}${i}, ${other})` : `${name}${i} * ${other}`
  }).join(' + ')

const addTo = (plan: AttentionPlan, name: string, factor: string, source: string, at: string) =>
  lines(unitsOf(plan.size), (i) => `${name}${i} += ${factor} * ${source}[${at} + ${i}u];`)

const score = (plan: AttentionPlan): string =>
  `${plan.size ** -0.5} * (${product(plan, 'query', 'qkv', 'other + k')})` +
  (plan.bias ? ` + bias[(head * ${plan.tokens}u + token) * ${plan.tokens}u + j]` : '')

const binding = (index: number, access: string, name: string, type: string): string =>
  `@group(0) @binding(${index}) var<storage, ${access}> ${name}: array<${type}>;`

/** Loop over the tokens of the image; `other` is the row of token j in qkv. */
const forTokens = ({ tokens }: AttentionPlan, body: string): string => `
  for (var j = 0u; j < ${tokens}u; j++) {
    let other = 3u * WIDTH * (first + j);
    ${body}
  }`

/**
 * Context = softmax(scores) · v, a thread a query. The softmax runs along: what has been summed fades whenever a
 * larger score turns up. Also writes each row's (largest score, 1 / sum), for the gradient.
 * Bindings: qkv, context, statistics, bias where there is one.
 */
export const attentionCode = (plan: AttentionPlan): string => `
${binding(0, 'read', 'qkv', typeOf(plan.size))}
${binding(1, 'read_write', 'context', typeOf(plan.size))}
${binding(2, 'read_write', 'statistics', 'vec2f')}
${plan.bias ? binding(3, 'read', 'bias', 'f32') : ''}
${startCode(plan, 'arrayLength(&statistics)')}
  ${load(plan, 'query', 'qkv', 'here + q')}
  ${declare(plan, 'sum')}
  var largest = -3e38;
  var total = 0.0;
  ${forTokens(
    plan,
    `let score = ${score(plan)};
    let next = max(largest, score);
    let fade = exp(largest - next);
    let share = exp(score - next);
    largest = next;
    total = total * fade + share;
    ${lines(unitsOf(plan.size), (i) => `sum${i} = sum${i} * fade + share * qkv[other + v + ${i}u];`)}`,
  )}
  let out = (first + token) * WIDTH + q;
  ${lines(unitsOf(plan.size), (i) => `context[out + ${i}u] = sum${i} / total;`)}
  statistics[row] = vec2f(largest, 1.0 / total);
}`

/** softmax(scores), a thread a query. Bindings: qkv, probabilities [image, head, query, key], bias where there is one. */
export const probabilitiesCode = (plan: AttentionPlan): string => `
${binding(0, 'read', 'qkv', typeOf(plan.size))}
${binding(1, 'read_write', 'probabilities', 'f32')}
${plan.bias ? binding(2, 'read', 'bias', 'f32') : ''}
${startCode(plan, `arrayLength(&probabilities) / ${plan.tokens}u`)}
  ${load(plan, 'query', 'qkv', 'here + q')}
  let base = row * ${plan.tokens}u;
  var largest = -3e38;
  ${forTokens(
    plan,
    `let score = ${score(plan)};
    probabilities[base + j] = score;
    largest = max(largest, score);`,
  )}
  var total = 0.0;
  ${forTokens(
    plan,
    `let share = exp(probabilities[base + j] - largest);
    probabilities[base + j] = share;
    total += share;`,
  )}
  ${forTokens(plan, 'probabilities[base + j] /= total;')}
}`

/**
 * Gradient in q, a thread a query. With p the probabilities and dp = dy · v: ds = p (dp − Σ p dp) and
 * dq = scale Σ ds k. Leaves p and ds for the gradients in k and v.
 * Bindings: qkv, statistics, dy, dqkv, probabilities, scores (ds), bias where there is one.
 */
export const queryGradientCode = (plan: AttentionPlan): string => `
${binding(0, 'read', 'qkv', typeOf(plan.size))}
${binding(1, 'read', 'statistics', 'vec2f')}
${binding(2, 'read', 'dy', typeOf(plan.size))}
${binding(3, 'read_write', 'dqkv', typeOf(plan.size))}
${binding(4, 'read_write', 'probabilities', 'f32')}
${binding(5, 'read_write', 'scores', 'f32')}
${plan.bias ? binding(6, 'read', 'bias', 'f32') : ''}
${startCode(plan, 'arrayLength(&statistics)')}
  ${load(plan, 'query', 'qkv', 'here + q')}
  ${load(plan, 'given', 'dy', '(first + token) * WIDTH + q')}
  let base = row * ${plan.tokens}u;
  let largest = statistics[row].x;
  let inverse = statistics[row].y;
  var mean = 0.0;
  ${forTokens(
    plan,
    `let share = exp(${score(plan)} - largest) * inverse;
    let change = ${product(plan, 'given', 'qkv', 'other + v')};
    probabilities[base + j] = share;
    scores[base + j] = change;
    mean += share * change;`,
  )}
  ${declare(plan, 'sum')}
  ${forTokens(
    plan,
    `let change = probabilities[base + j] * (scores[base + j] - mean);
    scores[base + j] = change;
    ${addTo(plan, 'sum', 'change', 'qkv', 'other + k')}`,
  )}
  ${lines(unitsOf(plan.size), (i) => `dqkv[here + q + ${i}u] = ${plan.size ** -0.5} * sum${i};`)}
}`

/**
 * Gradients in k and v, a thread a key: dk = scale Σ ds q and dv = Σ p dy over the queries.
 * Bindings: qkv, dy, probabilities, scores (ds), dqkv.
 */
export const keyGradientCode = (plan: AttentionPlan): string => `
${binding(0, 'read', 'qkv', typeOf(plan.size))}
${binding(1, 'read', 'dy', typeOf(plan.size))}
${binding(2, 'read', 'probabilities', 'f32')}
${binding(3, 'read', 'scores', 'f32')}
${binding(4, 'read_write', 'dqkv', typeOf(plan.size))}
${startCode(plan, `arrayLength(&scores) / ${plan.tokens}u`)}
  ${declare(plan, 'keySum')}
  ${declare(plan, 'valueSum')}
  let base = (row - token) * ${plan.tokens}u + token;
  ${forTokens(
    plan,
    `let share = probabilities[base + j * ${plan.tokens}u];
    let change = scores[base + j * ${plan.tokens}u];
    let given = (first + j) * WIDTH + q;
    ${addTo(plan, 'keySum', 'change', 'qkv', 'other + q')}
    ${addTo(plan, 'valueSum', 'share', 'dy', 'given')}`,
  )}
  ${lines(unitsOf(plan.size), (i) => `dqkv[here + k + ${i}u] = ${plan.size ** -0.5} * keySum${i};`)}
  ${lines(unitsOf(plan.size), (i) => `dqkv[here + v + ${i}u] = valueSum${i};`)}
}`
