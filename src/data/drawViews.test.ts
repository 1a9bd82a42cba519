import { describe, expect, it } from 'vitest'
import { drawBox } from './boxes.ts'
import { drawColours } from './colours.ts'
import { drawViews } from './drawViews.ts'
import type { ColourRule, ViewRule } from './viewRules.ts'

const crop = { scaleMin: 0.2, flipProbability: 0.5 }
const colour: ColourRule = {
  brightness: 0.4,
  contrast: 0.4,
  saturation: 0.2,
  hue: 0.1,
  jitterProbability: 1,
  greyProbability: 0.2,
}
const ADDRESS = { seed: 3, step: 8 }
const SAMPLES = [0, 1, 2, 3, 4]

const draw = (...rules: ViewRule[]) => drawViews(rules, ADDRESS, SAMPLES.length)
const boxesAt = (view: number) => SAMPLES.map((sample) => drawBox(crop, 3, 8, sample, view))
const coloursAt = (view: number) => SAMPLES.map((sample) => drawColours(colour, 3, 8, sample, view))

describe('drawViews', () => {
  it('draws boxes and colours of every view at its own address', () => {
    expect(draw({ crop, colour }, { crop, colour })).toEqual([
      { boxes: boxesAt(0), colours: coloursAt(0) },
      { boxes: boxesAt(1), colours: coloursAt(1) },
    ])
    expect(boxesAt(0)).not.toEqual(boxesAt(1))
  })

  it('shares boxes, also of a view that shares them, while colours stay apart', () => {
    const sharedWith = (view: number) => ({ crop: { sharedWith: view }, colour })
    const views = draw({ crop }, { crop, colour }, sharedWith(1), sharedWith(2))
    expect(views.map(({ boxes }) => boxes)).toEqual([0, 1, 1, 1].map(boxesAt))
    expect(views.map(({ colours }) => colours)).toEqual([undefined, ...[1, 2, 3].map(coloursAt)])
  })

  it('refuses to share with a view that does not come before', () => {
    expect(() => draw({ crop: { sharedWith: 0 } })).toThrow('no earlier view')
    expect(() => draw({ crop }, { crop: { sharedWith: 2 } }, { crop })).toThrow('no earlier view')
  })
})
