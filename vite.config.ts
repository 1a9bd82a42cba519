import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { publicFilesPlugin } from './scripts/build/publicFiles.ts'

/** The port of the app; another one is taken when it is in use. */
export const APP_PORT = 4173

/** Tests against the golden files are a suite of their own: `npm run test:golden`. */
const goldenTests = 'src/**/*.golden.test.ts'

export default defineConfig({
  base: './',
  // No fallback to index.html: a missing data file must answer 404.
  appType: 'mpa',
  resolve: {
    // recharts takes all of d3-scale, a thirtieth of the page, where two scales are enough.
    alias: {
      'victory-vendor/d3-scale': join(import.meta.dirname, 'src/app/charts/d3Scales.ts'),
      'd3-interpolate': join(import.meta.dirname, 'src/app/charts/d3Interpolate.ts'),
      // UMAP takes all of a matrix library for one curve with two parameters.
      'ml-levenberg-marquardt': join(import.meta.dirname, 'src/app/evaluate/map/curveFit.ts'),
    },
  },
  plugins: [react(), publicFilesPlugin()],
  worker: {
    format: 'es',
    // The training worker has a folder of its own, by which the size check tells it from the page.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        // The profiler calls tfjs' kernels by the names of their classes.
        keepNames: true,
        entryFileNames: ({ name }) => `${name === 'worker' ? 'worker' : 'assets'}/[name]-[hash].js`,
        chunkFileNames: 'worker/[name]-[hash].js',
      },
    },
  },
  build: {
    target: 'es2023',
    // Says what the page imports at once and what on demand: for the size check.
    manifest: true,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        codeSplitting: {
          // Fewer and larger files compress better: those of the opening page, those of the tabs of one image or of few,
          // and what methods offer to compare.
          groups: [
            { name: 'opening', test: /src.app.main\.tsx$/, priority: 1 },
            {
              name: 'closely',
              test: /src.app.pictures.(order|places|similarity|tokens|activations|fourier|leak|Attention)/,
            },
            { name: 'comparisons', test: /src.methods.\w+.(comparisons|offered)\.ts$/ },
          ],
        },
      },
    },
  },
  // Only found when its worker starts, which the development server would answer with a reload of the page.
  optimizeDeps: { include: ['umap-js'] },
  server: { port: APP_PORT },
  preview: { port: APP_PORT },
  test: {
    // Each file in its own process: the GPU device and the tfjs registry are process-wide.
    pool: 'forks',
    // Vitest leaves a core to itself, which is half of a small computer.
    maxWorkers: '100%',
    setupFiles: ['scripts/node/vitest.setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: [goldenTests],
        },
      },
      { extends: true, test: { name: 'golden', include: [goldenTests] } },
    ],
  },
})
