import { expect, test } from 'vitest'
import { MOST_VARIANTS } from '../../store/comparison/model.ts'
import { lookOf } from './look.ts'

const looks = Array.from({ length: MOST_VARIANTS }, (_, place) => lookOf(place))

test('no two variants look the same', () => {
  expect(new Set(looks.map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(MOST_VARIANTS)
})

test('the first variants differ in their dashes alone', () => {
  expect(new Set(looks.slice(0, 6).map(({ dash }) => dash)).size).toBe(6)
})
