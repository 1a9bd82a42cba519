import type { InteractionsResult } from '../../results.ts'

/** What cells contribute to. */
export type Reward = InteractionsResult['reward']

/**
 * The reward of a class from the logits z of an image. `modified`: log(p / (1 − p)) = z_y − log Σ_{k≠y} exp z_k; `logp`:
 * log p = z_y − log Σ exp z_k; `logit`: z_y.
 */
export function rewardOf(reward: Reward, logits: ArrayLike<number>, label: number): number {
  const own = logits[label]!
  if (reward === 'logit') return own
  // The largest logit comes off before the exponential: no overflow.
  let largest = reward === 'logp' ? own : -Infinity
  for (let k = 0; k < logits.length; k++) if (k !== label) largest = Math.max(largest, logits[k]!)
  let sum = reward === 'logp' ? Math.exp(own - largest) : 0
  for (let k = 0; k < logits.length; k++) if (k !== label) sum += Math.exp(logits[k]! - largest)
  return own - largest - Math.log(sum)
}
