/** Threads of a workgroup of the EMA kernel; each has four values. */
export const EMA_WORKGROUP = 64

/**
 * average ← momentum · average + (1 − momentum) · values, four at a time, over `runs` ranges of the averages: each ends
 * before quad `end` and has its values `shift` quads further on (modulo 2³²). Bindings: momentum, runs, values, averages,
 * the optimiser's status where its latch is obeyed.
 */
export const emaCode = (runs: number, latched: boolean): string => `
struct Run { end: u32, shift: u32, unused1: u32, unused2: u32 }
struct Momentum { keep: f32, rest: f32 }
@group(0) @binding(0) var<storage, read> momentum: Momentum;
@group(0) @binding(1) var<uniform> runs: array<Run, ${runs}>;
@group(0) @binding(2) var<storage, read> values: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> averages: array<vec4f>;
${latched ? '@group(0) @binding(4) var<storage, read> status: array<f32, 4>;' : ''}

@compute @workgroup_size(${EMA_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${EMA_WORKGROUP}u;
  if (i >= arrayLength(&averages)) { return; }
  ${latched ? 'if (status[1] != 0.0) { return; }' : ''}
  var run = 0u;
  while (i >= runs[run].end) { run++; }
  averages[i] = momentum.keep * averages[i] + momentum.rest * values[i + runs[run].shift];
}`
