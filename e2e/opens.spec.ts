import { expect, test } from '@playwright/test'

test('the built page opens with its title and without errors in the console', async ({ page }) => {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto('./')
  await expect(page).toHaveTitle(/Peekaboo/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(errors).toEqual([])
})

test('shards arrive packed as they are, and what is not there answers 404', async ({ page }) => {
  await page.goto('./')
  const shard = await page.evaluate(async () => {
    const response = await fetch('data/test-00.shard')
    const bytes = new Uint8Array(await response.arrayBuffer())
    return {
      encoding: response.headers.get('content-encoding'),
      length: String(bytes.length) === response.headers.get('content-length'),
      magic: [...bytes.subarray(0, 2)],
    }
  })
  expect(shard).toEqual({ encoding: null, length: true, magic: [0x1f, 0x8b] })
  for (const path of ['data/none.shard', 'data/..%2f..%2fpackage.json', 'none.js'])
    expect((await page.request.get(path)).status(), path).toBe(404)
})
