import { ensureData } from './data/ensure.ts'
import { formatCounts, runStages } from './test/run.ts'
import { ensureBrowser } from './test/setup.ts'
import { stages, type Stage } from './test/stages.ts'

/** What must be there before the tests: it counts only when it fails. */
const preparations: readonly Stage[] = [
  {
    name: 'browser',
    run: async () => {
      const chrome = await ensureBrowser()
      process.env.CHROME_PATH = chrome
      return { passed: 0, failed: 0, note: chrome, output: '' }
    },
  },
  {
    name: 'data',
    run: async () => {
      await ensureData()
      return { passed: 0, failed: 0, output: '' }
    },
  },
]

/** `npm test [-- STAGE …]`: prepares everything and runs all stages, or only the named ones. */
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name))
if (unknown.length > 0) {
  console.error(
    `No such stage: ${unknown.join(', ')}. There are ${stages.map(({ name }) => name).join(', ')}.`,
  )
  console.log(formatCounts({ passed: 0, failed: 1 }))
  process.exitCode = 1
} else {
  const chosen = stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  const sum = await runStages([...preparations, ...chosen], (line) => console.log(line))
  console.log(formatCounts(sum))
  process.exitCode = sum.failed > 0 ? 1 : 0
}
