import { useState } from 'react'
import type { KernelCost } from '../../profile.ts'
import { formatNumber } from '../../settings/format.ts'
import { formatBytes, formatMilliseconds } from '../format.ts'
import classes from './profiler.module.css'
import { gpuMilliseconds, sortKernels, type KernelColumn } from './sortKernels.ts'

const LABELS: Readonly<Record<KernelColumn, string>> = {
  family: 'Kernels',
  milliseconds: 'Time',
  dispatches: 'Dispatches',
  bytes: 'Bytes',
}

/** The families of kernels with what each costs; a click on a column's head sorts by it. */
export function KernelTable({ kernels }: { readonly kernels: readonly KernelCost[] }) {
  const isTimed = gpuMilliseconds(kernels) !== null
  const [wanted, setColumn] = useState<KernelColumn | null>(null)
  const column = wanted ?? (isTimed ? 'milliseconds' : 'bytes')
  const columns: readonly KernelColumn[] = isTimed
    ? ['family', 'milliseconds', 'dispatches', 'bytes']
    : ['family', 'dispatches', 'bytes']
  return (
    <>
      <p className={classes.note} data-testid="profiler-note">
        {isTimed
          ? 'Bars show each family’s share of the GPU time, which is a little more than in training: each kernel is measured alone.'
          : 'This adapter has no timestamps, so it cannot tell how long kernels take. Bars show each family’s share of the bytes that are read and written.'}
      </p>
      <table className={classes.kernels}>
        <thead>
          <tr>
            {columns.map((key) => (
              <th
                key={key}
                scope="col"
                aria-sort={
                  key !== column ? undefined : key === 'family' ? 'ascending' : 'descending'
                }
              >
                <button type="button" onClick={() => setColumn(key)}>
                  {LABELS[key]}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sortKernels(kernels, column).map(
            ({ family, milliseconds, dispatches, bytes, share }) => (
              <tr key={family}>
                <th scope="row">
                  <span className={classes.family}>
                    {family} <small>{(100 * share).toFixed(1)} %</small>
                  </span>
                  <span
                    className={classes.bar}
                    style={{ inlineSize: `${100 * share}%` }}
                    aria-hidden
                  />
                </th>
                {milliseconds !== null && <td>{formatMilliseconds(milliseconds)}</td>}
                <td>{formatNumber(dispatches)}</td>
                <td>{formatBytes(bytes)}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </>
  )
}
