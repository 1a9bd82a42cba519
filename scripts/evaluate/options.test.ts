import { expect, it } from 'vitest'
import { UsageError } from '../command/command.ts'
import { readOptions } from './options.ts'

const files = ['--checkpoint', 'a.safetensors', '--out', 'b']

it('asks for k-NN when nothing is said', () => {
  const plain = { checkpoint: 'a.safetensors', out: 'b', probes: ['knn'] }
  expect(readOptions(files)).toEqual(plain)
  expect(readOptions(['--help'])).toBeNull()
})

it('takes probes in any order, more than once, together or apart', () => {
  const probes = ['--probe', 'robustness, linear', '--probe', 'knn,linear']
  const set = ['--set', 'knnBank=100', '--set', 'knnTest=50', '--seed', '4', '--features', 'class']
  expect(readOptions([...files, '--', ...probes, ...set])).toMatchObject({
    probes: ['knn', 'linear', 'robustness'],
    set: ['knnBank=100', 'knnTest=50'],
    seed: '4',
    features: 'class',
  })
})

it.each([
  [['--out', 'b'], '--checkpoint must be given'],
  [['--checkpoint', 'a'], '--out must be given'],
  [[...files, '--probe', 'kmeans'], '“kmeans” is unknown; there are knn, linear, finetune'],
  [[...files, '--probe', 'knn,'], '“” is unknown'],
  [[...files, '--speed', '9'], '--speed'],
])('refuses %j', (args, words) => {
  expect(() => readOptions(args)).toThrow(UsageError)
  expect(() => readOptions(args)).toThrow(words)
})
