import { writtenByModule, type Written } from './access.ts'

/**
 * Stands for a pipeline that a recorded step asked for. Nothing is compiled while a step is recorded: all of its
 * pipelines are compiled afterwards, at the same time.
 */
export class PromisedPipeline implements GPUComputePipeline {
  readonly __brand = 'GPUComputePipeline'
  readonly descriptor: GPUComputePipelineDescriptor
  readonly label: string
  readonly written: Written
  /** The pipeline itself, once it is compiled. */
  real: GPUComputePipeline | null = null

  constructor(descriptor: GPUComputePipelineDescriptor) {
    this.descriptor = descriptor
    this.label = descriptor.label ?? ''
    this.written = writtenByModule(descriptor)
  }

  /** A name for the layout, good for bind groups of the same recording alone. */
  getBindGroupLayout(): GPUBindGroupLayout {
    return this as unknown as GPUBindGroupLayout
  }
}

/** A pipeline with which work can be encoded: a promised one is compiled now if it was not before. */
export function settledPipeline(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
): GPUComputePipeline {
  if (!(pipeline instanceof PromisedPipeline)) return pipeline
  if (pipeline.real === null && isRecording(device)) return pipeline
  return (pipeline.real ??= device.createComputePipeline(pipeline.descriptor))
}

const recording = new WeakSet<GPUDevice>()

/** True while a step is recorded on a device. */
const isRecording = (device: GPUDevice): boolean => recording.has(device)

/** Says whether a step is being recorded on a device. */
export function setRecording(device: GPUDevice, on: boolean): void {
  if (on) recording.add(device)
  else recording.delete(device)
}
