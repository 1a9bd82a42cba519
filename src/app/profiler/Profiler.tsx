import { Button, Group, Loader, Text } from '@mantine/core'
import { formatNumber } from '../../settings/format.ts'
import { useSession } from '../../store/hooks.ts'
import { actions, client } from '../../store/page.ts'
import { KernelTable } from './KernelTable.tsx'
import classes from './profiler.module.css'
import { StepFigures } from './StepFigures.tsx'

/** Measures the present training step and shows where its time and memory go. */
export default function Profiler() {
  const profile = useSession((state) => state.profile)
  const profiling = useSession((state) => state.profiling)
  const canMeasure = useSession(
    ({ crashed, run }) => !crashed && ['paused', 'training', 'stopped'].includes(run.state),
  )
  const canStep = useSession(actions.step.enabled)
  return (
    <div className={classes.profiler} data-testid="profiler">
      <Text size="sm">
        A training step is recorded once and then repeated. Measuring runs it one more time, kernel
        by kernel, and leaves the run as it is.
      </Text>
      <Group gap="sm">
        <Button
          data-autofocus
          disabled={!canMeasure || profiling === 'measuring'}
          onClick={() => client.measureStep()}
        >
          {profile ? 'Measure again' : 'Measure'}
        </Button>
        {profiling === 'no-step' && (
          <Button variant="default" disabled={!canStep} onClick={actions.step.run}>
            Make a step
          </Button>
        )}
        {profiling === 'measuring' && <Loader size="xs" />}
        <Text size="sm" c="dimmed" role="status" data-testid="profiler-status">
          {profiling === 'measuring'
            ? 'Measuring…'
            : profiling === 'no-step'
              ? 'No step has been made on this GPU yet: make one, then measure.'
              : profile && `Measured at step ${formatNumber(profile.step)}.`}
        </Text>
      </Group>
      {profile && (
        <>
          <StepFigures profile={profile} />
          <KernelTable kernels={profile.kernels} />
        </>
      )}
    </div>
  )
}
