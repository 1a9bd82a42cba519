import { blocksOf, stemOf, type ConvolutionPart, type ResNetConfig } from './resnetSpecs.ts'

/** Multiply-adds of the convolutions of one forward pass of one image of `side` × `side` pixels; norms are not counted. */
export function multiplyAdds(config: ResNetConfig, side: number): number {
  const of = ({ inputs, outputs, kernel, stride }: ConvolutionPart, before: number): number =>
    (before / stride) ** 2 * kernel ** 2 * inputs * outputs
  let cells = side
  let sum = of(stemOf(config), cells)
  for (const { main, downsample } of blocksOf(config)) {
    if (downsample) sum += of(downsample, cells)
    for (const part of main) {
      sum += of(part, cells)
      cells /= part.stride
    }
  }
  return sum
}
