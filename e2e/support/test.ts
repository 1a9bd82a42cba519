import { expect, test as base } from '@playwright/test'
import { App } from './app.ts'

interface Fixtures {
  readonly app: App
  /** Messages that the console may show in this test; anything else there fails it. */
  readonly expectedMessages: readonly RegExp[]
  readonly console: undefined
}

/** Playwright's test with the app at hand, which fails on any warning or error in the console. */
export const test = base.extend<Fixtures>({
  app: async ({ page }, use) => use(new App(page)),
  expectedMessages: [[], { option: true }],
  console: [
    async ({ page, expectedMessages }, use) => {
      const messages: string[] = []
      page.on('console', (message) => {
        if (['warning', 'error', 'assert'].includes(message.type())) messages.push(message.text())
      })
      page.on('pageerror', (error) => messages.push(error.stack ?? error.message))
      await use(undefined)
      const strange = messages.filter((text) => !expectedMessages.some((known) => known.test(text)))
      expect(strange, 'console').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
