import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { CIFAR_NORMALISATION } from '../data/deviceImages.ts'
import { IMAGE_BYTES } from '../data/images.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take } from '../engine/testing/run.ts'
import type { Method, Samples } from '../methods/method.ts'
import type { Picture, PictureRequest, TokensPicture } from '../pictures.ts'
import { principalComponents } from './principalComponents.ts'
import { Sketcher } from './sketcher.ts'
import { noiseImages, smallRun, smallSettings, type SmallRun } from './testing/small.ts'
import { teaching, teachingMethod } from './testing/teaching.ts'
import { tokensPicture } from './tokensPicture.ts'

const engine = useEngine()

const images = noiseImages()
const WIDTH = 12
const INDICES = [3, 60, 7]
const request: PictureRequest = {
  samples: INDICES,
  maskSeed: 1,
  attentionSample: null,
  tokens: true,
}

const painted: Method = {
  ...teachingMethod('after'),
  strips: (_settings, { indices }) =>
    Promise.resolve({
      kind: 'strips',
      columns: [],
      samples: indices,
      size: 32,
      pixels: new Uint8ClampedArray(),
      masked: [],
    }),
}

/** What a run draws of a request after some steps; the steps tell its teacher from its student. */
async function drawn(
  change: Partial<PictureRequest>,
  use: (run: SmallRun, pictures: readonly Picture[]) => void | Promise<void>,
): Promise<void> {
  const settings = smallSettings({ learningRate: 1e-2, warmupFraction: 0 })
  const run = await smallRun(engine(), { settings, description: teaching, method: painted }, images)
  await run.trainTo(3)
  const before = engine().memory().tensors
  const pictures = await new Sketcher(painted, run.trainer, images).draw({ ...request, ...change })
  expect(engine().memory().tensors).toBe(before)
  await use(run, pictures)
  run.dispose()
}

const tokensOf = (pictures: readonly Picture[]): TokensPicture =>
  pictures.find((picture) => picture.kind === 'tokens')!

describe('tokens of the samples', () => {
  it('are unit vectors of the first representation: here the teacher’s', () =>
    drawn({}, async ({ trainer }, pictures) => {
      const { samples, grid, width, tokens, size, images: shown } = tokensOf(pictures)
      expect(pictures.map(({ kind }) => kind)).toEqual(['strips', 'tokens'])
      expect({ samples, grid, width, size }).toEqual({
        samples: INDICES,
        grid: 4,
        width: WIDTH,
        size: 32,
      })
      const [raw, students] = await Promise.all(
        ['teacher', 'student'].map((id) =>
          take(
            tf.tidy(() => {
              const { settings, parameters } = trainer
              const boxes = INDICES.map(() => ({
                top: 0,
                left: 0,
                height: 32,
                width: 32,
                flip: false,
              }))
              const views = trainer.images.views(INDICES, boxes, CIFAR_NORMALISATION)
              return painted.features(settings, views, parameters, { wanted: [id] }).tokens!
            }),
          ),
        ),
      )
      expect(tokens).toHaveLength(raw!.length)
      expect(raw).not.toEqual(students)
      for (let row = 0; row < tokens.length; row += WIDTH) {
        const token = raw!.subarray(row, row + WIDTH)
        const length = Math.hypot(...token)
        token.forEach((value, i) => expect(tokens[row + i]).toBeCloseTo(value / length, 5))
      }
      INDICES.forEach((index, row) => {
        const red = images.pixels.subarray(index * IMAGE_BYTES, index * IMAGE_BYTES + 1024)
        const picture = shown.subarray(row * 4096, (row + 1) * 4096)
        expect(picture.filter((_, i) => i % 4 === 0)).toEqual(Uint8ClampedArray.from(red))
      })
    }))

  it('have the colours of their principal components', () =>
    drawn({}, (_, pictures) => {
      const { tokens, colours, explained } = tokensOf(pictures)
      const known = principalComponents(tokens, WIDTH, 3)
      expect(explained).toEqual(known.explained)
      expect(explained[0]).toBeGreaterThanOrEqual(explained[1])
      expect(explained[1]).toBeGreaterThanOrEqual(explained[2])
      expect(colours).toHaveLength(3 * 3 * 16)
      // The brighter the channel, the larger the score.
      for (const channel of [0, 1, 2]) {
        const order = [...Array(48).keys()].sort(
          (a, b) => known.scores[3 * a + channel]! - known.scores[3 * b + channel]!,
        )
        const levels = order.map((row) => colours[3 * row + channel]!)
        expect(levels).toEqual([...levels].sort((a, b) => a - b))
        expect([levels[0], levels.at(-1)]).toEqual([0, 255])
      }
    }))

  it('are drawn only when they are asked for, and only of images that exist', async () => {
    await drawn({ tokens: false }, (_, pictures) => {
      expect(pictures.map(({ kind }) => kind)).toEqual(['strips'])
    })
    await drawn({ samples: [5, 64, 1000] }, (_, pictures) => {
      expect(tokensOf(pictures).samples).toEqual([5])
    })
    // Its method predicts nothing in an order: there is none to draw either.
    const order = { sample: 3, rollOut: true, causality: true }
    await drawn({ samples: [], order }, (_, pictures) => {
      expect(pictures).toEqual([])
    })
  })
})

describe('there are none', () => {
  const samples: Samples = { indices: [0], pixels: images.pixels.subarray(0, IMAGE_BYTES) }
  const draw = async (tokens: () => tf.Tensor3D | null): Promise<TokensPicture | null> => {
    const views = tf.zeros<tf.Rank.R4>([1, 32, 32, 3])
    const method = { features: () => ({ features: [], tokens: tokens() }) }
    const parameters = { get: () => views, has: () => false }
    const before = engine().memory().tensors
    const picture = await tokensPicture(method, {}, samples, views, parameters, 'test')
    expect(engine().memory().tensors).toBe(before)
    views.dispose()
    return picture
  }

  it('where the network has none', async () => {
    expect(await draw(() => null)).toBeNull()
  })

  it('where they are no finite numbers', async () => {
    expect(await draw(() => tf.fill([1, 4, 12], NaN))).toBeNull()
    expect((await draw(() => tf.ones([1, 4, 12])))!.explained).toEqual([0, 0, 0])
  })
})
