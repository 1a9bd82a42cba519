import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Picture, PictureRequest } from '../pictures.ts'
import { Drawing, type Sketches } from './drawing.ts'

const request: PictureRequest = { samples: [1], maskSeed: 1, attentionSample: null, tokens: false }

/** How long the next drawing takes, in milliseconds. */
let takes = 0
const sketches: Sketches = {
  labels: () => ({ samples: [1], labels: [0] }),
  preview: () => null,
  draw: () => {
    vi.advanceTimersByTime(takes)
    return Promise.resolve<Picture[]>([])
  },
}

/** Draws, trains until the next drawing is due and says how many milliseconds that was after the first began. */
async function waitAfter(drawing: Drawing, milliseconds: number): Promise<number> {
  const began = performance.now()
  takes = milliseconds
  await drawing.draw()
  drawing.outdate()
  while (!drawing.isDue) vi.advanceTimersByTime(10)
  return performance.now() - began
}

beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }))
afterEach(() => vi.useRealTimers())

describe('while training, pictures are due', () => {
  const shown = (perSecond = 5): Drawing => {
    const drawing = new Drawing(sketches)
    drawing.show(request, perSecond)
    drawing.hurry()
    return drawing
  }

  it('at the rate that was asked for, where they are quick', async () => {
    expect(await waitAfter(shown(), 10)).toBe(200)
    expect(await waitAfter(shown(0.5), 10)).toBe(2000)
  })

  it('so seldom that they take a quarter of the time', async () => {
    const drawing = shown()
    await drawing.draw()
    expect(await waitAfter(drawing, 500)).toBe(2000)
    expect(await waitAfter(drawing, 20_000)).toBe(80_000)
  })

  it('soon after the first of a kind, which may have waited for its kernels', async () => {
    const drawing = shown()
    expect(await waitAfter(drawing, 6000)).toBe(8000)
    expect(await waitAfter(drawing, 6000)).toBe(24_000)
    drawing.hurry()
    expect(await waitAfter(drawing, 6000)).toBe(8000)
  })

  it('within two minutes, though the computer slept meanwhile', async () => {
    const drawing = shown()
    await drawing.draw()
    expect(await waitAfter(drawing, 60_000)).toBe(120_000)
  })
})

it('nothing is due while nothing has changed', async () => {
  const drawing = new Drawing(sketches)
  drawing.hurry()
  await drawing.draw()
  vi.advanceTimersByTime(1e6)
  expect(drawing.isDue).toBe(false)
})

it('what is asked for while drawing is drawn at once afterwards', async () => {
  const drawing = new Drawing({
    ...sketches,
    draw: () => {
      drawing.hurry()
      return Promise.resolve([])
    },
  })
  await drawing.draw()
  expect(drawing.isDue).toBe(true)
})

it('after a failure nothing is due until something else is asked for', async () => {
  const drawing = new Drawing({ ...sketches, draw: () => Promise.reject(new Error('no')) })
  await expect(drawing.draw()).rejects.toThrow('no')
  drawing.outdate()
  vi.advanceTimersByTime(1e6)
  expect(drawing.isDue).toBe(false)
  drawing.hurry()
  expect(drawing.isDue).toBe(true)
})

describe('when someone moves a patch or goes from cell to cell', () => {
  const placesOf = (claimed: number): PictureRequest => ({
    ...request,
    places: { sample: 1, tokens: { real: [0], claimed: [claimed] }, sweep: null },
  })
  const alone = (wanted: PictureRequest) => ({ ...wanted, samples: [] })
  const drawingOf = (wanted = placesOf(0)) => {
    const drawn: PictureRequest[] = []
    const drawing = new Drawing({
      ...sketches,
      draw: (wanted) => {
        drawn.push(wanted)
        return Promise.resolve([])
      },
    })
    drawing.show(wanted, 0.1)
    return { drawing, drawn }
  }

  it('its places alone are drawn, at once, and the newest ones', async () => {
    const { drawing, drawn } = drawingOf()
    drawing.hurry()
    await drawing.draw()
    drawing.outdate()
    expect(drawing.isDue).toBe(false)
    expect(drawing.show(placesOf(1), 0.1)).toBeNull()
    expect(drawing.show(placesOf(2), 0.1)).toBeNull()
    expect(drawing.isDue).toBe(true)
    await drawing.draw()
    expect(drawn[1]).toMatchObject(alone(placesOf(2)))
    // What was outdated before waits as long as it would have waited.
    expect(drawing.isDue).toBe(false)
    vi.advanceTimersByTime(10_000)
    expect(drawing.isDue).toBe(true)
    await drawing.draw()
    expect(drawn[2]).toEqual(placesOf(2))
  })

  it('what else was asked for before is drawn as well', async () => {
    const { drawing, drawn } = drawingOf()
    drawing.hurry()
    drawing.show(placesOf(1), 0.1)
    await drawing.draw()
    expect(drawing.isDue).toBe(true)
    await drawing.draw()
    expect(drawn).toMatchObject([alone(placesOf(1)), placesOf(1)])
  })

  it('the activations of another cell are drawn alone, too', async () => {
    const cellOf = (cell: number | null) => ({ ...request, activations: { sample: 1, cell } })
    const { drawing, drawn } = drawingOf(cellOf(null))
    expect(drawing.show(cellOf(3), 0.1)).toBeNull()
    expect(drawing.isDue).toBe(true)
    await drawing.draw()
    expect(drawn).toMatchObject([alone(cellOf(3))])
    expect(drawing.show({ ...cellOf(3), activations: { sample: 2, cell: 3 } }, 1)).not.toBeNull()
  })

  it('another image, and whatever else changes with it, is drawn as anything else', () => {
    const { drawing } = drawingOf()
    const places = { sample: 2, tokens: null, sweep: null }
    expect(drawing.show({ ...request, places }, 1)).not.toBeNull()
    expect(drawing.show({ ...request, places, maskSeed: 2 }, 1)).not.toBeNull()
    expect(drawing.show({ ...request, maskSeed: 2 }, 1)).not.toBeNull()
    expect(drawing.isDue).toBe(false)
  })
})

describe('a check for leaks', () => {
  const checked: PictureRequest = { ...request, leak: [1] }

  it('that is wished for no more has nothing drawn again', async () => {
    const drawing = new Drawing(sketches)
    expect(drawing.show(checked, 1)).not.toBeNull()
    drawing.hurry()
    await drawing.draw()
    expect(drawing.show(request, 1)).toBeNull()
    expect(drawing.isDue).toBe(false)
  })

  it('is drawn again where it is wished for again, and so are others than these', () => {
    const drawing = new Drawing(sketches)
    drawing.show(checked, 1)
    expect(drawing.show(checked, 1)).not.toBeNull()
    expect(drawing.show({ ...request, maskSeed: 2 }, 1)).not.toBeNull()
  })
})
