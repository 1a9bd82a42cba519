import { availableParallelism, cpus, loadavg } from 'node:os'

/** The machine and how busy it is now, in a line. */
export function describeMachine(): string {
  const [load = 0] = loadavg()
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `Node ${process.versions.node}, ${availableParallelism()} cores (${cpu}), load ${load.toFixed(1)}`
}
