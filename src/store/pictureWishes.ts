import type { Picture } from '../pictures.ts'
import type { Preferences } from './preferences.ts'
import type { SessionStore } from './session.ts'
import { tabInstead } from './tabs.ts'
import { bringsCheck, fitTo, requestOf, withoutCheck, type PictureView } from './view.ts'
import type { WorkerLink } from './workerLink.ts'

/** What the wishes need of the page. */
export interface PictureWishParts {
  readonly session: SessionStore
  readonly link: Pick<WorkerLink, 'send'>
  readonly preferences: () => Pick<Preferences, 'pictureRate'>
}

/** What the person wants to see of the run: keeps the view and tells the worker what to draw. */
export class PictureWishes {
  readonly #parts: PictureWishParts

  constructor(parts: PictureWishParts) {
    this.#parts = parts
    // A tab that this method does not have is left.
    parts.session.subscribe((state) => {
      const tab = tabInstead(state)
      if (tab !== state.view.tab) this.change((view) => ({ ...view, tab }))
    })
  }

  /** Changes what the picture panels show. */
  change(change: (view: PictureView) => PictureView): void {
    const { session } = this.#parts
    const before = session.getState().view
    const view = change(before)
    if (view === before) return
    session.setState({ view })
    // What is only a matter of the page costs no drawing.
    if (JSON.stringify(requestOf(view)) !== JSON.stringify(requestOf(before))) this.send()
  }

  /** Tells the worker what to draw and how often. */
  send(): void {
    const { session, link, preferences } = this.#parts
    const { crashed, view, runId } = session.getState()
    // Nobody is there to draw, and no worker should be started for it.
    if (crashed) return
    const perSecond = preferences().pictureRate
    link.send({ type: 'pictures', runId, request: requestOf(view), perSecond })
  }

  /** Only so many images are there: samples that are not among them give way to others. */
  fitTo(images: number): void {
    this.change((view) => fitTo(view, images))
  }

  /** A picture has come. A check is made once each time that it is asked for. */
  receive(picture: Picture): void {
    const { view } = this.#parts.session.getState()
    if (picture.kind === 'order' && bringsCheck(view, picture)) this.change(withoutCheck)
    if (picture.kind === 'leak') this.change((present) => ({ ...present, leak: null }))
  }
}
