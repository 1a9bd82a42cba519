import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import { globalIgnores, defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { roomRules } from './eslint.rooms.js'

export default defineConfig([
  globalIgnores([
    'dist',
    'node_modules',
    'public',
    '.cache',
    'test-results',
    'playwright-report',
    'runs',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        ...['dataSync', 'arraySync', 'bufferSync'].map((property) => ({
          property,
          message: 'Synchronous reads give wrong numbers on WebGPU: await data() instead.',
        })),
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  { files: ['src/{app,store}/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat.recommended] },
  roomRules,
  { files: ['scripts/**', 'e2e/**', '*.config.*'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
])
