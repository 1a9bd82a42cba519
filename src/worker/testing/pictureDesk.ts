import { beforeAll, beforeEach } from 'vitest'
import { syntheticData } from '../../data/testing/synthetic.ts'
import type { Picture, PictureRequest } from '../../pictures.ts'
import { Desk } from './desk.ts'
import { GatedSource } from './gatedSource.ts'
import { guardSession } from './guardSession.ts'

/** A run of a file of tests that asks for pictures; each test begins without events of earlier ones. */
export interface PictureDesk {
  /** Not before the first test. */
  readonly desk: Desk
  /** Asks for pictures of image 3, besides what is said. */
  readonly ask: (request: Partial<PictureRequest>) => void
  /** The next picture of a kind that fits. */
  readonly arrives: <K extends Picture['kind']>(
    kind: K,
    fits?: (picture: Extract<Picture, { kind: K }>) => boolean,
  ) => Promise<Extract<Picture, { kind: K }>>
  /** The kinds of all pictures that have come. */
  readonly kinds: () => readonly Picture['kind'][]
}

/** Starts a run before the tests of the file that calls it. */
export function pictureDesk(): PictureDesk {
  guardSession()
  let desk: Desk
  beforeAll(async () => {
    const { manifest, files } = await syntheticData(2)
    desk = new Desk(new GatedSource(manifest, files))
    await desk.start(1)
  })
  beforeEach(() => {
    desk.events.length = 0
  })
  return {
    get desk() {
      return desk
    },
    ask: (request) => {
      const still = { samples: [3], maskSeed: 1, attentionSample: null, tokens: false }
      const wished = { ...still, ...request }
      desk.send({ type: 'pictures', runId: 1, request: wished, perSecond: 1000 })
    },
    arrives: async <K extends Picture['kind']>(
      kind: K,
      fits: (picture: Extract<Picture, { kind: K }>) => boolean = () => true,
    ) => {
      const is = (picture: Picture): picture is Extract<Picture, { kind: K }> =>
        picture.kind === kind
      const { picture } = await desk.next(
        'picture',
        (event) => is(event.picture) && fits(event.picture),
      )
      if (!is(picture)) throw new Error('another picture')
      return picture
    },
    kinds: () => desk.all('picture').map(({ picture }) => picture.kind),
  }
}
