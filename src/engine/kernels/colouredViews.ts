import { COLOUR_CODE } from './colour.ts'
import { cropCode, type ViewSize } from './crop.ts'
import { teamSumCode } from './reduce.ts'
import { VIEWS_BINDING } from './views.ts'

/** Threads of a workgroup of the kernel of coloured views. */
const THREADS = 256

/**
 * As `viewsKernelCode`, with the colours of every view changed (see `COLOUR_CODE`) before it is normalised. One workgroup
 * an image, which keeps its pixels to itself from the first operation to the last: contrast needs the mean over all of
 * them, summed in a fixed order. Bindings: those of `viewsKernelCode`, with the changes in the first.
 */
export function colouredViewsKernelCode(pixels: string, size: ViewSize): string {
  const places = size[0] * size[1]
  const eachPlace = (body: string): string => `
  for (var place = lane; place < ${places}u; place += ${THREADS}u) { ${body} }`
  return `
${cropCode(pixels, size)}
${COLOUR_CODE}
${teamSumCode('f32', THREADS, THREADS)}
struct View { box: Box, changes: Changes }
${VIEWS_BINDING}
// Three numbers a pixel: a vec3f would take the room of four.
var<workgroup> colours: array<array<f32, 3>, ${places}>;

fn colourAt(place: u32) -> vec3f {
  return vec3f(colours[place][0], colours[place][1], colours[place][2]);
}

fn setColour(place: u32, colour: vec3f) {
  colours[place] = array<f32, 3>(colour.r, colour.g, colour.b);
}

@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let image = group.x + group.y * wide.x;
  if (image >= views.count) { return; }
  // A thread has the same pixels throughout, so that it never waits for those of another but for the mean.
  ${eachPlace('setColour(place, cropped(views.items[image].box, place) / 255.0);')}
  for (var k = 0u; k < views.items[image].changes.count; k++) {
    let change = views.items[image].changes.list[k];
    var mean = 0.0;
    if (change.code == CONTRAST) {
      var own = 0.0;
      ${eachPlace('own += greyOf(colourAt(place));')}
      mean = teamSum(own, lane) / ${places}.0;
    }
    ${eachPlace('setColour(place, changed(colourAt(place), change, mean));')}
  }
  ${eachPlace(`
    let normalised = (colourAt(place) - views.mean) / views.deviation;
    let first = 3u * (image * ${places}u + place);
    for (var c = 0u; c < 3u; c++) { result[first + c] = normalised[c]; }`)}
}`
}
