import { expect, test } from 'vitest'
import {
  countPlaywright,
  countVitest,
  settle,
  type VitestReport,
  type VitestTest,
} from './reports.ts'

const named = (status: VitestTest['status']): VitestTest => ({
  ancestorTitles: [],
  title: 'x',
  status,
  failureMessages: [],
})

const file = (status: 'passed' | 'failed', ...tests: VitestTest['status'][]) => ({
  name: 'x.test.ts',
  status,
  message: '',
  assertionResults: tests.map(named),
})

const report = (...testResults: VitestReport['testResults']): VitestReport => ({ testResults })

test('passed and failed tests are counted, skipped ones are neither', () => {
  expect(
    countVitest(report(file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed'))),
  ).toEqual({ passed: 2, failed: 1 })
})

test('a test file that crashed counts as a failure', () => {
  expect(countVitest(report(file('passed', 'passed'), file('failed')))).toEqual({
    passed: 1,
    failed: 1,
  })
})

test('a flaky browser test and an error outside of tests count as failures', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1 }
  expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3 })
})

test.each([
  ['no report', undefined, 0, { passed: 0, failed: 1 }],
  ['no test', { passed: 0, failed: 0 }, 0, { passed: 0, failed: 1 }],
  ['an error of the tool alone', { passed: 3, failed: 0 }, 1, { passed: 3, failed: 1 }],
  ['failed tests', { passed: 3, failed: 2 }, 1, { passed: 3, failed: 2 }],
  ['passed tests', { passed: 3, failed: 0 }, 0, { passed: 3, failed: 0 }],
])('a stage with %s settles', (_, counts, code, settled) => {
  expect(settle(counts, code)).toEqual(settled)
})
