import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Indigo, as the cloth of a training jacket is dyed: what can be pressed, and what was measured. */
const ai: MantineColorsTuple = [
  '#eef2fb', '#dae1f3', '#b3c0e5', '#8a9ed8', '#667fcb', '#4d6bc1', '#3f5fb6', '#334f9f', '#2b4287', '#20346f',
]
/** Bamboo: the playground. */
const take: MantineColorsTuple = [
  '#e9f7f0', '#d5ece1', '#abd9c3', '#7ec5a4', '#58b489', '#3fa978', '#2f9d6c', '#21815a', '#17694a', '#0a4f37',
]
/** Gold leaf: development. */
const kin: MantineColorsTuple = [
  '#fdf5e3', '#f6e8cb', '#ead19b', '#ddb967', '#d2a43c', '#ca9720', '#b98710', '#8f6708', '#745206', '#5a3f03',
]
/** Vermilion: production, and what cannot be undone. */
const shu: MantineColorsTuple = [
  '#fdece8', '#f9d8d1', '#f0b0a3', '#e78571', '#df6147', '#da4a2c', '#d23c1e', '#b42f15', '#94240e', '#731a09',
]
/** Paper and ink: warm greys for the dark scheme. */
const dark: MantineColorsTuple = [
  '#e4e3e0', '#c3c1bd', '#a5a29d', '#7b7873', '#55534f', '#3b3937', '#2a2927', '#1f1e1d', '#181716', '#121110',
]
const gray: MantineColorsTuple = [
  '#faf9f7', '#f3f1ee', '#e9e6e1', '#dcd8d1', '#c4bfb6', '#a29c92', '#7a746b', '#5a554e', '#3d3934', '#262320',
]

export const theme = createTheme({
  primaryColor: 'ai',
  primaryShade: { light: 7, dark: 6 },
  colors: { ai, take, kin, shu, dark, gray, red: shu },
  black: '#232120',
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", "Liberation Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.78rem', sm: '0.86rem', md: '0.94rem', lg: '1.06rem', xl: '1.2rem' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '18px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Checkbox: { defaultProps: { radius: 4 } },
    Paper: { defaultProps: { withBorder: true, p: 'md', radius: 'lg' } },
    Table: { defaultProps: { verticalSpacing: 9, horizontalSpacing: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Modal: { defaultProps: { radius: 'lg', centered: true, overlayProps: { backgroundOpacity: 0.35 } } },
    Loader: { defaultProps: { type: 'dots' } },
    Badge: { defaultProps: { radius: 'sm', tt: 'none', fw: 550 } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
})

const own = ['ai', 'take', 'kin', 'shu', 'gray']
/** Text on a tint of its own colour: darker in light, lighter in dark, so that it can be read. */
const onTint = (shade: number) => Object.fromEntries(own.flatMap((name) => [[`--mantine-color-${name}-light-color`, `var(--mantine-color-${name}-${shade})`], [`--mantine-color-${name}-outline`, `var(--mantine-color-${name}-${shade})`]]))

/** The page is paper, what lies on it is white; in the dark, ink on ink. Dimmed text keeps 4.5:1 on both. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...onTint(9),
    '--mantine-color-body': '#ffffff',
    '--page': '#f7f5f2',
    '--line': '#e4e0d9',
    '--mantine-color-default-border': '#dcd8d1',
    '--mantine-color-dimmed': '#645f57',
    '--mantine-color-placeholder': '#76706a',
    '--mantine-color-error': '#b42f15',
    '--quiet': '#f3f1ee',
    '--mark': '#fff0bf',
  },
  dark: {
    ...onTint(2),
    '--mantine-color-body': '#1f1e1d',
    '--page': '#171615',
    '--line': '#33312f',
    '--mantine-color-default-border': '#3b3937',
    '--mantine-color-dimmed': '#a8a49d',
    '--mantine-color-placeholder': '#918d86',
    '--mantine-color-error': '#ee8a76',
    '--quiet': '#262523',
    '--mark': '#5a4a12',
    '--mantine-color-anchor': '#8fa6e8',
  },
})
