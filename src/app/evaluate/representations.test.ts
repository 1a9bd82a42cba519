import { describe, expect, test } from 'vitest'
import type { Representation } from '../../methods/description.ts'
import { representationFor, representationGroups } from './representations.ts'

const of = (
  network: Representation['network'],
  id: string,
  more: Partial<Representation> = {},
): Representation => ({ id, label: `${id} label`, help: '', network, online: true, ...more })

const two: readonly Representation[] = [
  of('teacher', 'instance', { recommendedFor: ['knn'] }),
  of('teacher', 'before', { recommendedFor: ['linear'] }),
  of('student', 'mean', { recommendedFor: ['finetune'] }),
  of('student', 'layer1', { online: false }),
]

describe('an evaluation takes', () => {
  test('what the person chose for it', () => {
    expect(representationFor(two, 'linear', 'layer1').id).toBe('layer1')
  })

  test('else what the paper takes', () => {
    expect(representationFor(two, 'linear', undefined).id).toBe('before')
    expect(representationFor(two, 'finetune', 'of another method').id).toBe('mean')
  })

  test('else the first', () => {
    expect(representationFor(two, 'map', undefined).id).toBe('instance')
  })
})

describe('the picker', () => {
  test('is grouped by network, and says what the paper takes', () => {
    expect(representationGroups(two, 'linear')).toEqual([
      {
        group: 'Teacher',
        items: [
          { value: 'instance', label: 'instance label' },
          { value: 'before', label: 'before label (the paper’s choice)' },
        ],
      },
      {
        group: 'Student',
        items: [
          { value: 'mean', label: 'mean label' },
          { value: 'layer1', label: 'layer1 label' },
        ],
      },
    ])
  })

  test('of one network names no network', () => {
    const one = [of('encoder', 'a'), of('encoder', 'b', { online: false })]
    const groups = representationGroups(one, 'linear')
    expect(groups.map(({ group }) => group)).toEqual(['Representations', 'Inside the network'])
    const alone = representationGroups([of('encoder', 'a')], 'linear')
    expect(alone.map(({ group }) => group)).toEqual(['Representations'])
  })
})
