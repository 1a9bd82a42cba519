import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import {
  describeGolden,
  expectLoss,
  expectTensor,
  SHARP_TOLERANCES,
} from '../../fixtures/golden.ts'
import { dinoLoss, pairsOf } from './loss.ts'
import { nextCentre, teacherTargets } from './teacher.ts'

useEngine()

/** Spec D16: three crops of one image, of which the first two are global. */
const STUDENT = [
  [0.1, 0.2, -0.1],
  [0.3, -0.2, 0.05],
  [0, 0.1, 0.4],
]
const TEACHER = [
  [0.2, 0.1, 0],
  [-0.1, 0.3, 0.2],
]
const CENTRE = [0.05, 0.1, 0.1]

interface Example {
  readonly student: number[][]
  readonly teacher: number[][]
  readonly centre: number[]
}

/** Loss, next centre and targets of an example, on the host. */
async function run({ student, teacher, centre }: Example) {
  const [loss, next, targets] = tf.tidy(() => {
    const [logits, c] = [tf.tensor2d(teacher), tf.tensor2d([centre])]
    const said = teacherTargets({ logits, centre: c, temperature: tf.scalar(0.04) })
    return [
      dinoLoss(tf.tensor2d(student), said, tf.scalar(0.1)),
      nextCentre(logits, c, tf.scalar(0.9)),
      said,
    ] as const
  })
  return { loss: (await take(loss))[0]!, next: await take(next), targets: await take(targets) }
}

const example: Example = { student: STUDENT, teacher: TEACHER, centre: CENTRE }

describeGolden(
  ({ method, root }) => method === 'losses' && root.has('dino_loss'),
  ({ root }) => {
    test('D16 the loss of three crops and the next centre', async () => {
      const { loss, next } = await run(example)
      expectLoss(loss, root.number('dino_loss'), SHARP_TOLERANCES.loss)
      expect(pairsOf(STUDENT.length)).toBe(root.number('dino_terms'))
      const data = root.numbers('dino_center_next')
      expectTensor(next, { shape: [1, data.length], data }, 1e-6)
    })

    test('D18 what is added to the teacher’s logits and to the centre alike changes nothing', async () => {
      const added = [0.25, -0.5, 1]
      const plus = (row: number[]): number[] => row.map((value, i) => value + added[i]!)
      const { loss } = await run(example)
      const moved = await run({ ...example, teacher: TEACHER.map(plus), centre: plus(CENTRE) })
      expect(moved.loss).toBeCloseTo(loss, 5)
      const uncentred = await run({ ...example, teacher: TEACHER.map(plus) })
      expect(Math.abs(uncentred.loss - loss)).toBeGreaterThan(0.1)
    })

    test('D18 no view is compared with itself', async () => {
      // The teacher’s first view changes what is asked of the second student view, and the other way round.
      const gradientOf = (teacher: number[][]): Promise<Float32Array> =>
        take(
          tf.tidy(() => {
            const centre = tf.tensor2d([CENTRE])
            const temperature = tf.scalar(0.04)
            const said = teacherTargets({ logits: tf.tensor2d(teacher), centre, temperature })
            return tf.grad((logits) => dinoLoss(logits as tf.Tensor2D, said, tf.scalar(0.1)))(
              tf.tensor2d(STUDENT),
            )
          }),
        )
      const before = await gradientOf(TEACHER)
      const after = await gradientOf([[0.9, -0.4, 0.3], TEACHER[1]!])
      expect(after.subarray(0, 3)).toEqual(before.subarray(0, 3))
      expect(after.subarray(3, 6)).not.toEqual(before.subarray(3, 6))
      expect(after.subarray(6)).not.toEqual(before.subarray(6))
    })
  },
)
