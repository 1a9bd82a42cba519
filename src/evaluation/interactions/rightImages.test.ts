import { expect, it } from 'vitest'
import { faultOf } from '../../data/testing/synthetic.ts'
import { CLASSES } from '../classification.ts'
import { finish } from '../job.ts'
import type { MaskedPass } from './maskedPass.ts'
import { classByClass, rightImages } from './rightImages.ts'

/** Gives an image its class when `isRight`, else the next one. */
function passThat(labels: Uint8Array, isRight: (image: number) => boolean) {
  const shown: number[] = []
  const run: MaskedPass['run'] = async function* (rows, take, progressAt) {
    let row = 0
    for (const { image, subset } of rows) {
      expect([...subset]).toEqual([1, 1, 1, 1])
      const guess = (labels[image]! + Number(!isRight(image))) % CLASSES
      take(new Float32Array(CLASSES).fill(1, guess, guess + 1), row++)
      shown.push(image)
    }
    yield progressAt(row)
    await Promise.resolve()
  }
  return { pass: { run }, shown }
}

const WANTED = { wanted: 4, cells: 4, stage: 'Images' }

it('takes images class by class', () => {
  const labels = Uint8Array.from([3, 3, 0, 9, 0, 3])
  expect(classByClass(labels)).toEqual([2, 0, 3, 4, 1, 5])
})

it('takes the first ones that are right, and looks at no more batches than it needs', async () => {
  const labels = Uint8Array.from({ length: 250 }, (_, image) => image % CLASSES)
  const { pass, shown } = passThat(labels, (image) => image % 3 === 0)
  expect(await finish(rightImages(pass, labels, WANTED))).toEqual([0, 3, 6, 9])
  expect(shown).toHaveLength(100)
  const late = passThat(labels, (image) => [95, 103, 248].includes(image))
  expect(await finish(rightImages(late.pass, labels, WANTED))).toEqual([95, 103, 248])
  expect(late.shown).toHaveLength(250)
})

it('needs two of them', async () => {
  const labels = new Uint8Array(30)
  const one = passThat(labels, (image) => image === 4)
  const fault = await faultOf(finish(rightImages(one.pass, labels, WANTED)))
  expect(fault.code).toBe('setting-invalid')
  expect(fault.what).toContain('gets a single one right')
  const none = passThat(labels, () => false)
  const { what } = await faultOf(finish(rightImages(none.pass, labels, WANTED)))
  expect(what).toContain('Of 30 training images a classifier gets none right')
})
