import { Progress, Text } from '@mantine/core'
import { useSession } from '../../store/hooks.ts'
import { formatNumber } from '../../settings/format.ts'
import { formatBytes, formatSeconds } from '../format.ts'
import classes from './notices.module.css'

/** How far loading of the training images has come. */
export function LoadingPanel() {
  const loading = useSession((state) => state.loading)
  if (!loading) return null
  const { images, ofImages, bytes, ofBytes, secondsLeft, cached } = loading
  const share = ofImages > 0 ? (images / ofImages) * 100 : 0
  const facts = [
    `${formatNumber(images)} of ${formatNumber(ofImages)} images`,
    cached ? 'from this browser’s cache' : `${formatBytes(bytes)} of ${formatBytes(ofBytes)}`,
    ...(secondsLeft === null ? [] : [`about ${formatSeconds(secondsLeft)} left`]),
  ]
  return (
    <div className={classes.loading} data-testid="loading">
      <Text size="sm" fw={600}>
        Loading CIFAR-10
      </Text>
      <Progress value={share} size="sm" aria-label="Images loaded" transitionDuration={200} />
      <Text size="xs" c="dimmed" data-testid="loading-facts">
        {facts.join(' · ')}
      </Text>
    </div>
  )
}
