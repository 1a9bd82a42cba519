import { series } from '../../store/page.ts'
import { useVersion } from './useVersion.ts'

/** The version of the series, at the pace of the charts. */
export const useSeriesVersion = (): number => useVersion(series)
