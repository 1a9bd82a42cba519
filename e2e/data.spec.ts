import { gzipSync } from 'node:zlib'
import { tarOf } from '../src/data/testing/archives.ts'
import { firstBatchFile } from './support/cifar.ts'
import { dropFiles } from './support/drop.ts'
import { expect, test } from './support/test.ts'

const DATA = '**/data/*'

test.describe('without the served images', () => {
  test.use({ expectedMessages: [/404/] })

  test('the page says so, refuses wrong files, and takes the official one', async ({
    app,
    page,
  }) => {
    await page.route(DATA, (route) => route.fulfill({ status: 404, body: 'Not found' }))
    await app.visit()
    const fault = page.getByTestId('fault-data-missing')
    await expect(fault).toContainText('Drop the official cifar-10-binary.tar.gz')
    await expect(app.state).toHaveText('No images yet')
    await expect(page.getByTestId('pictures-empty')).toContainText('Drop cifar-10-binary.tar.gz')

    const batch = firstBatchFile()
    const damaged = Buffer.from(batch)
    damaged[1_000_000]! ^= 1
    const member = { name: 'cifar-10-batches-bin/data_batch_1.bin', content: batch }
    const archive = gzipSync(tarOf([member]).subarray(0, 2_000_000), { level: 1 })
    const refused = page.getByTestId('refused')
    const wrong: readonly [name: string, bytes: Buffer, reason: RegExp][] = [
      ['data_batch_1.bin', damaged, /SHA-256/],
      ['data_batch_1.bin', batch.subarray(0, 1_000_000), /Found: a file of 1000000 bytes/],
      ['cifar-10-binary.tar.gz', archive.subarray(0, archive.length / 2), /damaged or ends early/],
    ]
    for (const [name, bytes, reason] of wrong) {
      await dropFiles(page, { name, bytes })
      await expect(refused).toContainText(reason)
      await page.keyboard.press('Escape')
      await expect(refused).toBeHidden()
      await expect(app.state).toHaveText('No images yet')
    }

    await dropFiles(page, { name: 'data_batch_1.bin', bytes: batch })
    await app.isPaused()
    await expect(fault).toBeHidden()
    await expect(page.getByTestId('cell-original-0')).toBeVisible()
    await app.trainTo(1)

    // They are kept for the next visit.
    await app.open()
    await expect(fault).toBeHidden()
    await expect(page.getByTestId('cell-original-0')).toBeVisible()
  })
})

test('the second visit loads the images from the browser’s cache', async ({ app, page }) => {
  await app.open()
  const asked: string[] = []
  await page.route(DATA, (route) => {
    asked.push(route.request().url())
    return route.abort()
  })
  await app.open()
  await expect(page.getByTestId('cell-original-0')).toBeVisible()
  expect(asked).toEqual([])
})

test('a damaged shard is noticed; trying again takes the sound one', async ({ app, page }) => {
  const asked: string[] = []
  await page.route('**/data/train-01.shard', async (route) => {
    asked.push(route.request().url())
    const response = await route.fetch()
    const body = await response.body()
    body[body.length >> 1]! ^= 1
    await route.fulfill({ response, body })
  })
  await app.visit()
  const fault = page.getByTestId('fault-data-damaged')
  await expect(fault).toContainText('train-01.shard')
  await expect(app.state).toHaveText('No images yet')
  // Fetched a second time, past all caches, before it is called damaged.
  expect(asked).toHaveLength(2)

  await page.unroute('**/data/train-01.shard')
  await fault.getByRole('button', { name: 'Try again' }).click()
  await app.isPaused()
  await expect(fault).toBeHidden()
  await expect(page.getByTestId('cell-original-0')).toBeVisible()
})
