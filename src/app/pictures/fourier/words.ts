import type { MethodDescription } from '../../../methods/description.ts'
import { diffSettings, diffText } from '../../../settings/diff.ts'
import { formatNumber, formatSetting } from '../../../settings/format.ts'
import type { SettingValues } from '../../../settings/rows.ts'
import type { KeptCurve } from '../../../store/keptCurves.ts'
import { formatValue } from '../../charts/axes.ts'
import type { Frequency } from './numbers.ts'

/** "1 cycle", "3 cycles". */
const cycles = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? 'cycle' : 'cycles'}`

/** A frequency in words: "3 cycles across and 4 down, 5 an image". */
export function frequencyText({ across, down }: Frequency): string {
  if (across === 0 && down === 0) return 'The constant part, which is the mean colour'
  const ways = [
    across === 0 ? '' : `${cycles(Math.abs(across))} across`,
    down === 0
      ? ''
      : `${cycles(Math.abs(down))} ${across === 0 || across * down > 0 ? 'down' : 'up'}`,
  ].filter((way) => way !== '')
  const radius = Number(Math.hypot(across, down).toFixed(1))
  return ways.length === 1 ? ways[0]! : `${ways.join(' and ')}, ${formatNumber(radius)} an image`
}

/** What the maps say of a frequency. */
export const mapText = (
  frequency: Frequency,
  values: readonly { readonly label: string; readonly value: number }[],
): string =>
  `${frequencyText(frequency)}: ${values
    .map(({ label, value }) => `${label.toLowerCase()} ${formatValue(value)}`)
    .join(', ')}.`

/** A ring of a spectrum: "5 cycles an image". */
export const ringText = (radius: number): string =>
  radius === 0 ? 'The constant part' : `${cycles(Number(radius.toFixed(1)))} an image`

/** A frequency of a layer, as a share of the highest that it can show. */
export const shareText = (share: number): string =>
  share === 0
    ? 'The constant part'
    : `${formatNumber(Math.round(100 * share))} % of the highest frequency`

/** When and with which weight of the Fourier loss a curve was kept: "λ 0.5, step 1,200". */
export function keptText(
  { spectrumWeight, table }: Pick<MethodDescription, 'spectrumWeight' | 'table'>,
  { settings, step, sample }: Pick<KeptCurve, 'settings' | 'step' | 'sample'>,
): string {
  const row = spectrumWeight === undefined ? undefined : table[spectrumWeight]
  const weight = row && `λ ${formatSetting(row, settings[spectrumWeight!] ?? row.default)}`
  const of = sample === null ? 'mean' : `image ${sample}`
  return [weight, `step ${formatNumber(step)}`, of].filter(Boolean).join(', ')
}

/** In what the run of a kept curve was another than the present one; null where it was not. */
export function differenceText(
  method: Pick<MethodDescription, 'id' | 'name' | 'table'>,
  kept: Pick<KeptCurve, 'method' | 'settings'>,
  settings: SettingValues,
): string | null {
  if (kept.method !== method.id) return 'of another method'
  const differences = diffSettings(method.table, settings, kept.settings)
  return differences.length === 0 ? null : diffText(method.table, differences, 4)
}

/** Why two layers' curves can be compared. */
export const layersHelp =
  'How much of each frequency a layer’s feature maps have, as a logarithm against the constant part, on the images without masks. A curve that falls steeply belongs to a layer that lets only smooth things through, as transformers tend to do; one that stays high, to a layer that keeps edges, as convolutions do.'
