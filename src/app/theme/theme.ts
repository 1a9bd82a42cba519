import {
  ActionIcon,
  Button,
  createTheme,
  SegmentedControl,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core'

/** The one accent: the green of a pine, calm beside any photograph. */
const pine: MantineColorsTuple = [
  '#e9f5f0',
  '#d0e9df',
  '#a4d5c3',
  '#78c1a7',
  '#4fb395',
  '#2f9c7d',
  '#178266',
  '#0f7259',
  '#0b5b47',
  '#064435',
]

/** For what went wrong and what throws away: white is read on its 7, by day, and black on its 4, by night. */
const red: MantineColorsTuple = [
  '#fff0ef',
  '#ffdedb',
  '#ffbab5',
  '#ffa19a',
  '#ff8f87',
  '#f06a62',
  '#d94840',
  '#c02b2b',
  '#9e2121',
  '#7c1818',
]

/** Warm greys for the light page. */
const gray: MantineColorsTuple = [
  '#faf9f6',
  '#f3f1ec',
  '#eae7e0',
  '#dedad1',
  '#cbc6bb',
  '#a8a296',
  '#857f73',
  '#67625a',
  '#46423c',
  '#24221f',
]

/** Warm greys for the dark page. */
const dark: MantineColorsTuple = [
  '#e9e6df',
  '#cfcbc2',
  '#aaa499',
  '#857f75',
  '#4a4741',
  '#37342f',
  '#2a2824',
  '#1e1d1a',
  '#161513',
  '#0f0e0d',
]

/** Look of the whole page: system type, small radii, borders instead of shadows. */
export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 4 },
  colors: { pine, red, gray, dark },
  autoContrast: true,
  black: '#24221f',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  headings: { fontWeight: '600' },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Button: Button.extend({
      styles: { label: { fontWeight: 500 } },
      // The library takes the text on a colour from the light page for both schemes.
      vars: (_, { variant = 'filled' }) => ({
        root:
          variant === 'filled' ? { '--button-color': 'var(--mantine-primary-color-contrast)' } : {},
      }),
    }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { withItemsBorders: false } }),
  },
})

/** The page's own colours, by scheme. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-body': '#faf9f6',
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-default-border': colors.gray[3],
    '--mantine-color-error': '#c02b2b',
    '--surface': '#ffffff',
    '--tip': '#2b2824',
    '--tip-text': '#f6f4ef',
    '--line': colors.gray[2],
    '--accent': colors.pine![7],
    '--accent-soft': colors.pine![0],
    '--live': colors.pine![6],
    '--pending': '#9a5b00',
    '--pending-soft': '#fdf3e1',
    '--series-0': '#0f7259',
    '--series-1': '#3d63b8',
    '--series-2': '#b0690a',
    '--series-3': '#a2447a',
    '--series-4': '#5c7420',
    '--series-5': '#7a55bd',
  },
  dark: {
    '--mantine-color-body': '#161513',
    '--mantine-color-dimmed': colors.dark[2],
    '--mantine-color-default-border': colors.dark[5],
    '--mantine-color-error': '#ff8f87',
    '--surface': '#1c1b18',
    '--tip': '#e9e6df',
    '--tip-text': '#1f1d1a',
    '--line': '#2c2a26',
    '--accent': colors.pine![4],
    '--accent-soft': '#16302a',
    '--live': colors.pine![4],
    '--pending': '#e3a94c',
    '--pending-soft': '#33290f',
    '--series-0': '#4fc3a1',
    '--series-1': '#86a8ee',
    '--series-2': '#e3a94c',
    '--series-3': '#e08fbd',
    '--series-4': '#a9c463',
    '--series-5': '#b79bf0',
  },
})
