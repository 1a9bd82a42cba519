import { defineConfig } from '@playwright/test'
import { findChrome } from './scripts/node/chrome.ts'

/** The tests' own port, so that a running app is not in the way. */
const TEST_PORT = 4179
const address = `http://localhost:${TEST_PORT}/`

const executablePath = findChrome()
if (!executablePath)
  throw new Error('There is no Chrome or Chromium: install one or set CHROME_PATH.')

/** WebGPU without a GPU, and a browser that asks the network for nothing. */
const args = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // Chromium gives no GPU to a page that has lost two; tests lose more.
  '--disable-gpu-process-crash-limit',
  '--disable-domain-blocking-for-3d-apis',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  forbidOnly: true,
  // One software GPU for all: tests beside each other would only slow each other down.
  workers: 1,
  retries: 0,
  timeout: 180_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: address,
    browserName: 'chromium',
    launchOptions: { executablePath, args },
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    // Traces double the time of a run; `--trace on` records them when one is needed.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `node scripts/bootstrap.mjs scripts/start.ts --no-open --port ${TEST_PORT}`,
    url: address,
    timeout: 180_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
})
