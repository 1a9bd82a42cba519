/**
 * The rooms of src/ and which other rooms each may import: arrows point one way. `settings` and the files beside the
 * rooms (errors, pictures) are known by all and know no room; `protocol` is known by the worker and the page.
 *
 * @type {Record<string, string[]>}
 */
const rooms = {
  settings: [],
  engine: [],
  models: ['engine'],
  checkpoint: [],
  data: ['engine'],
  methods: ['models', 'engine', 'data'],
  training: ['methods', 'models', 'engine', 'data', 'checkpoint'],
  evaluation: ['training', 'methods', 'models', 'engine', 'data'],
  worker: ['training', 'methods', 'engine', 'data', 'checkpoint', 'evaluation'],
  store: [],
  app: ['store'],
}

/** Files of closed rooms that the page may import all the same: plain descriptions and numbers without tensors. */
const openFiles = [
  'methods/registry.ts',
  'methods/description.ts',
  'data/classes.ts',
  'evaluation/interactions/forwardPasses.ts',
]

const page = ['store', 'app']
const tensorRooms = ['engine', 'models', 'methods', 'data', 'evaluation', 'training']

/** @typedef {{ regex: string, message: string }} Pattern */

/** @param {string} text */
const escape = (text) => text.replaceAll('.', '\\.').replaceAll('/', '\\/')

/** What a room may not import, tests and other code alike. @param {string} room @returns {Pattern[]} */
const closedTo = (room) => {
  const open = page.includes(room) ? openFiles.map((file) => `(?!${escape(file)}$)`).join('') : ''
  const patterns = Object.keys(rooms)
    .filter((other) => ![room, 'settings', ...(rooms[room] ?? [])].includes(other))
    .map((other) => ({
      regex: `^(\\.\\.\\/)+${open}${other}\\/`,
      message: `${room}/ may not import ${other}/ (see eslint.rooms.js).`,
    }))
  if (!['worker', ...page].includes(room))
    patterns.push({
      regex: '^(\\.\\.\\/)+protocol\\.ts$',
      message: 'Only the worker, the store and the app know the protocol.',
    })
  if (!tensorRooms.includes(room))
    patterns.push({ regex: '^@tensorflow\\/', message: `${room}/ holds no tensors.` })
  if (!page.includes(room))
    patterns.push({
      regex: '^(react|react-dom|recharts|zustand|@mantine|@tabler)(\\/|$)',
      message: `${room}/ knows no page.`,
    })
  return patterns
}

/** Closed to everything but tests. @type {Pattern[]} */
const onlyForTests = [
  { regex: '^node:', message: 'src/ runs in the browser: no Node modules outside tests.' },
  {
    regex: '^(\\.\\.\\/)+(scripts|e2e)\\/',
    message: 'src/ knows nothing of the tooling outside tests.',
  },
  { regex: '^(\\.\\.?\\/)+fixtures\\/', message: 'Fixtures are for tests.' },
]

/**
 * The rule pair for static imports and for `import()`.
 *
 * @param {Pattern[]} patterns
 * @returns {import('eslint').Linter.RulesRecord}
 */
const forbid = (patterns) => ({
  'no-restricted-imports': ['error', { patterns }],
  'no-restricted-syntax': [
    'error',
    ...patterns.map(({ regex, message }) => ({
      selector: `ImportExpression[source.value=/${regex}/]`,
      message,
    })),
  ],
})

const testFiles = '**/*.test.{ts,tsx}'

/** ESLint configuration that keeps the arrows between rooms. @type {import('eslint').Linter.Config[]} */
export const roomRules = [
  {
    files: ['src/*.ts'],
    rules: forbid(
      Object.keys(rooms)
        .filter((room) => room !== 'settings')
        .map((room) => ({
          regex: `^\\.\\/${room}\\/`,
          message: `Files beside the rooms may not import ${room}/ (see eslint.rooms.js).`,
        })),
    ),
  },
  ...Object.keys(rooms).flatMap((room) => [
    {
      files: [`src/${room}/**/*.{ts,tsx}`],
      ignores: [testFiles],
      rules: forbid([...closedTo(room), ...onlyForTests]),
    },
    { files: [`src/${room}/${testFiles}`], rules: forbid(closedTo(room)) },
  ]),
]
