import { ChartsPanel } from './charts/ChartsPanel.tsx'
import { Controls } from './controls/Controls.tsx'
import { HelpDialog } from './dialogs/HelpDialog.tsx'
import { PreferencesDialog } from './dialogs/PreferencesDialog.tsx'
import { RestartDialog } from './dialogs/RestartDialog.tsx'
import { TakeOverDialog } from './dialogs/TakeOverDialog.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { LoadingPanel } from './notices/LoadingPanel.tsx'
import { Announcer } from './notices/Announcer.tsx'
import { Faults } from './notices/Faults.tsx'
import { Notices } from './notices/Notices.tsx'
import { PicturesPanel } from './pictures/PicturesPanel.tsx'
import { SettingsPanel } from './settings/SettingsPanel.tsx'
import { ProfilerDialog } from './profiler/ProfilerDialog.tsx'
import { DrivenBy } from './shell/DrivenBy.tsx'
import { Header } from './shell/Header.tsx'
import { useShortcuts } from './shell/useShortcuts.ts'
import classes from './app.module.css'

/** The whole page at one glance: settings on the left, the pictures in the middle, charts on the right. */
export function Page() {
  useShortcuts()
  return (
    <div className={classes.page}>
      <Header />
      <Controls />
      <aside className={classes.settings} aria-label="Settings">
        <ErrorBoundary>
          <SettingsPanel />
        </ErrorBoundary>
      </aside>
      <main className={classes.pictures} aria-label="Pictures and evaluations">
        <Faults />
        <DrivenBy />
        <LoadingPanel />
        <ErrorBoundary>
          <PicturesPanel />
        </ErrorBoundary>
      </main>
      <section className={classes.charts} aria-label="Charts">
        <ErrorBoundary>
          <ChartsPanel />
        </ErrorBoundary>
      </section>
      <Notices />
      <Announcer />
      <HelpDialog />
      <PreferencesDialog />
      <ProfilerDialog />
      <RestartDialog />
      <TakeOverDialog />
    </div>
  )
}
