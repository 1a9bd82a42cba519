/** The browser and the system that a user-agent string names; `other` where it names none of ours. */
export interface Browser {
  readonly name: 'chrome' | 'edge' | 'firefox' | 'safari' | 'other'
  /** Major version; 0 when unknown. */
  readonly version: number
  readonly system: 'windows' | 'macos' | 'linux' | 'chromeos' | 'android' | 'ios' | 'other'
}

/** What names a browser, most specific first: every Edge also says Chrome, every Chrome also says Safari. */
const NAMES: readonly (readonly [RegExp, Browser['name']])[] = [
  [/\b(?:Edg|EdgA|EdgiOS)\/(\d+)/, 'edge'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'firefox'],
  [/\b(?:OPR|SamsungBrowser|Vivaldi)\/(\d+)/, 'other'],
  [/(?:Chrome|Chromium|CriOS)\/(\d+)/, 'chrome'],
  [/\bVersion\/(\d+)\S* (?:Mobile\/\S+ )?Safari\//, 'safari'],
]

const SYSTEMS: readonly (readonly [RegExp, Browser['system']])[] = [
  [/Android/, 'android'],
  [/iPhone|iPad|iPod/, 'ios'],
  [/CrOS/, 'chromeos'],
  [/Windows/, 'windows'],
  [/Macintosh/, 'macos'],
  [/Linux|X11/, 'linux'],
]

/** Reads a user-agent string. `touchPoints` tells an iPad, which calls itself a Macintosh, from a Mac. */
export function readBrowser(userAgent: string, touchPoints = 0): Browser {
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other'
  for (const [pattern, name] of NAMES) {
    const version = pattern.exec(userAgent)?.[1]
    if (version !== undefined)
      return {
        name,
        version: Number(version),
        system: system === 'macos' && touchPoints > 1 ? 'ios' : system,
      }
  }
  return { name: 'other', version: 0, system }
}

const NAMES_IN_WORDS = {
  chrome: 'Chrome',
  edge: 'Edge',
  firefox: 'Firefox',
  safari: 'Safari',
  other: 'this browser',
} as const satisfies Record<Browser['name'], string>

const SYSTEMS_IN_WORDS = {
  windows: 'Windows',
  macos: 'macOS',
  linux: 'Linux',
  chromeos: 'ChromeOS',
  android: 'Android',
  ios: 'iOS or iPadOS',
  other: 'this system',
} as const satisfies Record<Browser['system'], string>

/** "Firefox 140 on Linux". */
export function browserInWords({ name, version, system }: Browser): string {
  const words = name !== 'other' && version > 0 ? ` ${version}` : ''
  return `${NAMES_IN_WORDS[name]}${words} on ${SYSTEMS_IN_WORDS[system]}`
}
