import { useSession } from '../store/hooks.ts'
import { DropTarget } from './files/DropTarget.tsx'
import { ImportDialog } from './files/ImportDialog.tsx'
import { Page } from './Page.tsx'
import { Unsupported } from './unsupported/Unsupported.tsx'

/** The page, or what is missing for it. */
export function App() {
  const unsupported = useSession((state) => state.unsupported)
  if (unsupported) return <Unsupported fault={unsupported} />
  return (
    <DropTarget>
      <Page />
      <ImportDialog />
    </DropTarget>
  )
}
