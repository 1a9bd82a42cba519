import { useMemo } from 'react'
import type { TokensPicture } from '../../../pictures.ts'
import { paintValues, type ColourRange } from '../colourMap.ts'
import {
  bestMatch,
  imagePixels,
  ofImage,
  rangeOf,
  similarities,
  tokenColours,
  type Scale,
  type TokenPlace,
} from './similarity.ts'

/** What is known of one image beside the chosen patch. */
export interface ComparedImage {
  /** Cosines of its patches with the chosen one. */
  readonly values: Float32Array
  /** Its patch that is most like the chosen one. */
  readonly best: number
  /** RGBA bytes: the image, its tokens' colours, and its similarity map. */
  readonly pictures: readonly [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray]
}

/** All images compared with the token of one place. */
export function useSimilarity(
  picture: TokensPicture,
  { image, patch }: TokenPlace,
  scale: Scale,
): { readonly range: ColourRange; readonly images: readonly ComparedImage[] } {
  const values = useMemo(() => similarities(picture, { image, patch }), [picture, image, patch])
  const still = useMemo(
    () =>
      picture.samples.map(
        (_, row) => [imagePixels(picture, row), tokenColours(picture, row)] as const,
      ),
    [picture],
  )
  return useMemo(() => {
    const range = rangeOf(values, scale)
    const images = still.map((pictures, row): ComparedImage => {
      const own = ofImage(values, picture, row)
      return { values: own, best: bestMatch(own), pictures: [...pictures, paintValues(own, range)] }
    })
    return { range, images }
  }, [picture, values, still, scale])
}
