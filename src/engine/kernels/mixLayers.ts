import { SUM_WORKGROUP, workgroupSumCode } from './reduce.ts'

/** Threads of a workgroup. */
export const MIX_WORKGROUP = 128

/** A part of a mix of layers: some of its inputs and some of its outputs. */
export interface MixPart {
  /** Values that a thread takes at once. */
  readonly lanes: 1 | 4
  readonly inputs: number
  readonly outputs: number
  readonly withConstants: boolean
  /** Whether the outputs hold the sum of earlier parts, to which this one is added. */
  readonly adds: boolean
}

/** Words and numbers that tell the kernels of two parts apart. */
export const nameOf = ({ lanes, inputs, outputs, withConstants, adds }: MixPart): string =>
  [lanes, inputs, outputs, withConstants ? 'constants' : '', adds ? 'added' : ''].join(' ')

const typeOf = ({ lanes }: MixPart): string => (lanes === 4 ? 'vec4f' : 'f32')

const buffers = (
  names: readonly string[],
  type: string,
  access: 'read' | 'read_write',
  from: number,
) =>
  names
    .map(
      (name, i) =>
        `@group(0) @binding(${from + i}) var<storage, ${access}> ${name}: array<${type}>;`,
    )
    .join('\n')

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`)

/** The coefficient of input k in output o stands at first + o · output + k · input; its constant at constant + o. */
const PLACES_CODE = `
struct Places { first: u32, output: u32, input: u32, constant: u32 }
@group(0) @binding(0) var<uniform> places: Places;`

/**
 * output = Σ coefficient · input + constant, elementwise. Bindings: places, coefficients, constants where there are any,
 * inputs, outputs.
 */
export function mixCode(part: MixPart): string {
  const inputs = numbered('input', part.inputs)
  const outputs = numbered('output', part.outputs)
  const given = ['coefficients', ...(part.withConstants ? ['constants'] : [])]
  const sumOf = (output: string, o: number): string =>
    [
      ...(part.adds ? [`${output}[i]`] : []),
      ...inputs.map(
        (_, k) =>
          `coefficients[places.first + ${o}u * places.output + ${k}u * places.input] * value${k}`,
      ),
      ...(part.withConstants ? [`${typeOf(part)}(constants[places.constant + ${o}u])`] : []),
    ].join(' + ')
  return `${PLACES_CODE}
${buffers(given, 'f32', 'read', 1)}
${buffers(inputs, typeOf(part), 'read', 1 + given.length)}
${buffers(outputs, typeOf(part), 'read_write', 1 + given.length + inputs.length)}

@compute @workgroup_size(${MIX_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${MIX_WORKGROUP}u;
  if (i >= arrayLength(&output0)) { return; }
  ${inputs.map((input, k) => `let value${k} = ${input}[i];`).join('\n  ')}
  ${outputs.map((output, o) => `${output}[i] = ${sumOf(output, o)};`).join('\n  ')}
}`
}

/**
 * The sums over all elements of output gradient · input, and of the output gradients where there are constants, that
 * each workgroup has: sums[place · workgroups + workgroup], in a fixed order. Bindings: places, inputs, output gradients,
 * sums.
 */
export function mixGradientCode(part: MixPart): string {
  const inputs = numbered('input', part.inputs)
  const outputs = numbered('dy', part.outputs)
  const one = `${typeOf(part)}(1.0)`
  const factors = [...inputs.map((_, k) => `value${k}`), ...(part.withConstants ? [one] : [])]
  const terms = outputs.flatMap((_, o) => factors.map((factor) => `inner(d${o}, ${factor})`))
  return `${PLACES_CODE}
${buffers(inputs, typeOf(part), 'read', 1)}
${buffers(outputs, typeOf(part), 'read', 1 + inputs.length)}
${buffers(['sums'], 'f32', 'read_write', 1 + inputs.length + outputs.length)}
var<workgroup> parts: array<array<f32, ${terms.length}>, ${MIX_WORKGROUP}>;

fn inner(a: ${typeOf(part)}, b: ${typeOf(part)}) -> f32 { return ${part.lanes === 4 ? 'dot(a, b)' : 'a * b'}; }

@compute @workgroup_size(${MIX_WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  ${terms.map((_, s) => `var sum${s} = 0.0;`).join('\n  ')}
  for (var i = group.x * ${MIX_WORKGROUP}u + lane; i < arrayLength(&input0); i += wide.x * ${MIX_WORKGROUP}u) {
    ${inputs.map((input, k) => `let value${k} = ${input}[i];`).join('\n    ')}
    ${outputs.map((dy, o) => `let d${o} = ${dy}[i];`).join('\n    ')}
    ${terms.map((term, s) => `sum${s} += ${term};`).join('\n    ')}
  }
  ${terms.map((_, s) => `parts[lane][${s}] = sum${s};`).join('\n  ')}
  workgroupBarrier();
  if (lane >= ${terms.length}u) { return; }
  var sum = 0.0;
  for (var thread = 0u; thread < ${MIX_WORKGROUP}u; thread++) { sum += parts[thread][lane]; }
  let output = lane / ${factors.length}u;
  let factor = lane % ${factors.length}u;
  let place = select(
    places.constant + output,
    places.first + output * places.output + factor * places.input,
    factor < ${inputs.length}u,
  );
  sums[place * wide.x + group.x] = sum;
}`
}

/**
 * Adds up the rows of `sums` [places, workgroups], a workgroup a row: the first are the gradients of the coefficients,
 * the others those of the constants. Bindings: sums, dcoefficients, dconstants where there are any.
 */
export const mixFinalCode = (withConstants: boolean): string => `
@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> dcoefficients: array<f32>;
${withConstants ? '@group(0) @binding(2) var<storage, read_write> dconstants: array<f32>;' : ''}
${workgroupSumCode('f32')}

@compute @workgroup_size(${SUM_WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let columns = arrayLength(&sums) / wide.x;
  var own = 0.0;
  for (var i = lane; i < columns; i += ${SUM_WORKGROUP}u) { own += sums[group.x * columns + i]; }
  let sum = workgroupSum(own, lane);
  let coefficients = arrayLength(&dcoefficients);
  if (lane == 0u) {
    if (group.x < coefficients) { dcoefficients[group.x] = sum; }
    ${withConstants ? 'else { dconstants[group.x - coefficients] = sum; }' : ''}
  }
}`
