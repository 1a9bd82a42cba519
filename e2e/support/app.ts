import { expect, type Locator, type Page } from '@playwright/test'

/** Settings under which a step takes a fraction of a second without a GPU. */
export const quickSettings = {
  preset: 'tiny',
  batchSize: 8,
  width: 24,
  depth: 1,
  heads: 2,
  patchSize: 8,
  maskPatch: 8,
  warmupFraction: 0,
  learningRate: 0.003,
  // Evaluates nothing by itself.
  knnEvery: 0,
} as const

/** Patches of an image in `quickSettings`; each is one block of the mask. */
export const PATCHES = 16
/** Pixels of one such patch. */
export const PATCH_PIXELS = 64

type Settings = Readonly<Record<string, string | number>>

/** The page as a person uses it. */
export class App {
  readonly page: Page
  /** What the run is doing, in a word. */
  readonly state: Locator
  readonly step: Locator
  readonly notices: Locator

  constructor(page: Page) {
    this.page = page
    this.state = page.getByTestId('run-state').locator('dd')
    this.step = page.getByTestId('step-count')
    this.notices = page.getByTestId('notices')
  }

  /** Opens the page with `quickSettings` and what differs from them. */
  async visit(settings: Settings = {}): Promise<void> {
    const wanted = Object.entries({ ...quickSettings, ...settings })
    const query = new URLSearchParams(wanted.map(([key, value]) => [key, String(value)]))
    await this.page.goto(`./?${query.toString()}`)
  }

  /** Opens the page and waits until a run is built. */
  async open(settings: Settings = {}): Promise<void> {
    await this.visit(settings)
    await this.isPaused()
  }

  async isPaused(): Promise<void> {
    await expect(this.state).toHaveText('Paused', { timeout: 60_000 })
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  /** Steps done, as the page says. */
  async steps(): Promise<number> {
    return Number(/^Step (\d+)$/.exec(await this.step.innerText())?.[1])
  }

  /** Waits until at least so many steps are done. */
  async reaches(step: number): Promise<void> {
    await expect.poll(() => this.steps(), { timeout: 120_000 }).toBeGreaterThanOrEqual(step)
  }

  async pause(): Promise<void> {
    await this.button('Pause').click()
    await this.isPaused()
  }

  /** Trains until at least so many steps are done, then pauses; gives the steps done. */
  async trainTo(step: number): Promise<number> {
    await this.button('Train').click()
    await this.reaches(step)
    await this.pause()
    return this.steps()
  }

  /** A live setting's slider. */
  slider(key: string): Locator {
    return this.page.getByTestId(`setting-${key}-slider`)
  }

  /** A number setting's text field. */
  field(key: string): Locator {
    return this.page.getByTestId(`setting-${key}`)
  }
}
