import { series } from '../../store/page.ts'

/** Images a second in the last steps of the run; 0 before there were any. */
export function pace(): number {
  const speed = series.metric('imagesPerSecond')
  const last = series.length - 1
  return speed && speed.count[last]! > 0 ? speed.sum[last]! / speed.count[last]! : 0
}
