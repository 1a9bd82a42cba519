import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type Page } from '@playwright/test'

/** A file to be dropped. */
export interface DroppedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Drags files over the page and drops them there, as from the computer's file manager. */
export async function dropFiles(page: Page, ...files: readonly DroppedFile[]): Promise<void> {
  const folder = test.info().outputPath('dropped')
  await mkdir(folder, { recursive: true })
  const paths = files.map(({ name }) => join(folder, name))
  await Promise.all(files.map(({ bytes }, at) => writeFile(paths[at]!, bytes)))
  // Files come into a page through an input only; from there they go into the drop.
  const input = await page.evaluateHandle(() => {
    const element = document.createElement('input')
    element.type = 'file'
    element.multiple = true
    return element
  })
  await input.setInputFiles(paths)
  await input.evaluate((element) => {
    const dataTransfer = new DataTransfer()
    for (const file of element.files!) dataTransfer.items.add(file)
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
      )
  })
  await input.dispose()
}
