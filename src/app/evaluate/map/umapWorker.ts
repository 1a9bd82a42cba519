import { layOut, type Features, type LayoutProgress } from './layOut.ts'

/** What the worker is asked for, once in its life. */
export interface LayoutRequest {
  readonly features: Features
  readonly seed: number
}

/** What it tells: how far it has come, then the layout. */
export type LayoutEvent =
  | { readonly type: 'progress'; readonly progress: LayoutProgress }
  | { readonly type: 'done'; readonly points: Float32Array }

/** Milliseconds between two reports: often enough to see the points move. */
const REPORT_EVERY = 250

const tell = (event: LayoutEvent): void => self.postMessage(event)

self.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  const layout = layOut(data.features, data.seed)
  let told = 0
  for (;;) {
    const next = layout.next()
    if (next.done) {
      tell({ type: 'done', points: next.value })
      return
    }
    if (performance.now() - told < REPORT_EVERY) continue
    told = performance.now()
    tell({ type: 'progress', progress: next.value })
  }
}
