import { SegmentedControl, Switch, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { methodOf } from '../../store/form.ts'
import { usePreferences, useSession } from '../../store/hooks.ts'
import { preferences, toggleMetric, type Preferences } from '../../store/preferences.ts'
import classes from './dialogs.module.css'
import { apartMetrics } from '../charts/metrics.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { useDialog } from './useDialog.ts'

/** What concerns the person rather than the run; kept in this browser. */
export function PreferencesDialog() {
  const dialog = useDialog('preferences')
  const method = useSession((state) => methodOf(state.running?.method ?? state.method))
  const settings = useSession((state) => state.running?.values ?? state.wanted)
  const { background, colourScheme, hiddenMetrics } = usePreferences((state) => state)
  return (
    <Dialog {...dialog} title="Preferences">
      <Preference
        label="In a background tab"
        help="Whether training goes on while you look at another tab. Browsers slow background tabs down a little."
      >
        <SegmentedControl<Preferences['background']>
          aria-label="In a background tab"
          fullWidth
          value={background}
          onChange={(value) => preferences.setState({ background: value })}
          data={[
            { value: 'train', label: 'Train on' },
            { value: 'pause', label: 'Pause' },
          ]}
        />
      </Preference>
      <Preference label="Colours" help="“System” follows the setting of your computer.">
        <SegmentedControl<Preferences['colourScheme']>
          aria-label="Colours"
          fullWidth
          value={colourScheme}
          onChange={(value) => preferences.setState({ colourScheme: value })}
          data={[
            { value: 'auto', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </Preference>
      <Preference label="Charts" help="Which charts are drawn beside the losses.">
        {apartMetrics(method, settings).map(({ key, label }) => (
          <Switch
            key={key}
            size="sm"
            label={label}
            checked={!hiddenMetrics.includes(key)}
            onChange={() => toggleMetric(key)}
          />
        ))}
      </Preference>
    </Dialog>
  )
}

interface PreferenceProps {
  readonly label: string
  readonly help: string
  readonly children: ReactNode
}

function Preference({ label, help, children }: PreferenceProps) {
  return (
    <div className={classes.preference}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      <Text size="xs" c="dimmed">
        {help}
      </Text>
      {children}
    </div>
  )
}
