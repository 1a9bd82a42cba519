import type { Browser } from './browser.ts'

/** What is in the way of WebGPU. */
export type Obstacle =
  /** The page came over http from another computer: browsers hide WebGPU there. */
  | 'insecure'
  /** The browser has no WebGPU, or it is switched off. */
  | 'no-api'
  /** WebGPU is there but gives no GPU, or the GPU does not open. */
  | 'no-gpu'

/** Advice for one situation. Text between backticks is something to type or to look for. */
export interface Advice {
  readonly id: string
  readonly title: string
  readonly steps: readonly string[]
}

/** What the page knows of its surroundings. */
export interface Surroundings {
  readonly secure: boolean
  readonly hasApi: boolean
  readonly browser: Browser
}

/** First versions with WebGPU switched on. Checked against the browsers' status pages in 2026. */
const FIRST = {
  chrome: 113,
  chromeAndroid: 121,
  chromeLinuxIntel: 144,
  chromeLinuxNvidia: 147,
  firefoxWindows: 141,
  firefoxMac: 145,
  firefoxOlderMac: 147,
  safari: 26,
} as const

/** What is in the way here. */
export function findObstacle({ secure, hasApi }: Surroundings): Obstacle {
  if (!secure) return 'insecure'
  return hasApi ? 'no-gpu' : 'no-api'
}

/** What to do, the most fitting first: the first entry is for this browser on this system. */
export function adviceFor(surroundings: Surroundings): readonly Advice[] {
  const obstacle = findObstacle(surroundings)
  const own = ownAdvice(surroundings.browser, obstacle)
  const first = obstacle === 'insecure' ? [secureAddress, ...own] : own
  const ids = new Set(first.map(({ id }) => id))
  return [...first, ...[chromium, firefox, safari].filter(({ id }) => !ids.has(id))]
}

const secureAddress: Advice = {
  id: 'secure',
  title: 'Open the page over a secure address',
  steps: [
    'Browsers offer WebGPU only over https, or from this very computer.',
    'If Peekaboo runs on this computer, open `http://localhost` with its port instead of the address of the machine.',
    'If it runs on another one, serve it over https, or forward its port: `ssh -L 4173:localhost:4173 that-machine`, then open `http://localhost:4173`.',
  ],
}

const chromium: Advice = {
  id: 'chromium',
  title: 'Chrome, Edge and other Chromium browsers',
  steps: [
    `Windows, macOS and ChromeOS: version ${FIRST.chrome} or later.`,
    `Android: version ${FIRST.chromeAndroid} or later, on Android 12 or later.`,
    `Linux: on by default from version ${FIRST.chromeLinuxIntel} (Intel Xe graphics or later) and ${FIRST.chromeLinuxNvidia} (NVIDIA); elsewhere behind a flag.`,
  ],
}

const firefox: Advice = {
  id: 'firefox',
  title: 'Firefox',
  steps: [
    `Windows: version ${FIRST.firefoxWindows} or later.`,
    `macOS on Apple silicon: version ${FIRST.firefoxMac} on macOS 26, version ${FIRST.firefoxOlderMac} on older ones.`,
    'Linux, Intel Macs and Android: in Firefox Nightly, or by the switch `dom.webgpu.enabled` in `about:config`, not yet as reliable.',
  ],
}

const safari: Advice = {
  id: 'safari',
  title: 'Safari',
  steps: [
    `Version ${FIRST.safari} or later: macOS 26, iOS 26, iPadOS 26.`,
    'On iPhone and iPad this holds for every browser, as all of them use the engine of Safari.',
  ],
}

const acceleration: Advice = {
  id: 'acceleration',
  title: 'Switch hardware acceleration on',
  steps: [
    'Open `chrome://settings/system` (Edge: `edge://settings/system`), switch on the use of graphics acceleration, and restart the browser.',
    'Open `chrome://gpu`: the line WebGPU should say “Hardware accelerated”. What stands under “Problems Detected” names the reason if it does not.',
    'Update the graphics driver and restart the computer. After several crashes of the GPU the browser switches WebGPU off until it is restarted.',
    'On a remote desktop or in a virtual machine there may be no GPU to use at all.',
  ],
}

const linuxFlags: Advice = {
  id: 'linux-flags',
  title: 'Switch WebGPU on in Chrome on Linux',
  steps: [
    'Make sure that the Vulkan driver is there: `vulkaninfo --summary` should list your GPU.',
    'Start the browser with `google-chrome --enable-unsafe-webgpu --ozone-platform=x11 --use-angle=vulkan --enable-features=Vulkan,VulkanFromANGLE`.',
    'Open `chrome://gpu`: the line WebGPU should say “Hardware accelerated”.',
    `Newer versions need no flags on most Intel (from ${FIRST.chromeLinuxIntel}) and NVIDIA (from ${FIRST.chromeLinuxNvidia}) GPUs.`,
  ],
}

const linuxFirefox: Advice = {
  id: 'linux-firefox',
  title: 'Use Chrome, or Firefox Nightly',
  steps: [
    'Firefox on Linux has WebGPU in its Nightly version only.',
    `Chrome or Chromium works best on Linux, from version ${FIRST.chromeLinuxIntel} on.`,
    'To try it in this Firefox, open `about:config`, set `dom.webgpu.enabled` to true and restart. Expect rough edges.',
  ],
}

const firefoxDriver: Advice = {
  id: 'firefox-driver',
  title: 'Let Firefox use the GPU',
  steps: [
    'In Settings, General, Performance, switch on “Use hardware acceleration when available” and restart Firefox.',
    'Open `about:support`: the section Graphics names the GPU and says whether WebGPU is blocked, and why.',
    'Update the graphics driver.',
  ],
}

const safariUpdate: Advice = {
  id: 'safari-update',
  title: 'Update macOS, or use Chrome',
  steps: [
    `Safari has WebGPU from version ${FIRST.safari} on, which comes with macOS 26.`,
    `On an older macOS, Chrome from version ${FIRST.chrome} on works.`,
    'In Safari 18 it can be switched on for a try: Settings, Advanced, “Show features for web developers”, then Feature Flags, WebGPU.',
  ],
}

const iosUpdate: Advice = {
  id: 'ios-update',
  title: 'Update iOS or iPadOS',
  steps: [
    `WebGPU comes with iOS 26 and iPadOS 26: Settings, General, Software Update.`,
    'Another browser does not help here, as all browsers on iPhone and iPad use the same engine.',
    'A phone trains slowly at best: a laptop or a desktop computer is the better place.',
  ],
}

const androidUpdate: Advice = {
  id: 'android-update',
  title: 'Use a current Chrome on Android 12 or later',
  steps: [
    `Chrome has WebGPU from version ${FIRST.chromeAndroid} on, for Android 12 or later with a Qualcomm, ARM or Intel GPU; Imagination GPUs need Android 16.`,
    'Firefox for Android does not have it yet.',
    'A phone trains slowly at best: a laptop or a desktop computer is the better place.',
  ],
}

const update = (name: string, first: number): Advice => ({
  id: 'update',
  title: `Update ${name}`,
  steps: [
    `${name} has WebGPU from version ${first} on. Open its menu, then Help, then About: it updates itself there.`,
    'Restart the browser afterwards.',
  ],
})

/** Advice for the browser at hand; empty where its name says nothing. */
function ownAdvice({ name, version, system }: Browser, obstacle: Obstacle): readonly Advice[] {
  const missing = obstacle !== 'no-gpu'
  if (system === 'ios') return missing ? [iosUpdate] : [safari]
  if (system === 'android') return [androidUpdate]
  switch (name) {
    case 'chrome':
    case 'edge': {
      const title = name === 'edge' ? 'Edge' : 'Chrome'
      if (version > 0 && version < FIRST.chrome) return [update(title, FIRST.chrome)]
      return system === 'linux' ? [linuxFlags, acceleration] : [acceleration]
    }
    case 'firefox':
      if (system === 'linux') return [linuxFirefox]
      if (system === 'windows' && version < FIRST.firefoxWindows)
        return [update('Firefox', FIRST.firefoxWindows)]
      if (system === 'macos' && missing && version < FIRST.firefoxOlderMac)
        return [update('Firefox', FIRST.firefoxOlderMac)]
      return system === 'macos' && missing ? [firefox] : [firefoxDriver]
    case 'safari':
      return version < FIRST.safari ? [safariUpdate] : [safari]
    case 'other':
      return []
  }
}
