import { followed, followersOf, leadingChoices } from '../settings/defaults.ts'
import type { SettingValues } from '../settings/rows.ts'
import { methodOf } from './form.ts'
import type { Session } from './session.ts'

/** What the settings that depend on a choice were when an option was left, and what they became then. */
interface Left {
  readonly had: SettingValues
  readonly became: SettingValues
}

/**
 * What follows the choices of the form on which defaults depend. An option that is chosen again finds again what it was
 * left with, as far as that has not been changed since.
 */
export class Choices {
  /** By method, choice and option. */
  readonly #left = new Map<string, Left>()

  /** The values that are asked for, with those that follow the choices among them. */
  follow(
    { method, wanted }: Pick<Session, 'method' | 'wanted'>,
    asked: SettingValues,
  ): SettingValues {
    const { table } = methodOf(method)
    let values = asked
    for (const [key, row] of leadingChoices(table)) {
      const [from, to] = [wanted[key], asked[key]]
      if (from === undefined || to === undefined || from === to) continue
      const followers = followersOf(row).filter((follower) => asked[follower] === undefined)
      const had = pick(wanted, followers)
      const back = this.#left.get(idOf(method, key, to))
      const isAsItBecame = (follower: string): boolean =>
        back !== undefined && back.became[follower] === wanted[follower]
      const became = {
        ...pick(followed(table, wanted, { [key]: to }), followers),
        ...(back && pick(back.had, followers.filter(isAsItBecame))),
      }
      this.#left.set(idOf(method, key, from), { had, became })
      values = { ...values, ...became }
    }
    return values
  }
}

const idOf = (...names: readonly unknown[]): string => names.join(' ')

const pick = (values: SettingValues, keys: readonly string[]): SettingValues =>
  Object.fromEntries(keys.flatMap((key) => (key in values ? [[key, values[key]!]] : [])))
