import { browserCache } from '../data/cache.ts'
import { httpSource } from '../data/source.ts'
import type { Command, Event } from '../protocol.ts'
import { Session } from './session.ts'

// The built worker lies in assets/, beside data/; in development it lies in src/.
const dataUrl = new URL(import.meta.env.DEV ? '/data/' : '../data/', self.location.href)

const session = new Session({
  gpu: navigator.gpu,
  source: httpSource(dataUrl),
  cache: browserCache(),
  post: (event: Event, transfer: Transferable[] = []) => {
    self.postMessage(event, { transfer })
  },
})

self.onmessage = ({ data }: MessageEvent<Command>) => session.handle(data)
