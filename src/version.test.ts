import { expect, it } from 'vitest'
import manifest from '../package.json'
import { APP_VERSION } from './version.ts'

it('is the version of the package', () => {
  expect(APP_VERSION).toBe(manifest.version)
})
