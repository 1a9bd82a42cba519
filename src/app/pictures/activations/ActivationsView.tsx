import { useEffect, useState } from 'react'
import type { ActivationsPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { client } from '../../../store/page.ts'
import { lookAtCell, pickedOf } from '../../../store/view.ts'
import classes from './activations.module.css'
import { Board } from './Board.tsx'
import { Stages } from './Stages.tsx'
import { TokenSection } from './TokenSection.tsx'

/** The image with one stage over it, and all stages beside it. */
export function ActivationsView({ picture }: { readonly picture: ActivationsPicture }) {
  const wanted = useSession(({ view }) => pickedOf(view))
  const [chosen, setChosen] = useState<string | null>(null)
  const [opacity, setOpacity] = useState(0.6)
  // Nothing is pointed at any more in a tab that has been left.
  useEffect(() => () => client.changeView((view) => lookAtCell(view, { pointed: null })), [])
  const { stages, token } = picture
  // Behind the last one there may be no more than a decoder of single cells, which looks nowhere else.
  const stage = stages.find(({ id }) => id === chosen) ?? stages.at(-2) ?? stages[0]!
  // A cell that this network does not have is not waited for.
  const cell = useSession(({ view: { cells } }) => cells.pointed ?? cells.kept)
  const isAnother = (cell === null || cell < picture.hidden.length) && cell !== picture.cell
  const isBusy = picture.sample !== wanted || isAnother
  return (
    <div className={classes.body} aria-busy={isBusy} data-busy={isBusy || undefined}>
      <Board picture={picture} stage={stage} opacity={opacity} onOpacity={setOpacity} />
      <div className={classes.main}>
        <Stages picture={picture} stage={stage} opacity={opacity} onChoose={setChosen} />
        {token && <TokenSection token={token} />}
      </div>
    </div>
  )
}
