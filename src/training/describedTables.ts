import type * as tf from '@tensorflow/tfjs'
import { PeekabooError } from '../errors.ts'
import type { LossResult } from '../methods/method.ts'
import { tableShape, type TableDescription } from '../tables.ts'

/**
 * The tables of a step in the order of their descriptions.
 * @throws PeekabooError `internal` when one is not there or not as it is described; it says which
 */
export function describedTables(
  described: readonly TableDescription[],
  tables: LossResult['tables'] = {},
): tf.Tensor[] {
  return described.map((table) => {
    const { [table.key]: given } = tables
    const expected = `float32 [${tableShape(table).join(', ')}]`
    const found = given ? `${given.dtype} [${given.shape.join(', ')}]` : 'nothing'
    if (given === undefined || found !== expected) throw misshapen(table, expected, found)
    return given
  })
}

const misshapen = ({ key }: TableDescription, expected: string, found: string): PeekabooError =>
  new PeekabooError({
    code: 'internal',
    what: `The step does not give the table “${key}” as its method describes it.`,
    kept: 'The weights after the last step are kept.',
    todo: 'Please report it with the detail below.',
    detail: `${key}: ${found} in place of ${expected}`,
  })
