import { runGolden } from './test/golden.ts'

/** `npm run test:golden`: the golden files of `GOLDEN_DIR` (default: the project's own) against the engine and methods. */
const { passed, failed, skipped, output } = await runGolden()
console.log(`${output}\n\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed > 0 ? 1 : 0
