import { parseArgs } from 'node:util'
import { preview } from 'vite'
import { toFault } from '../src/errors.ts'
import { APP_PORT } from '../vite.config.ts'
import { buildApp } from './build/build.ts'
import { ensureData } from './data/ensure.ts'
import { root } from './node/project.ts'

/** Whether a browser window can be shown to the person. */
const hasDisplay = (): boolean =>
  !process.env.CI &&
  (process.platform !== 'linux' || [process.env.DISPLAY, process.env.WAYLAND_DISPLAY].some(Boolean))

/** Without the served images the page still works: a person can drop the official file on it. */
const prepareDataOrSay = async (): Promise<void> => {
  // npm's own patience is over a minute: too long for a person without network to wait for the page.
  process.env.npm_config_fetch_retries ??= '1'
  process.env.npm_config_fetch_retry_mintimeout ??= '2000'
  try {
    await ensureData()
  } catch (error) {
    const { what, todo } = toFault(error)
    console.warn(`${what}\n${todo}\nThe app starts without the images.`)
  }
}

/** `npm start [-- --no-open] [--port N]`: prepares the data, builds the app if it changed, serves and opens it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'no-open': { type: 'boolean', default: false }, port: { type: 'string' } },
  })
  await prepareDataOrSay()
  console.log('Looking for changes since the last build …')
  if (await buildApp()) console.log('Built the app.')
  const server = await preview({
    root,
    logLevel: 'warn',
    preview: {
      port: Number(values.port ?? APP_PORT),
      strictPort: values.port !== undefined,
      open: !values['no-open'] && hasDisplay(),
    },
  })
  console.log(`\nPeekaboo is at ${server.resolvedUrls?.local[0]}\nCtrl-C ends it.`)
  const end = () => {
    void server.close().finally(() => process.exit(0))
  }
  process.once('SIGINT', end)
}

main().catch((error: unknown) => {
  const { what, todo, detail } = toFault(error)
  console.error(`${what}\n${todo}\n${detail ?? ''}`)
  process.exitCode = 1
})
