import { ActionIcon, NativeSelect, Slider } from '@mantine/core'
import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerTrackNext,
  IconPlayerTrackPrev,
} from '@tabler/icons-react'
import type { ComponentProps } from 'react'
import classes from './order.module.css'
import type { Speed } from './pace.ts'
import type { OrderPlayer } from './usePlayer.ts'

const speeds: readonly { readonly value: Speed; readonly label: string }[] = [
  { value: 'slow', label: 'Slow' },
  { value: 'normal', label: 'Normal' },
  { value: 'fast', label: 'Fast' },
]

const isSpeed = (value: string): value is Speed => speeds.some((speed) => speed.value === value)

interface PlayerProps {
  readonly player: OrderPlayer
  readonly segments: number
}

/** Goes through the order: by slider, step by step, or by itself. */
export function Player({ player, segments }: PlayerProps) {
  const { rank, playing, speed, calm, setSpeed, go, toggle } = player
  return (
    <div className={classes.player}>
      <Slider
        size={4}
        thumbSize={16}
        label={null}
        className={classes.slider}
        style={{ '--bars': segments }}
        min={0}
        max={segments - 1}
        value={rank}
        onChange={go}
        thumbLabel="Segment"
        thumbValueText={(at) => `${at + 1} of ${segments}`}
        thumbProps={{ 'data-testid': 'order-slider' } as ComponentProps<'div'>}
      />
      <div className={classes.buttons}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Segment before"
          disabled={rank === 0}
          onClick={() => go(rank - 1)}
        >
          <IconPlayerTrackPrev size={15} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={playing ? 'Stop the order' : 'Play the order'}
          onClick={toggle}
        >
          {playing ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Segment after"
          disabled={rank === segments - 1}
          onClick={() => go(rank + 1)}
        >
          <IconPlayerTrackNext size={15} />
        </ActionIcon>
        <output className={classes.position} data-testid="order-position">
          {rank + 1} of {segments}
        </output>
        {!calm && (
          <NativeSelect
            aria-label="Speed of the order"
            size="xs"
            value={speed}
            data={[...speeds]}
            onChange={({ currentTarget: { value } }) => {
              if (isSpeed(value)) setSpeed(value)
            }}
          />
        )}
      </div>
    </div>
  )
}
