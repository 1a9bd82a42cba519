import { normalCode } from './gelu.ts'
import { teamSumCode } from './reduce.ts'

/** How many threads a workgroup has, and how many of them share a row. */
export interface RowTeams {
  readonly threads: number
  readonly team: number
}

/** Columns that a thread should have, at least and, while teams of the usual workgroup's size can do it, at most. */
const MIN_COLUMNS = 4
const MAX_COLUMNS = 16
const THREADS = 64
const MAX_TEAM = 256

/** The teams for rows of a width. */
export function rowTeams(width: number): RowTeams {
  let team = 1
  while (team < MAX_TEAM && 2 * team * MIN_COLUMNS <= width) team *= 2
  if (team > THREADS && width <= MAX_COLUMNS * THREADS) team = THREADS
  return { threads: Math.max(THREADS, team), team }
}

/** A line for every column of a thread; WGSL `inside0` … say whether the column exists and `column0` … which it is. */
const forColumns = (width: number, { team }: RowTeams, line: (i: number) => string): string =>
  Array.from({ length: Math.ceil(width / team) }, (_, i) => line(i)).join('\n')

/**
 * The beginning of a kernel whose workgroups take rows in blocks of `wide`: WGSL variables `lane`, `member` (of the
 * team), `begin` and `end` (rows of the block).
 */
const start = (width: number, teams: RowTeams): string => `
@compute @workgroup_size(${teams.threads})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let rows = arrayLength(&statistics);
  let block = (rows + wide.x - 1u) / wide.x;
  let begin = group.x * block;
  let end = min(begin + block, rows);
  let member = lane % ${teams.team}u;
  ${forColumns(
    width,
    teams,
    (i) => `let column${i} = member + ${i * teams.team}u;
  let inside${i} = ${(i + 1) * teams.team <= width ? 'true' : `column${i} < ${width}u`};`,
  )}`

/** Loop over the rows of the block, one a team at a time: `row`, `base` and `within` (false beyond the block). */
const forRows = (width: number, { threads, team }: RowTeams, body: string): string => `
  for (var first = begin; first < end; first += ${threads / team}u) {
    let within = first + lane / ${team}u < end;
    let row = min(first + lane / ${team}u, rows - 1u);
    let base = row * ${width}u;
    ${body}
  }`

/**
 * Layer norm of rows: y = (x − mean) / √(variance + ε) · weight + bias. Also writes each row's mean and 1 / √(variance + ε),
 * for the gradient. The variance is summed in a second pass over the row: E[x²] − E[x]² loses all digits far from 0.
 * @param withGelu y is the exact GELU of that
 */
export function layerNormCode(width: number, epsilon: number, withGelu = false): string {
  const teams = rowTeams(width)
  const each = (line: (i: number) => string): string => forColumns(width, teams, line)
  const write = (column: string, value: string): string =>
    withGelu
      ? `let z = ${value}; y[base + ${column}] = z * normal(z).cumulative;`
      : `y[base + ${column}] = ${value};`
  return `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> statistics: array<vec2f>;
${withGelu ? normalCode('f32') : ''}
${teamSumCode('f32', teams.threads, teams.team)}
${start(width, teams)}
  ${forRows(
    width,
    teams,
    `var sum = 0.0;
    ${each((i) => `let x${i} = select(0.0, x[base + column${i}], inside${i}); sum += x${i};`)}
    let mean = teamSum(sum, lane) / ${width}.0;
    var squares = 0.0;
    ${each((i) => `let off${i} = select(0.0, x${i} - mean, inside${i}); squares += off${i} * off${i};`)}
    let scale = 1.0 / sqrt(teamSum(squares, lane) / ${width}.0 + ${epsilon});
    if (within) {
      ${each(
        (i) =>
          `if (inside${i}) { ${write(`column${i}`, `off${i} * scale * weight[column${i}] + bias[column${i}]`)} }`,
      )}
      if (member == 0u) { statistics[row] = vec2f(mean, scale); }
    }`,
  )}
}`
}

/**
 * dx = scale · (g − mean(g) − x̂ · mean(g · x̂)) with g = dy · weight and x̂ the normalised x, plus the gradient of the
 * skip where there is one. Every workgroup also leaves the sums of dy · x̂ and dy over its rows, the gradients of weight
 * and bias: sums [workgroups, 2 width].
 * @param extra the gradient of the skip is added; or dy is that of the GELU of the norm, whose bias then is the last
 * binding
 */
export function layerNormGradientCode(width: number, extra: 'skip' | 'gelu' | null): string {
  const teams = rowTeams(width)
  const { threads, team } = teams
  const each = (line: (i: number) => string): string => forColumns(width, teams, line)
  const [skip, withGelu] = [extra === 'skip', extra === 'gelu']
  const slope = (i: number): string =>
    withGelu
      ? `let at${i} = normal(normal${i} * weight${i} + bias[min(column${i}, ${width - 1}u)]);
    let slope${i} = at${i}.cumulative + at${i}.slope;`
      : ''
  return `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<storage, read_write> sums: array<f32>;
${skip ? '@group(0) @binding(6) var<storage, read> dskip: array<f32>;' : ''}
${withGelu ? `@group(0) @binding(6) var<storage, read> bias: array<f32>;${normalCode('f32')}` : ''}
${teamSumCode('vec2f', threads, team)}
${start(width, teams)}
  ${each((i) => `let weight${i} = weight[min(column${i}, ${width - 1}u)]; var sums${i} = vec2f(0.0);`)}
  ${forRows(
    width,
    teams,
    `let mean = statistics[row].x;
    let scale = statistics[row].y;
    var pair = vec2f(0.0);
    ${each(
      (i) => `let used${i} = inside${i} && within;
    let normal${i} = select(0.0, (x[base + column${i}] - mean) * scale, used${i});
    ${slope(i)}
    let d${i} = select(0.0, dy[base + column${i}]${withGelu ? ` * slope${i}` : ''}, used${i});
    let g${i} = d${i} * weight${i};
    pair += vec2f(g${i}, g${i} * normal${i});
    sums${i} += vec2f(d${i} * normal${i}, d${i});`,
    )}
    let means = teamSum(pair, lane) / ${width}.0;
    ${each((i) => {
      const given = skip ? ` + dskip[base + column${i}]` : ''
      return `if (used${i}) { dx[base + column${i}] = scale * (g${i} - means.x - normal${i} * means.y)${given}; }`
    })}`,
  )}
  ${each(
    (i) => `
  memberValues[lane] = sums${i};
  workgroupBarrier();
  if (lane < ${team}u && inside${i}) {
    var sum = sums${i};
    for (var other = lane + ${team}u; other < ${threads}u; other += ${team}u) { sum += memberValues[other]; }
    sums[group.x * ${2 * width}u + column${i}] = sum.x;
    sums[group.x * ${2 * width}u + ${width}u + column${i}] = sum.y;
  }
  workgroupBarrier();`,
  )}
}`
}

/** Columns of a workgroup of `layerNormFinalCode`, and threads that share each. */
export const FINAL_COLUMNS = 16
const SHARERS = 16

/** Adds the sums that the workgroups left: the first half of the columns to dweight, the second to dbias. */
export const layerNormFinalCode = (width: number): string => `
@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(2) var<storage, read_write> dbias: array<f32>;
var<workgroup> parts: array<f32, ${FINAL_COLUMNS * SHARERS}>;

@compute @workgroup_size(${FINAL_COLUMNS}, ${SHARERS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) id: vec3u) {
  let column = group.x * ${FINAL_COLUMNS}u + id.x;
  var sum = 0.0;
  for (var at = id.y * ${2 * width}u + column; at < arrayLength(&sums); at += ${2 * width * SHARERS}u) {
    sum += sums[at];
  }
  parts[id.y * ${FINAL_COLUMNS}u + id.x] = sum;
  workgroupBarrier();
  if (id.y > 0u || column >= ${2 * width}u) { return; }
  for (var other = 1u; other < ${SHARERS}u; other++) { sum += parts[other * ${FINAL_COLUMNS}u + id.x]; }
  if (column < ${width}u) { dweight[column] = sum; } else { dbias[column - ${width}u] = sum; }
}`
