import { writeFile } from 'node:fs/promises'
import { settingsPage, settingsPagePath } from './docs/settingsPage.ts'

await writeFile(settingsPagePath, await settingsPage())
