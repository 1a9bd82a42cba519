import { parseArgs } from 'node:util'
import { toFault } from '../src/errors.ts'
import { dataDir, ensureData } from './data/ensure.ts'

/** `npm run data [-- --verify]`: prepares CIFAR-10, or says that it is there. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { verify: { type: 'boolean', default: false } } })
  const { manifest, because } = await ensureData(values)
  const shards = [...manifest.shards.train, ...manifest.shards.test]
  const megabytes = Math.round(shards.reduce((all, shard) => all + shard.bytes, 0) / 1e6)
  const state =
    because === null ? (values.verify ? 'complete, all sums are right' : 'complete') : 'prepared'
  const why = because === null ? '' : ` (${because})`
  console.log(
    `CIFAR-10 is ${state}${why}: ${manifest.counts.train} training and ${manifest.counts.test} test images, ` +
      `${shards.length} shards, ${megabytes} MB in ${dataDir}`,
  )
}

main().catch((error: unknown) => {
  const fault = toFault(error)
  console.error(`${fault.what}\n${fault.todo}`)
  if (fault.detail !== undefined) console.error(`\n${fault.detail}`)
  process.exitCode = 1
})
