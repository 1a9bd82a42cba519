import { gzipSync } from 'node:zlib'
import { checksumOf } from '../src/checkpoint/checksum.ts'
import { readSafetensors } from '../src/checkpoint/readSafetensors.ts'
import { float32Values, writeSafetensors } from '../src/checkpoint/safetensors.ts'
import { chooseCheckpoint, exportCheckpoint } from './support/checkpoint.ts'
import { dropFiles } from './support/drop.ts'
import { expect, test } from './support/test.ts'

/** The same file with one bit of its last tensor turned. */
function withFlippedBit(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes)
  flipped[flipped.length - 100]! ^= 1
  return flipped
}

/** The same file with a NaN among its weights, sound in all else. */
async function withNan(bytes: Buffer): Promise<Buffer> {
  const { tensors, metadata } = readSafetensors(new Uint8Array(bytes), 'nan.safetensors')
  float32Values([...tensors.values()][0]!)[0] = NaN
  const sum = await checksumOf({ tensors, metadata }, 'sha256')
  return Buffer.from(
    writeSafetensors({ tensors, metadata: new Map([...metadata, ['sha256', sum]]) }),
  )
}

/** Bytes without any sense, always the same ones. */
const noise = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 2654435761) >>> 24))

test('wrong files are refused with the reason, and the run goes on', async ({ app, page }) => {
  await app.open({ seed: 4 })
  await app.trainTo(2)
  const { name, bytes } = await exportCheckpoint(page)
  const address = page.url()
  await app.button('Train').click()
  const dialog = page.getByRole('dialog')

  const files: readonly [name: string, bytes: Buffer, reason: RegExp][] = [
    ['short.safetensors', bytes.subarray(0, bytes.length - 4000), /bytes of data: it is cut off/],
    ['header.safetensors', bytes.subarray(0, 100), /only 92 follow: it is cut off/],
    ['flipped.safetensors', withFlippedBit(bytes), /it is damaged.*checksum/],
    ['nan.safetensors', await withNan(bytes), /holds NaN at place 0/],
    ['noise.safetensors', noise, /its header claims/],
    ['empty.safetensors', Buffer.alloc(0), /it has 0 bytes/],
    ['notes.txt', Buffer.from('Peekaboo'), /no use for “notes\.txt”/],
    ['data_batch_1.bin', noise, /2,000 images are loaded already/],
    ['cifar-10-binary.tar.gz', gzipSync(noise).subarray(0, 900), /images are loaded already/],
    ['settings.json', Buffer.from('{"maskRatio": 0.9'), /not a settings file/],
  ]
  for (const [fileName, content, reason] of files)
    await test.step(fileName, async () => {
      const before = await app.steps()
      await dropFiles(page, { name: fileName, bytes: content })
      const refused = dialog.getByTestId('refused')
      await expect(refused).toContainText(reason)
      await expect(refused).toContainText(/unchanged|untouched|[Nn]othing (has|was) changed/)
      await page.keyboard.press('Escape')
      await expect(dialog).toBeHidden()
      await app.reaches(before + 1)
    })

  await test.step('several checkpoints at once', async () => {
    await dropFiles(page, { name: 'a.safetensors', bytes }, { name: 'b.safetensors', bytes })
    await expect(dialog.getByTestId('refused')).toContainText('These are 2 checkpoints')
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  await test.step('a wrong file from the picker', async () => {
    await chooseCheckpoint(page, 'picked.safetensors', noise)
    await expect(dialog.getByTestId('refused')).toContainText('picked.safetensors')
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect(dialog).toBeHidden()
  })

  await test.step('a good file that is not taken after all', async () => {
    await dropFiles(page, { name, bytes })
    await expect(dialog.getByTestId('peeked')).toContainText(name)
    await dialog.getByRole('button', { name: 'Keep the present run' }).click()
    await expect(dialog).toBeHidden()
  })

  await expect(app.state).toHaveText('Training')
  await app.reaches((await app.steps()) + 1)
  await app.pause()
  expect(page.url()).toBe(address)
})
