import type { DeviceMemory } from '../engine/engine.ts'
import type { Event } from '../protocol.ts'
import type { Run } from './run.ts'

type Status = Extract<Event, { readonly type: 'status' }>

/** What the worker holds besides a run. */
export interface Holdings {
  /** Null while there is no GPU. */
  readonly memory: DeviceMemory | null
  /** Images in memory. */
  readonly images: number
}

/** The status of a run that is not there yet. */
export const idleStatus = (
  runId: number,
  state: 'opening' | 'loading' | 'no-data' | 'stopped',
  { memory, images }: Holdings,
): Status => ({
  type: 'status',
  runId,
  state,
  step: 0,
  epoch: 0,
  imagesPerSecond: 0,
  deviceBytes: memory?.bytes ?? 0,
  parameters: 0,
  images,
  goesOn: false,
})

/** The status of a run. */
export const runStatus = (
  { id, phase, trainer, goesOn }: Run,
  { memory }: Pick<Holdings, 'memory'>,
): Status => ({
  type: 'status',
  runId: id,
  state: phase,
  step: trainer.steps,
  epoch: trainer.epoch,
  imagesPerSecond: phase === 'training' ? trainer.imagesPerSecond : 0,
  deviceBytes: memory?.bytes ?? 0,
  parameters: trainer.parameters.size,
  images: trainer.images.count,
  goesOn,
})
