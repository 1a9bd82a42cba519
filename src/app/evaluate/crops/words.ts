import type { ImageBox, RankedCrop } from '../../../results.ts'

/** How much of the query is looked for. */
export const QUERY_AREAS = [
  { area: 1, label: 'The whole query' },
  { area: 0.5, label: 'The middle half of its area' },
  { area: 0.25, label: 'The middle quarter of its area' },
] as const

const cosineText = (cosine: number): string => cosine.toFixed(3)

/** "Crop 3 of 64: cosine 0.912, 20 × 24 pixels from column 4, row 0." */
export const cropText = (crops: readonly RankedCrop[], rank: number): string => {
  const { box, cosine } = crops[rank]!
  const place = `${box.width} × ${box.height} pixels from column ${box.left}, row ${box.top}`
  return `Crop ${rank + 1} of ${crops.length}: cosine ${cosineText(cosine)}, ${place}.`
}

/** How far the crops differ: "Best 0.912, median 0.850, worst 0.610." */
export const spreadText = (crops: readonly RankedCrop[]): string => {
  const at = (rank: number): string => cosineText(crops[rank]!.cosine)
  return `Best ${at(0)}, median ${at(crops.length >> 1)}, worst ${at(crops.length - 1)}.`
}

/** Where a box lies in its image, in percent: for a frame over the picture. */
export const frameStyle = ({ top, left, height, width }: ImageBox, side: number) => ({
  top: `${(100 * top) / side}%`,
  left: `${(100 * left) / side}%`,
  height: `${(100 * height) / side}%`,
  width: `${(100 * width) / side}%`,
})

/** Where a picture lies behind a window that shows a box of it, stretched over the window. */
export const windowStyle = ({ top, left, height, width }: ImageBox, side: number) => ({
  top: `${(-100 * top) / height}%`,
  left: `${(-100 * left) / width}%`,
  height: `${(100 * side) / height}%`,
  width: `${(100 * side) / width}%`,
})
