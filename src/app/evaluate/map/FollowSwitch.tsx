import { Switch } from '@mantine/core'
import { useStore } from 'zustand'
import { useSession } from '../../../store/hooks.ts'
import { Help } from '../Help.tsx'
import { mapChoices } from './choices.ts'
import classes from './map.module.css'

/** Whether the map is drawn anew as training goes on. */
export function FollowSwitch() {
  const follows = useStore(mapChoices, (state) => state.follows)
  const isOff = useSession(({ running }) => running?.values.knnEvery === 0)
  return (
    <span className={classes.follow}>
      <Switch
        size="xs"
        label="Follow training"
        checked={follows}
        onChange={({ currentTarget }) => mapChoices.setState({ follows: currentTarget.checked })}
      />
      <Help about="Follow training">
        Draws the principal components anew after each k-NN, while you look at them. A UMAP layout
        stays until you ask for another one.
        {isOff && ' The k-NN is off now: “Every” in its settings switches it on.'}
      </Help>
    </span>
  )
}
