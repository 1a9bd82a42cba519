import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

/** Folders in which Linux packages keep the browser's own libraries, its software Vulkan driver among them. */
const LIBRARY_FOLDERS = [
  '/usr/lib/chromium',
  '/usr/lib64/chromium',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
  '/opt/google/chrome-beta',
  '/snap/chromium/current/usr/lib/chromium-browser',
]

const windowsPaths = (): string[] =>
  ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name]
    return folder ? [join(folder, 'Google/Chrome/Application/chrome.exe')] : []
  })

const macPaths = (): string[] =>
  ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
    ['Google Chrome', 'Chromium'].map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
  )

const linuxPaths = (): string[] =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/snap/bin'].flatMap((folder) =>
    COMMANDS.map((command) => join(folder, command)),
  )

/** Browsers that Playwright itself has downloaded, if any. */
const playwrightPaths = (): string[] => {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache/ms-playwright')
  if (!existsSync(cache)) return []
  return readdirSync(cache)
    .filter((name) => name.startsWith('chromium-'))
    .flatMap((name) =>
      ['chrome-linux/chrome', 'chrome-linux64/chrome'].map((path) => join(cache, name, path)),
    )
}

/** The path of a Chrome or Chromium on this machine, or undefined. `CHROME_PATH` wins if it names a file. */
export function findChrome(): string | undefined {
  const named = process.env.CHROME_PATH
  const paths =
    process.platform === 'win32'
      ? windowsPaths()
      : process.platform === 'darwin'
        ? macPaths()
        : [...linuxPaths(), ...playwrightPaths()]
  return (named ? [named, ...paths] : paths).find((path) => existsSync(path))
}

/** Folders that may hold the libraries shipped with the browser; for Linux only. */
export function chromeLibraryFolders(): string[] {
  const chrome = findChrome()
  return chrome ? [dirname(realpathSync(chrome)), ...LIBRARY_FOLDERS] : LIBRARY_FOLDERS
}
