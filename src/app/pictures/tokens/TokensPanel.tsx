import { findMethod } from '../../../methods/registry.ts'
import type { Session } from '../../../store/session.ts'
import { useSession } from '../../../store/hooks.ts'
import panel from '../pictures.module.css'
import { PicturesEmpty } from '../PicturesEmpty.tsx'
import { TokensView } from './TokensView.tsx'

/** What the network makes of each patch of the sample images. */
export default function TokensPanel() {
  const tokens = useSession((state) => state.tokens)
  const name = useSession(tokenless)
  if (tokens && tokens.picture.samples.length > 0) return <TokensView {...tokens} />
  return (
    <div className={panel.panel}>
      {name === null ? (
        <PicturesEmpty />
      ) : (
        <div className={panel.empty} data-testid="no-tokens">
          <p>
            {name} has no patch tokens with these settings: its network looks at the image as a
            whole, so there is nothing to compare patch by patch. Masks and attention show what it
            learns.
          </p>
        </div>
      )}
    </div>
  )
}

/** The name of the running method where its network has no patch tokens; null where it has. */
function tokenless({ running }: Session): string | null {
  const method = running && findMethod(running.method)
  return method && !method.hasTokens(running.values) ? method.name : null
}
