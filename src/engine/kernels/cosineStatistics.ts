import { teamSumCode } from './reduce.ts'

/** Threads of the one workgroup. */
const STATISTICS_WORKGROUP = 256

/** A deviation that is found value by value (Welford): no square of a mean is taken from a mean of squares. */
const deviationCode = (value: string): string => `
      let step = ${value} - mean;
      mean += step / f32(count);
      apart += step * (${value} - mean);`

/**
 * How well rows of x agree with rows of t, and how far the directions of t spread (see the op `cosineStatistics`), in one
 * workgroup and a fixed order. Bindings: (width, rows of t, rows of x for each), x, t, scratch for a number a row of t,
 * and the three results.
 */
export const cosineStatisticsCode = (epsilon: number): string => `
@group(0) @binding(0) var<uniform> sizes: vec4u;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> t: array<f32>;
@group(0) @binding(3) var<storage, read_write> scales: array<f32>;
@group(0) @binding(4) var<storage, read_write> meanCosine: array<f32>;
@group(0) @binding(5) var<storage, read_write> spread: array<f32>;
@group(0) @binding(6) var<storage, read_write> deviation: array<f32>;
${teamSumCode('vec2f', STATISTICS_WORKGROUP, STATISTICS_WORKGROUP)}

fn inverseLength(squares: f32) -> f32 { return 1.0 / max(sqrt(squares), ${epsilon}); }

@compute @workgroup_size(${STATISTICS_WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  let width = sizes.x;
  let images = sizes.y;
  let masks = sizes.z;
  var sums = vec2f(0.0);
  for (var image = lane; image < images; image += ${STATISTICS_WORKGROUP}u) {
    let other = image * width;
    var squares = 0.0;
    for (var i = 0u; i < width; i++) { squares += t[other + i] * t[other + i]; }
    let scale = inverseLength(squares);
    scales[image] = scale;
    var mean = 0.0;
    var apart = 0.0;
    for (var count = 1u; count <= masks; count++) {
      let base = ((count - 1u) * images + image) * width;
      var own = vec2f(0.0);
      for (var i = 0u; i < width; i++) { own += x[base + i] * vec2f(x[base + i], t[other + i]); }
      let cosine = own.y * inverseLength(own.x) * scale;
      ${deviationCode('cosine')}
    }
    sums += vec2f(mean, sqrt(apart / f32(masks)));
  }
  let agreement = teamSum(sums, lane) / f32(images);
  // The lengths that other threads have found.
  storageBarrier();
  var deviations = vec2f(0.0);
  for (var channel = lane; channel < width; channel += ${STATISTICS_WORKGROUP}u) {
    var mean = 0.0;
    var apart = 0.0;
    for (var count = 1u; count <= images; count++) {
      let value = t[(count - 1u) * width + channel] * scales[count - 1u];
      ${deviationCode('value')}
    }
    deviations.x += sqrt(apart / f32(images));
  }
  let total = teamSum(deviations, lane).x / f32(width);
  if (lane == 0u) {
    meanCosine[0] = agreement.x;
    spread[0] = agreement.y;
    deviation[0] = total;
  }
}`
