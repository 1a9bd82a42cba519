import { syntheticData } from '../../data/testing/synthetic.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { Desk } from './desk.ts'
import { GatedSource } from './gatedSource.ts'

/** A desk whose runs are numbered by themselves. */
export class RunDesk extends Desk {
  readonly source: GatedSource
  /** The number given last. */
  lastId = 0

  private constructor(source: GatedSource) {
    super(source)
    this.source = source
  }

  /** @param shards of a thousand images each */
  static async open(shards = 2): Promise<RunDesk> {
    const { manifest, files } = await syntheticData(shards)
    return new RunDesk(new GatedSource(manifest, files))
  }

  /** The number of another run. */
  nextId(): number {
    return ++this.lastId
  }

  /** A new run that is built, and no events before it. */
  async fresh(values: SettingValues = {}): Promise<number> {
    await this.start(this.nextId(), values)
    this.events.length = 0
    return this.lastId
  }
}

/** Steps `from` to `step`. */
export const upTo = (step: number, from = 1): number[] =>
  Array.from({ length: step - from + 1 }, (_, i) => from + i)
