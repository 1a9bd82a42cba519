import { describe, expect, it } from 'vitest'
import { defaultsOf } from '../settings/rows.ts'
import { colourRows, colourRuleOf, filterRows, filterRuleOf } from './colourRows.ts'

const colours = defaultsOf(colourRows)
const filters = defaultsOf(filterRows)

describe('colours and filters of views', () => {
  it('are those of the settings', () => {
    const values = { ...colours, brightness: 0.1, contrast: 0.2, saturation: 0.3, hue: 0.05 }
    expect(colourRuleOf({ ...values, jitterProbability: 0.6, greyProbability: 0.7 })).toEqual({
      colour: {
        brightness: 0.1,
        contrast: 0.2,
        saturation: 0.3,
        hue: 0.05,
        jitterProbability: 0.6,
        greyProbability: 0.7,
      },
    })
    expect(filterRuleOf({ filters: true, blurSigma: 1.5 }, 0.9, 0.4)).toEqual({
      filter: { blurProbability: 0.9, sigmaMin: 0.1, sigmaMax: 1.5, solariseProbability: 0.4 },
    })
  })

  it('are absent where they are switched off, as filters are by default', () => {
    expect(colourRuleOf({ ...colours, colourJitter: false })).toEqual({})
    expect(filterRuleOf(filters, 1, 0.2)).toEqual({})
  })

  it('depend on no live setting as to whether they are there', () => {
    for (const [key, row] of Object.entries({ ...colourRows, ...filterRows }))
      expect(row.effect, key).toBe(['colourJitter', 'filters'].includes(key) ? 'recording' : 'live')
  })
})
