import type { ColourChange } from '../engine/kernels/colour.ts'
import { randomAt, randomPermutation, Stream } from '../engine/random.ts'
import type { ColourRule } from './viewRules.ts'

/** What is done to the colours of one view of an image, in this order; nothing when empty. */
export type Colours = readonly ColourChange[]

/**
 * Random changes of colours as torchvision's RandomApply([ColorJitter]) and RandomGrayscale draw them: brightness,
 * contrast, saturation and hue in an order of which each is equally likely, with amounts of their own; then grey. An
 * operation of strength 0 is left out. All that may be needed is drawn, whatever the strengths, so that another strength
 * or probability leaves the other draws as they are.
 * @param step addresses the draw together with `sample` and `view`
 */
export function drawColours(
  rule: ColourRule,
  seed: number,
  step: number,
  sample: number,
  view: number,
): Colours {
  const random = randomAt(seed, Stream.colour, step, sample * 16 + view)
  const jittered = random.uniform() < rule.jitterProbability
  const turnsGrey = random.uniform() < rule.greyProbability
  const between = (low: number, high: number): number => low + (high - low) * random.uniform()
  const around = (strength: number): number => between(Math.max(0, 1 - strength), 1 + strength)
  const jitter: Colours = [
    { operation: 'brightness', amount: around(rule.brightness) },
    { operation: 'contrast', amount: around(rule.contrast) },
    { operation: 'saturation', amount: around(rule.saturation) },
    { operation: 'hue', amount: between(-rule.hue, rule.hue) },
  ]
  const strengths = [rule.brightness, rule.contrast, rule.saturation, rule.hue]
  const order = [...randomPermutation(random, jitter.length)]
  const changes = order.filter((place) => strengths[place]! > 0).map((place) => jitter[place]!)
  return [...(jittered ? changes : []), ...(turnsGrey ? [{ operation: 'grey' } as const] : [])]
}
