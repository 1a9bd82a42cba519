import { NativeSelect } from '@mantine/core'
import { usePreferences } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { PICTURE_RATES, preferences } from '../../store/preferences.ts'
import classes from './pictures.module.css'

/** How often the pictures are drawn anew; each drawing costs the GPU about a forward pass. */
export function PictureRate() {
  const rate = usePreferences((state) => state.pictureRate)
  return (
    <label className={classes.rate}>
      <span>Pictures</span>
      <NativeSelect
        aria-label="Pictures per second"
        size="xs"
        value={String(rate)}
        data={PICTURE_RATES.map((value) => ({ value: String(value), label: rateLabel(value) }))}
        onChange={({ currentTarget }) => {
          preferences.setState({ pictureRate: Number(currentTarget.value) })
          client.requestPictures()
        }}
      />
    </label>
  )
}

const rateLabel = (perSecond: number) =>
  perSecond < 1 ? `one every ${Math.round(1 / perSecond)} s` : `${perSecond} per second`
