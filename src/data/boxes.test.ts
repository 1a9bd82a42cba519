import { describe, expect, it } from 'vitest'
import { drawBox, WHOLE_IMAGE, type CropBox, type CropRule } from './boxes.ts'
import { IMAGE_SIZE } from './images.ts'

const RULE = { scaleMin: 0.67, flipProbability: 0.5 }
const COUNT = 20_000
const AREA = IMAGE_SIZE * IMAGE_SIZE

const draw = (rule: CropRule = RULE, seed = 1): CropBox[] =>
  Array.from({ length: COUNT }, (_, i) => drawBox(rule, seed, Math.floor(i / 100), i % 100))

const mean = (values: number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('drawBox', () => {
  it('stays within the image and the rule, up to rounding to whole pixels', () => {
    const misfits = draw().filter(({ top, left, height, width }) => {
      const slack = 1 + 1 / Math.min(height, width)
      return !(
        [top, left, height, width].every(Number.isInteger) &&
        Math.min(top, left) >= 0 &&
        Math.max(top + height, left + width) <= IMAGE_SIZE &&
        // Half a pixel of rounding on either side.
        (height + 0.5) * (width + 0.5) >= 0.67 * AREA &&
        Math.max(width / height, height / width) <= (4 / 3) * slack
      )
    })
    expect(misfits).toEqual([])
  })

  it('draws areas uniformly and aspect ratios log-uniformly where everything fits', () => {
    // Up to half the area no box is too wide or too high, so none is drawn again.
    const small = draw({ scaleMin: 0.2, flipProbability: 0 }).filter(
      ({ height, width }) => height * width < 0.5 * AREA,
    )
    const shares = small.map(({ height, width }) => (height * width) / AREA)
    expect(mean(shares)).toBeCloseTo(0.35, 2)
    const logs = small.map(({ height, width }) => Math.log(width / height))
    expect(mean(logs)).toBeCloseTo(0, 1)
    const variance = mean(logs.map((value) => value ** 2))
    expect(variance).toBeCloseTo(Math.log(4 / 3) ** 2 / 3, 2)
  })

  it('places boxes uniformly', () => {
    const boxes = draw({ scaleMin: 0.2, flipProbability: 0 }).filter(({ width }) => width === 20)
    const counts = new Array<number>(13).fill(0)
    for (const { left } of boxes) counts[left]!++
    const each = boxes.length / counts.length
    // Chi-squared with 12 degrees of freedom: 32.9 is passed once in a thousand draws.
    const chi = counts.reduce((sum, count) => sum + (count - each) ** 2 / each, 0)
    expect(boxes.length).toBeGreaterThan(500)
    expect(chi).toBeLessThan(32.9)
  })

  it('draws areas up to the largest, and all bits as before where that is the whole image', () => {
    const rule = { scaleMin: 0.1, flipProbability: 0 }
    const shares = draw({ ...rule, scaleMax: 0.4 }).map(({ height, width }) => height * width)
    expect(mean(shares) / AREA).toBeCloseTo(0.25, 2)
    // Half a pixel of rounding on either side.
    expect(Math.max(...shares)).toBeLessThan(0.4 * AREA + 24)
    expect(Math.min(...shares)).toBeGreaterThan(0.1 * AREA - 12)
    expect(draw({ ...rule, scaleMax: 1 })).toEqual(draw(rule))
  })

  it('flips as often as asked, whatever the crop', () => {
    const share = (flipProbability: number, scaleMin = 0.67): number =>
      mean(draw({ scaleMin, flipProbability }).map(({ flip }) => Number(flip)))
    expect(share(0)).toBe(0)
    expect(share(1)).toBe(1)
    expect(share(0.5)).toBeCloseTo(0.5, 1)
    expect(share(0.5, 1)).toBe(share(0.5))
  })

  it('keeps the whole image when nothing may be cut off', () => {
    for (const box of draw({ scaleMin: 1, flipProbability: 0 }).slice(0, 50))
      expect(box).toEqual(WHOLE_IMAGE)
  })

  it('is a function of its address', () => {
    expect(draw()).toEqual(draw())
    const at = (seed: number, step: number, sample: number, view: number): CropBox =>
      drawBox({ scaleMin: 0.1, flipProbability: 0.5 }, seed, step, sample, view)
    const here = at(1, 2, 3, 1)
    for (const other of [at(2, 2, 3, 1), at(1, 3, 3, 1), at(1, 2, 4, 1), at(1, 2, 3, 0)])
      expect(other).not.toEqual(here)
  })

  it('moves a padded image to every place equally often, whatever the flip', () => {
    const boxes = draw({ padding: 4, flipProbability: 0.5 })
    const counts = new Map<string, number>()
    for (const { top, left, flip, ...size } of boxes) {
      expect(size).toEqual({ height: IMAGE_SIZE, width: IMAGE_SIZE })
      const place = `${top} ${left} ${flip}`
      counts.set(place, (counts.get(place) ?? 0) + 1)
    }
    const sides = [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    const places = sides.flatMap((top) =>
      sides.flatMap((left) => [true, false].map((flip) => `${top} ${left} ${flip}`)),
    )
    expect(new Set(counts.keys())).toEqual(new Set(places))
    const each = COUNT / places.length
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - each) ** 2 / each, 0)
    // 161 degrees of freedom: 221 is passed once in a thousand draws.
    expect(chi).toBeLessThan(221)
  })

  it('does not move an image without padding', () => {
    for (const box of draw({ padding: 0, flipProbability: 0 }).slice(0, 50))
      expect(box).toEqual(WHOLE_IMAGE)
  })
})
