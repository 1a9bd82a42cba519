import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomAt, Stream } from '../../../engine/random.ts'
import { planWith } from '../testing/plans.ts'
import { segmentRows } from '../segmentRows.ts'
import type { SegmentPlan, SegmentSettings } from './plan.ts'
import { drawSerialisation } from './serialisation.ts'

const segmentsOf = ({ segments }: SegmentPlan): object => {
  if (!('segmentOf' in segments))
    return { blobs: segments.count, partitions: segments.partitions, scales: segments.scales }
  return { segments: segments.segments, partitions: segments.partitions }
}

test.each<[string, Partial<SegmentSettings>, object]>([
  ['single patches', {}, { segments: 64, partitions: 1 }],
  ['a side for squares means nothing to patches', { segmentSize: '4' }, { segments: 64 }],
  ['squares', { segmentKind: 'square', segmentSize: '2' }, { segments: 16, partitions: 1 }],
  [
    'squares in partitions',
    { segmentKind: 'square', segmentSize: '2', hierarchy: true, partitionSize: '2' },
    { segments: 16, partitions: 4 },
  ],
  [
    'patches in partitions',
    { hierarchy: true, partitionSize: '4' },
    { segments: 64, partitions: 4 },
  ],
  ['squares of the whole image', { segmentKind: 'square', segmentSize: '16' }, { segments: 4 }],
  [
    'a partition of the whole image',
    { segmentKind: 'square', segmentSize: '2', hierarchy: true, partitionSize: '16' },
    { segments: 16, partitions: 4 },
  ],
  [
    'a hierarchy of four squares',
    { segmentKind: 'square', segmentSize: '4', hierarchy: true },
    { segments: 4, partitions: 1 },
  ],
  ['blobs', { segmentKind: 'blob' }, { blobs: 11, partitions: null, scales: { from: 0.5, to: 2 } }],
  [
    'more partitions than blobs',
    { segmentKind: 'blob', blobCount: 4, hierarchy: true, partitionCount: 9 },
    { blobs: 4, partitions: 3 },
  ],
  [
    'a hierarchy of two blobs',
    { segmentKind: 'blob', blobCount: 2, hierarchy: true },
    { blobs: 2, partitions: null },
  ],
  [
    'more blobs than patches',
    { segmentKind: 'blob', blobCount: 64, patchSize: '8' },
    { blobs: 16 },
  ],
  [
    'the narrowest wider than the widest',
    { segmentKind: 'blob', blobScaleMin: 3, blobScaleMax: 1 },
    { scales: { from: 3, to: 3 } },
  ],
])('what does not fit is made to fit: %s', (_, changes, expected) => {
  expect(segmentsOf(planWith(changes))).toMatchObject(expected)
})

test('wherever the sliders stand, every image has something to predict', () => {
  const valuesOf = (row: (typeof segmentRows)[keyof typeof segmentRows]) => {
    switch (row.kind) {
      case 'toggle':
        return fc.boolean()
      case 'choice':
        return fc.constantFrom(...row.options.map(({ value }) => value))
      case 'number':
        return row.integer
          ? fc.integer({ min: row.min, max: row.max })
          : fc.double({ min: row.min, max: row.max, noNaN: true })
    }
  }
  const settings = fc.record({
    patchSize: fc.constantFrom('1', '2', '4', '8'),
    ...Object.fromEntries(Object.entries(segmentRows).map(([key, row]) => [key, valuesOf(row)])),
  })
  fc.assert(
    fc.property(settings, fc.nat(), (values, image) => {
      const plan = planWith(values)
      const random = randomAt(1, Stream.mask, 0, image)
      const { ranks, segments, partitions } = drawSerialisation(plan, random)
      expect(new Set(ranks).size).toBe(segments)
      expect(Math.max(...ranks)).toBe(segments - 1)
      expect(segments).toBeGreaterThan(1)
      expect(ranks).toHaveLength((32 / Number(values.patchSize)) ** 2)
      if (partitions) expect(Math.max(...partitions)).toBe(new Set(partitions).size - 1)
    }),
    { numRuns: 200 },
  )
})
