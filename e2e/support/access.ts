import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './test.ts'

export const DESK = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

const schemes = ['light', 'dark'] as const
type Scheme = (typeof schemes)[number]

/** Waits until what has begun to change its look has done so. */
const settled = (page: Page) =>
  page.evaluate(async () => {
    await new Promise(requestAnimationFrame)
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  })

/** Serious and critical violations, with the elements at fault; dark differs from light by its colours alone. */
async function violations(
  page: Page,
  scheme: Scheme,
  within: readonly string[],
): Promise<string[]> {
  await settled(page)
  // There are no frames: the older way of axe does without a page of its own and is quicker.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  for (const part of within) axe.include(part)
  const { violations: found } = await (
    scheme === 'light' ? axe : axe.withRules('color-contrast')
  ).analyze()
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
    )
}

interface Look {
  readonly sizes?: readonly (typeof DESK)[]
  /** The parts of the page that are new in this state: the others have been looked at before. */
  readonly within?: readonly string[]
}

const ALL = ['body']
/** Checks the page, or the parts of it that are new, in light and dark. */
export async function expectAccessible(page: Page, state: string, look: Look = {}): Promise<void> {
  const { sizes = [DESK], within = ALL } = look
  await test.step(state, async () => {
    for (const size of sizes) {
      await page.setViewportSize(size)
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      await expect.poll(overflow, `${state}: sideways at ${size.width}`).toBeLessThanOrEqual(0)
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme })
        await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
        const found = await violations(page, colorScheme, within)
        expect.soft(found, `${state}, ${colorScheme}, ${size.width}`).toEqual([])
      }
    }
  })
}
