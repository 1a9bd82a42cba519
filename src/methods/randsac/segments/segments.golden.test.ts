import { expect, test } from 'vitest'
import { randomAt, Stream } from '../../../engine/random.ts'
import { describeGolden, type GoldenNode } from '../../../fixtures/golden.ts'
import { cellCentres, compact } from './blobs.ts'
import { nearestGaussians, type Gaussian } from './gaussians.ts'
import { gathered, numbersAt, placesIn } from './orders.ts'
import { drawSerialisation } from './serialisation.ts'
import { squareSegments } from './squares.ts'

type Pair = [number, number]

const gaussiansOf = (image: GoldenNode): Gaussian[] => {
  const pairs = (key: string): Pair[] => image.list(key).map((pair) => [...pair.numbers()] as Pair)
  const [means, deviations] = [pairs('means_xy'), pairs('stds')]
  return image
    .numbers('angles')
    .map((angle, i) => ({ mean: means[i]!, deviations: deviations[i]!, angle }))
}

describeGolden(
  ({ method }) => method === 'randsac',
  ({ root }) => {
    const grid = root.number('cfg', 'G')
    const scheme = root.text('cfg', 'scheme')
    const images = root.list('segments')
    const { data } = root.full('rank')
    const ranksOf = (image: number): number[] =>
      data.slice(image * grid ** 2, (image + 1) * grid ** 2)
    const segmentsOf = (image: GoldenNode): Uint16Array =>
      Uint16Array.from(image.numbers('segment_of_token'))

    test('ranks', () => {
      images.forEach((image, i) => {
        const segmentOf = segmentsOf(image)
        const sizes = image.numbers('segment_sizes_in_order')
        const order = image.has('segment_order')
          ? Uint16Array.from(image.numbers('segment_order'))
          : Uint16Array.from(sizes.keys())
        const ranks = numbersAt(placesIn(order), segmentOf)
        expect([...ranks]).toEqual(ranksOf(i))
        expect(sizes).toEqual(sizes.map((_, rank) => ranks.filter((r) => r === rank).length))
      })
    })

    if (scheme === 'blob')
      test('blobs of the stored Gaussians', () => {
        for (const image of images) {
          const gaussians = gaussiansOf(image)
          const nearest = nearestGaussians(cellCentres(grid), gaussians)
          expect([...nearest]).toEqual(image.numbers('raw_gaussian_index'))
          const { numbers, count } = compact(nearest, gaussians.length)
          expect([...numbers]).toEqual(image.numbers('segment_of_token'))
          expect(count).toBe(image.numbers('kept_gaussians').length)
        }
      })

    if (scheme.startsWith('square'))
      test('squares and partitions', () => {
        const hierarchy = scheme === 'square_hier'
        const squares = squareSegments(grid, root.number('cfg', 'M'), hierarchy ? 2 : null)
        for (const image of images) {
          expect([...squares.segmentOf]).toEqual(image.numbers('segment_of_token'))
          if (!hierarchy) continue
          expect([...squares.partitionOf!]).toEqual(image.numbers('partition_of_segment'))
          const order = Uint16Array.from(image.numbers('segment_order'))
          const partitions = Uint16Array.from(image.numbers('partition_order'))
          expect(gathered(order, squares.partitionOf!, partitions)).toEqual(order)
        }
      })

    if (scheme === 'raster')
      test('single patches in raster order', () => {
        const plan = {
          grid,
          segments: squareSegments(grid, 1, null),
          shuffled: false,
          order: 'raster',
          scope: 'image',
        } as const
        images.forEach((_, i) => {
          const { ranks } = drawSerialisation(plan, randomAt(1, Stream.mask, 0, i))
          expect([...ranks]).toEqual(ranksOf(i))
        })
      })
  },
)
