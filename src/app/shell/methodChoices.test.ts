import { expect, test } from 'vitest'
import { methods } from '../../methods/registry.ts'
import { methodChoices } from './methodChoices.ts'

const paper = { title: '', authors: '', venue: '', url: '' }
const family = { name: 'Idea', help: '', paper }

test('methods of one idea stand together, where the first of them does; the others by themselves', () => {
  const choices = methodChoices([
    { id: 'a', name: 'A' },
    { id: 'b', name: 'B', family },
    { id: 'c', name: 'C' },
    { id: 'd', name: 'D', family: { ...family } },
  ])
  const of = (value: string) => ({ value, label: value.toUpperCase() })
  expect(choices).toEqual([of('a'), { group: 'Idea', items: [of('b'), of('d')] }, of('c')])
})

test('every method can be chosen once', () => {
  const offered = methodChoices(methods).flatMap((choice) =>
    'group' in choice ? choice.items : [choice],
  )
  expect(offered.map(({ value }) => value).sort()).toEqual(methods.map(({ id }) => id).sort())
})
