import type { MethodDescription } from '../../methods/description.ts'

/** A method that can be chosen. */
interface Choice {
  readonly value: string
  readonly label: string
}

/** Methods that belong together, under the name of their idea. */
interface ChoiceGroup {
  readonly group: string
  readonly items: Choice[]
}

/** What the menu of methods offers, in the order of the list: a family stands where its first member does. */
export function methodChoices(
  methods: readonly Pick<MethodDescription, 'id' | 'name' | 'family'>[],
): (Choice | ChoiceGroup)[] {
  const choices: (Choice | ChoiceGroup)[] = []
  const groups = new Map<string, ChoiceGroup>()
  for (const { id, name, family } of methods) {
    const choice = { value: id, label: name }
    if (!family) {
      choices.push(choice)
      continue
    }
    const known = groups.get(family.name)
    if (known) known.items.push(choice)
    else {
      const group = { group: family.name, items: [choice] }
      groups.set(family.name, group)
      choices.push(group)
    }
  }
  return choices
}
