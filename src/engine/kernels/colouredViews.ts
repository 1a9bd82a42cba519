import { COLOUR_CODE } from './colour.ts'
import { cropCode, type ViewSize } from './crop.ts'
import { teamSumCode } from './reduce.ts'
import { VIEWS_BINDING } from './views.ts'

/** Threads of a workgroup of the kernel of coloured views. */
const THREADS = 256

/**
 * As `viewsKernelCode`, with the colours of every view changed (see `COLOUR_CODE`) before it is normalised. One workgroup
 * an image, which keeps its pixels in registers from the first operation to the last: contrast needs the mean over all of
 * them, summed in a fixed order. Bindings: those of `viewsKernelCode`, with the changes in the first.
 */
export function colouredViewsKernelCode(pixels: string, size: ViewSize): string {
  const places = size[0] * size[1]
  const perThread = Math.ceil(places / THREADS)
  const guard = places % THREADS === 0 ? '' : `if (place >= ${places}u) { break; }`
  const eachPlace = (body: string): string => `
  for (var j = 0u; j < ${perThread}u; j++) {
    let place = lane + j * ${THREADS}u;
    ${guard}
    ${body}
  }`
  return `
${cropCode(pixels, size)}
${COLOUR_CODE}
${teamSumCode('f32', THREADS, THREADS)}
struct View { box: Box, changes: Changes }
${VIEWS_BINDING}

@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let image = group.x + group.y * wide.x;
  if (image >= views.count) { return; }
  var colours: array<vec3f, ${perThread}>;
  ${eachPlace('colours[j] = cropped(views.items[image].box, place) / 255.0;')}
  for (var k = 0u; k < views.items[image].changes.count; k++) {
    let change = views.items[image].changes.list[k];
    var mean = 0.0;
    if (change.code == CONTRAST) {
      var own = 0.0;
      ${eachPlace('own += greyOf(colours[j]);')}
      mean = teamSum(own, lane) / ${places}.0;
    }
    ${eachPlace('colours[j] = changed(colours[j], change, mean);')}
  }
  ${eachPlace(`
    let normalised = (colours[j] - views.mean) / views.deviation;
    let first = 3u * (image * ${places}u + place);
    for (var c = 0u; c < 3u; c++) { result[first + c] = normalised[c]; }`)}
}`
}
