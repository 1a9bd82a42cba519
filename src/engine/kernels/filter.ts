import type { ViewSize } from './crop.ts'

/** What a filter does to a view: first a Gaussian blur, then solarising. */
export interface ViewFilter {
  /** Standard deviation of the blur in pixels of the view; 0 where it is not blurred. */
  readonly sigma: number
  /** Whether every value of at least a half, of [0, 1], is inverted. */
  readonly solarised: boolean
}

/** Standard deviations after which the Gaussian is cut off. */
const CUT_OFF = 3
/** Weights of one side of the Gaussian, that of its middle included, at most. */
const MOST_WEIGHTS = 64
/** The widest blur, in pixels. */
export const LARGEST_SIGMA = (MOST_WEIGHTS - 1) / CUT_OFF

const FILTER_WORDS = 4

/** Bytes of what `packFilters` gives for `count` views. */
export const filtersBytes = (count: number): number => 4 * FILTER_WORDS * count

/** The filters of a batch as the kernel reads them. Throws where a blur is wider than `LARGEST_SIGMA`. */
export function packFilters(filters: readonly ViewFilter[]): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(filters.length * FILTER_WORDS)
  const floats = new Float32Array(words.buffer)
  filters.forEach(({ sigma, solarised }, i) => {
    if (!(sigma <= LARGEST_SIGMA))
      throw new Error(`a blur of ${sigma} pixels is wider than ${LARGEST_SIGMA}`)
    floats[FILTER_WORDS * i] = sigma
    words[FILTER_WORDS * i + 1] = Math.floor(CUT_OFF * sigma)
    words[FILTER_WORDS * i + 2] = Number(solarised)
  })
  return words
}

/** Threads of a workgroup, which has one view. */
const THREADS = 256

/**
 * Filters views in place (see `ViewFilter`). They may be normalised: a blur takes weighted means, which commute with it;
 * only solarising goes back to [0, 1]. The Gaussian has weights at whole pixels, adding up to 1, and is applied to rows,
 * then to columns; beyond the border the view is mirrored, without the border's own pixels being repeated. One workgroup
 * a view, a channel at a time; views without a filter are left alone. Bindings: boxes (see `packViews`, of which it reads
 * count, means and deviations), filters (see `packFilters`), the views [sample, y, x, channel].
 */
export function filterKernelCode([height, width]: ViewSize): string {
  const places = height * width
  const perThread = Math.ceil(places / THREADS)
  const guard = places % THREADS === 0 ? '' : `if (place >= ${places}u) { break; }`
  const eachPlace = (body: string): string => `
    for (var j = 0u; j < ${perThread}u; j++) {
      let place = lane + j * ${THREADS}u;
      ${guard}
      ${body}
    }`
  /** The weighted mean of a pixel and its neighbours along a row or column of `length` pixels, `stride` apart. */
  const blurred = (at: string, length: number, stride: number): string => `
      let at = i32(${at});
      let first = i32(place) - at * ${stride};
      var sum = weights[0] * plane[place];
      for (var d = 1; d <= i32(reach); d++) {
        let before = plane[first + mirrored(at - d, ${length}) * ${stride}];
        let after = plane[first + mirrored(at + d, ${length}) * ${stride}];
        sum += weights[d] * (before + after);
      }
      let value = sum / total;`
  return `
struct Header { mean: vec3f, count: u32, deviation: vec3f, unused: u32 }
struct Filter { sigma: f32, reach: u32, solarised: u32, unused: u32 }
@group(0) @binding(0) var<storage, read> header: Header;
@group(0) @binding(1) var<storage, read> filters: array<Filter>;
@group(0) @binding(2) var<storage, read_write> views: array<f32>;
var<workgroup> plane: array<f32, ${places}>;
var<workgroup> weights: array<f32, ${MOST_WEIGHTS}>;

fn mirrored(at: i32, length: i32) -> i32 {
  let period = 2 * (length - 1);
  let within = abs(at) % period;
  return min(within, period - within);
}

/** (1 − v − mean) / deviation of v = deviation · value + mean, where that is at least a half. */
fn solarised(value: f32, c: u32) -> f32 {
  let plain = value * header.deviation[c] + header.mean[c];
  return select(value, (1.0 - plain - header.mean[c]) / header.deviation[c], plain >= 0.5);
}

@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let image = group.x + group.y * wide.x;
  if (image >= header.count) { return; }
  let sigma = filters[image].sigma;
  let reach = filters[image].reach;
  let solarises = filters[image].solarised == 1u;
  if (reach == 0u && !solarises) { return; }
  if (lane <= reach) {
    let distance = f32(lane) / max(sigma, ${1 / CUT_OFF});
    weights[lane] = exp(-0.5 * distance * distance);
  }
  workgroupBarrier();
  var total = weights[0];
  for (var d = 1u; d <= reach; d++) { total += 2.0 * weights[d]; }
  for (var c = 0u; c < 3u; c++) {
    let base = 3u * image * ${places}u + c;
    ${eachPlace('plane[place] = views[base + 3u * place];')}
    workgroupBarrier();
    var rows: array<f32, ${perThread}>;
    ${eachPlace(`${blurred(`place % ${width}u`, width, 1)}
      rows[j] = value;`)}
    workgroupBarrier();
    ${eachPlace('plane[place] = rows[j];')}
    workgroupBarrier();
    ${eachPlace(`${blurred(`place / ${width}u`, height, width)}
      views[base + 3u * place] = select(value, solarised(value, c), solarises);`)}
    workgroupBarrier();
  }
}`
}
