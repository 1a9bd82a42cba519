import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as tf from '@tensorflow/tfjs'
import { useEngine } from '../engine/testing/opCase.ts'
import { take } from '../engine/testing/run.ts'
import type { CropsResult, EvaluationRequest, ImageAddress, ImageBox } from '../results.ts'
import { CROPS, retrieveCrops } from './crops.ts'
import { finish } from './job.ts'
import { Snapshot } from './snapshot.ts'
import type { Subject } from './subject.ts'
import { colourImages } from './testing/images.ts'
import { unitRows } from './testing/knnOracle.ts'
import { smallSubject } from './testing/subject.ts'

type Request = Extract<EvaluationRequest, { readonly kind: 'crops' }>

const engine = useEngine()
const request: Request = {
  kind: 'crops',
  representation: 'patches',
  query: { split: 'test', index: 3 },
  queryArea: 1,
  among: { split: 'train', index: 5 },
}

let subject: Subject
let snapshot: Snapshot
let dispose: () => void
let found: CropsResult
beforeAll(async () => {
  const small = await smallSubject(engine())
  subject = { ...small, train: colourImages(engine(), 8, 1), test: colourImages(engine(), 6, 2) }
  snapshot = new Snapshot(subject, { step: 0, epoch: 0, seconds: 0 }, null)
  found = await ask()
  dispose = () => {
    for (const each of [snapshot, small, subject.train.device, subject.test.device]) each.dispose()
  }
})
afterAll(() => dispose())

const ask = (change: Partial<Request> = {}, of = snapshot) =>
  finish(retrieveCrops(of, { ...request, ...change }))

/** The features of a part of an image as unit vector, without evaluation's own way. */
async function featuresOf({ split, index }: ImageAddress, box: ImageBox): Promise<number[]> {
  const { method, settings } = subject
  const values = await take(
    tf.tidy(() => {
      const { device } = subject[split]
      const views = device.views([index], [{ ...box, flip: false }], method.normalisation)
      const wanted = { wanted: ['patches'] }
      return method.features(settings, views, snapshot.weights, wanted).features[0]!
    }),
  )
  return unitRows(values, values.length)[0]!
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0)

describe('crops of another image', () => {
  it('are ranked by the cosine of their features with those of the query', async () => {
    expect(found).toMatchObject({
      representation: 'patches',
      query: { split: 'test', index: 3, box: { top: 0, left: 0, height: 32, width: 32 } },
      among: { split: 'train', index: 5 },
    })
    expect(found.crops).toHaveLength(CROPS)
    const cosines = found.crops.map(({ cosine }) => cosine)
    expect(cosines).toEqual(cosines.toSorted((a, b) => b - a))
    const query = await featuresOf(found.query, found.query.box)
    for (const { box, cosine } of [found.crops[0]!, found.crops[31]!, found.crops[63]!])
      expect(cosine).toBeCloseTo(dot(query, await featuresOf(found.among, box)), 5)
    expect(cosines[0]! - cosines[63]!).toBeGreaterThan(1e-4)
  })

  it('lie within the image, have a fifth of its area or more, and are many different ones', () => {
    const { crops } = found
    for (const { box } of crops) {
      expect(Math.min(box.top, box.left)).toBeGreaterThanOrEqual(0)
      expect(Math.max(box.top + box.height, box.left + box.width)).toBeLessThanOrEqual(32)
      // Sides are rounded to whole pixels.
      expect(box.height * box.width).toBeGreaterThan(0.18 * 1024)
    }
    expect(new Set(crops.map(({ box }) => Object.values(box).join())).size).toBeGreaterThan(50)
  })

  it('are the same ones whatever they are compared with, and others for another image', async () => {
    const boxesOf = ({ crops }: CropsResult) =>
      crops.map(({ box }) => Object.values(box).join()).sort()
    const first = boxesOf(found)
    const other = await ask({ query: { split: 'test', index: 0 }, queryArea: 0.5 })
    expect(boxesOf(other)).toEqual(first)
    expect(boxesOf(await ask({ among: { split: 'train', index: 6 } }))).not.toEqual(first)
    expect(boxesOf(await ask({ among: { split: 'test', index: 5 } }))).not.toEqual(first)
  })

  it('are sought with the middle of the query where that is wanted', async () => {
    const { query, crops, among } = await ask({ queryArea: 0.25 })
    expect(query.box).toEqual({ top: 8, left: 8, height: 16, width: 16 })
    const features = await featuresOf(query, query.box)
    const { box, cosine } = crops[0]!
    expect(cosine).toBeCloseTo(dot(features, await featuresOf(among, box)), 5)
  })
})

it('leaves nothing on the GPU', async () => {
  engine().trim()
  const { bytes } = engine().memory()
  await ask()
  engine().trim()
  expect(engine().memory().bytes).toBe(bytes)
})

it('refuses images that are not loaded, unknown representations, and parts that are none', async () => {
  const beyond: ImageAddress = { split: 'train', index: 8 }
  await expect(ask({ among: beyond })).rejects.toThrow('There is no training image 8: 8 are loaded')
  await expect(ask({ query: beyond })).rejects.toThrow('There is no training image 8')
  await expect(ask({ representation: 'soul' })).rejects.toThrow('no representation “soul”')
  for (const queryArea of [0, 1.1, NaN])
    await expect(ask({ queryArea })).rejects.toThrow(`not ${queryArea}`)
})

it('tells where features are no numbers', async () => {
  const method = {
    ...subject.method,
    features: (...args: Parameters<Subject['method']['features']>) => {
      const { features, tokens } = subject.method.features(...args)
      return { features: features.map((each) => each.div<tf.Tensor2D>(tf.scalar(0))), tokens }
    },
  }
  const broken = new Snapshot({ ...subject, method }, snapshot.moment, null)
  await expect(ask({}, broken)).rejects.toThrow('no finite numbers')
  broken.dispose()
})
