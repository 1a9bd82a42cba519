import { describe, expect, it } from 'vitest'
import { adviceFor, findObstacle, type Surroundings } from './advice.ts'
import { readBrowser, type Browser } from './browser.ts'

const on = (
  name: Browser['name'],
  version: number,
  system: Browser['system'],
  rest: Partial<Surroundings> = {},
): Surroundings => ({ secure: true, hasApi: false, browser: { name, version, system }, ...rest })

const firstOf = (surroundings: Surroundings) => adviceFor(surroundings)[0]!

describe('findObstacle', () => {
  it('blames the address before the browser', () => {
    expect(findObstacle(on('chrome', 140, 'windows', { secure: false }))).toBe('insecure')
  })

  it('tells a missing WebGPU from a missing GPU', () => {
    expect(findObstacle(on('chrome', 140, 'windows'))).toBe('no-api')
    expect(findObstacle(on('chrome', 140, 'windows', { hasApi: true }))).toBe('no-gpu')
  })
})

describe('adviceFor', () => {
  it('begins with a secure address where that is the obstacle', () => {
    expect(firstOf(on('firefox', 150, 'windows', { secure: false })).id).toBe('secure')
  })

  it.each([
    ['an old Chrome', on('chrome', 100, 'windows'), 'update'],
    ['an old Edge', on('edge', 112, 'macos'), 'update'],
    ['Chrome without a GPU', on('chrome', 140, 'windows', { hasApi: true }), 'acceleration'],
    ['Chrome on Linux', on('chrome', 140, 'linux'), 'linux-flags'],
    ['Firefox on Linux', on('firefox', 150, 'linux'), 'linux-firefox'],
    ['an old Firefox on Windows', on('firefox', 140, 'windows'), 'update'],
    ['Firefox without a GPU', on('firefox', 150, 'windows', { hasApi: true }), 'firefox-driver'],
    ['a current Firefox on an Intel Mac', on('firefox', 150, 'macos'), 'firefox'],
    ['an old Safari', on('safari', 18, 'macos'), 'safari-update'],
    ['an old iPhone', on('safari', 17, 'ios'), 'ios-update'],
    ['Chrome on an old iPad', on('chrome', 120, 'ios'), 'ios-update'],
    ['an Android phone', on('chrome', 119, 'android'), 'android-update'],
  ])('gives %s its own advice first', (_, surroundings, id) => {
    expect(firstOf(surroundings).id).toBe(id)
  })

  it('names the version that Firefox needs on this system', () => {
    expect(firstOf(on('firefox', 140, 'windows')).steps.join()).toContain('141')
    expect(firstOf(on('firefox', 140, 'macos')).steps.join()).toContain('147')
  })

  it('says for every browser where it works, once, with steps', () => {
    for (const name of ['chrome', 'edge', 'firefox', 'safari', 'other'] as const)
      for (const system of ['windows', 'macos', 'linux', 'android', 'ios', 'other'] as const) {
        const advice = adviceFor(on(name, 1, system))
        const ids = advice.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids).toEqual(expect.arrayContaining(['chromium', 'firefox', 'safari']))
        expect(advice.every(({ steps }) => steps.length > 0)).toBe(true)
      }
  })
})

describe('readBrowser', () => {
  const like = 'AppleWebKit/537.36 (KHTML, like Gecko)'
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Chrome/146.0.0.0 Safari/537.36`,
      { name: 'chrome', version: 146, system: 'windows' },
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Chrome/146.0.0.0 Safari/537.36 Edg/146.0.0.0`,
      { name: 'edge', version: 146, system: 'windows' },
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
      { name: 'firefox', version: 150, system: 'linux' },
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
      { name: 'safari', version: 26, system: 'macos' },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      { name: 'safari', version: 18, system: 'ios' },
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; K) ${like} Chrome/140.0.0.0 Mobile Safari/537.36`,
      { name: 'chrome', version: 140, system: 'android' },
    ],
    [
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${like} Chrome/140.0.0.0 Safari/537.36`,
      { name: 'chrome', version: 140, system: 'chromeos' },
    ],
    ['curl/8.0', { name: 'other', version: 0, system: 'other' }],
  ])('%s', (userAgent, browser) => {
    expect(readBrowser(userAgent)).toEqual(browser)
  })

  it('sees through an iPad that calls itself a Macintosh', () => {
    const userAgent =
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15'
    expect(readBrowser(userAgent, 5).system).toBe('ios')
    expect(readBrowser(userAgent, 0).system).toBe('macos')
  })
})
