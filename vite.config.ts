import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** The port of the app; another one is taken when it is in use. */
export const APP_PORT = 4173

export default defineConfig({
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { target: 'es2023', chunkSizeWarningLimit: 2000 },
  server: { port: APP_PORT },
  preview: { port: APP_PORT },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    // Each file in its own process: the GPU device and the tfjs registry are process-wide.
    pool: 'forks',
    setupFiles: ['scripts/node/vitest.setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
