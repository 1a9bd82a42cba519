import { lazy, Suspense } from 'react'
import { Dialog } from '../ui/Dialog.tsx'
import { useDialog } from '../dialogs/useDialog.ts'

// Few people look at it, so it is loaded when someone does.
const Profiler = lazy(() => import('./Profiler.tsx'))

/** What a training step costs, measured on demand. */
export function ProfilerDialog() {
  const dialog = useDialog('profiler')
  return (
    <Dialog {...dialog} title="What a training step costs" size="xl">
      <Suspense fallback={null}>
        <Profiler />
      </Suspense>
    </Dialog>
  )
}
