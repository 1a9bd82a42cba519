import { formatNumber } from '../settings/format.ts'

/** Bytes for people, in powers of ten as the storage trade counts: "312 MB", "1.24 GB". */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(bytes >= 1e7 ? 0 : 1)} MB`
  return `${Math.ceil(bytes / 1e3)} kB`
}

/** A short time: "0.042 ms", "1.53 ms", "128 ms". */
export const formatMilliseconds = (milliseconds: number): string =>
  `${milliseconds.toFixed(milliseconds >= 100 ? 0 : milliseconds >= 10 ? 1 : milliseconds >= 1 ? 2 : 3)} ms`

/** A rate: whole numbers from 100 on, else two or three digits. */
export const formatRate = (perSecond: number): string =>
  perSecond >= 100
    ? formatNumber(Math.round(perSecond))
    : perSecond.toFixed(perSecond >= 10 ? 1 : 2)

/** A count in short: "27.7 G", "2.7 M", "48 k", "312". */
export function formatCount(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(count >= 1e11 ? 0 : 1)} G`
  if (count >= 1e6) return `${(count / 1e6).toFixed(count >= 1e7 ? 0 : 1)} M`
  if (count >= 1e4) return `${Math.round(count / 1e3)} k`
  return formatNumber(count)
}

/** From here on the work of a step is told in short. */
const MUCH = 1e6

/** Tokens, or what is counted in their place: all digits of what one could count oneself. */
export const formatWork = (amount: number): string =>
  amount < MUCH ? formatNumber(amount) : formatCount(amount)

/** A span of time: "8 s", "2:05", "1:02:05". */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(Math.round(seconds), 0)
  if (whole < 60) return `${whole} s`
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, place) => (place === 0 ? part : String(part).padStart(2, '0'))).join(':')
}
