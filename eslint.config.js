import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import { globalIgnores, defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/**
 * The rooms of src/ and which other rooms each may import (design: arrows point one way).
 * `errors` and `settings` are known by all and know none.
 */
const rooms = {
  settings: [],
  engine: [],
  models: ['engine'],
  checkpoint: [],
  data: ['engine'],
  methods: ['models', 'engine', 'data'],
  evaluation: ['methods', 'models', 'engine', 'data'],
  training: ['methods', 'models', 'engine', 'data', 'checkpoint', 'evaluation'],
  worker: ['training', 'methods', 'engine', 'data', 'checkpoint', 'evaluation'],
  store: [],
  app: ['store'],
}
const all = Object.keys(rooms)

/** Files that a room may import although their room is closed to it: they hold plain descriptions, no tensors. */
const openFiles = {
  store: ['methods/registry.ts', 'data/classes.ts'],
  app: ['methods/registry.ts', 'data/classes.ts'],
}

const roomRule = (room) => {
  const closed = all.filter((other) => other !== room && other !== 'settings' && !rooms[room].includes(other))
  const open = (openFiles[room] ?? []).map((file) => `(?!${file.replaceAll('/', '\\/').replaceAll('.', '\\.')}$)`).join('')
  const patterns = closed.map((other) => ({
    regex: `^(\\.\\./)+${open}${other}/`,
    message: `${room}/ may not import ${other}/ (see the rooms in eslint.config.js).`,
  }))
  if (!['worker', 'store', 'app'].includes(room))
    patterns.push({ regex: '^(\\.\\./)+protocol', message: 'Only the worker, the store and the app know the protocol.' })
  if (!['engine', 'models', 'methods', 'data', 'evaluation', 'training'].includes(room))
    patterns.push({ regex: '^@tensorflow/', message: `${room}/ holds no tensors.` })
  if (!['app', 'store'].includes(room))
    patterns.push({ regex: '^(react|react-dom|@mantine/|recharts|zustand)', message: `${room}/ knows no page.` })
  return {
    files: [`src/${room}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  }
}

export default defineConfig([
  globalIgnores(['dist', 'node_modules', 'public', '.cache', 'test-results', 'playwright-report', 'runs']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  { files: ['src/{app,store}/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat.recommended] },
  ...all.map(roomRule),
  { files: ['scripts/**', 'e2e/**', '*.config.*'], rules: { 'no-console': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked], languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
])
