import { lazy, Suspense } from 'react'
import { useSession } from '../store/hooks.ts'
import { DropTarget } from './files/DropTarget.tsx'
import { ImportDialog } from './files/ImportDialog.tsx'
import { Page } from './Page.tsx'

// For those alone who lack something: the others need not load it.
const Unsupported = lazy(() => import('./unsupported/Unsupported.tsx'))

/** The page, or what is missing for it. */
export function App() {
  const unsupported = useSession((state) => state.unsupported)
  if (unsupported)
    return (
      <Suspense fallback={null}>
        <Unsupported fault={unsupported} />
      </Suspense>
    )
  return (
    <DropTarget>
      <Page />
      <ImportDialog />
    </DropTarget>
  )
}
