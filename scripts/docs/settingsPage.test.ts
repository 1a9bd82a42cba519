import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { settingsPage, settingsPagePath } from './settingsPage.ts'

it('is what the settings tables say: else run npm run docs', async () => {
  expect(await readFile(settingsPagePath, 'utf8')).toBe(await settingsPage())
})
