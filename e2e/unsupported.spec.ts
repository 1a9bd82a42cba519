import config from '../playwright.config.ts'
import { expect, test } from './support/test.ts'

const { executablePath, args = [] } = config.use?.launchOptions ?? {}

test.use({
  // The same browser without an adapter: no software one, and no GPU where there might be one.
  launchOptions: {
    ...(executablePath && { executablePath }),
    args: [...args.filter((flag) => !flag.includes('webgpu')), '--disable-gpu'],
  },
  // The browser itself says that there is no adapter.
  expectedMessages: [/No available adapters/],
})

test('without an adapter the page says what is missing and how to get it', async ({
  app,
  page,
}) => {
  await app.visit()
  const advice = page.getByTestId('unsupported')
  await expect(advice.getByRole('heading', { level: 1 })).toHaveText('Your GPU did not answer')
  await expect(advice.getByRole('listitem').first()).toBeVisible()
  await expect(advice).toContainText('Chrome')
  await expect(advice).toContainText('Firefox')
  await expect(advice).toContainText('Safari')
  await advice.getByText('Details for a bug report').click()
  await expect(advice).toContainText(await page.evaluate(() => navigator.userAgent))

  await Promise.all([page.waitForEvent('load'), advice.getByRole('button').click()])
  await expect(advice).toBeVisible()
})
