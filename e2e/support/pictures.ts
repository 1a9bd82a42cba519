import type { Locator, Page } from '@playwright/test'

/** RGBA bytes of a small picture in the table of sample images. */
export function cellPixels(page: Page, column: string, row = 0): Promise<number[]> {
  return canvasPixels(page.getByTestId(`cell-${column}-${row}`).locator('canvas'))
}

/** RGBA bytes of a canvas. */
export function canvasPixels(canvas: Locator): Promise<number[]> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    // Read from a copy: the browser warns about a canvas that is read again and again.
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
    copy.drawImage(element as HTMLCanvasElement, 0, 0)
    return [...copy.getImageData(0, 0, width, height).data]
  })
}

/** How many pixels of a mask picture are dark: hidden from the network. */
export async function hiddenPixels(page: Page, row = 0): Promise<number> {
  const pixels = await cellPixels(page, 'mask', row)
  return pixels.filter((value, at) => at % 4 === 0 && value < 128).length
}
