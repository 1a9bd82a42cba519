import { NativeSelect, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { EvaluationRequest, ImageAddress } from '../../results.ts'
import { client } from '../../store/page.ts'
import { CropsAnswer } from './crops/CropsAnswer.tsx'
import classes from './crops/crops.module.css'
import { QUERY_AREAS } from './crops/words.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { ImageChoice } from './neighbours/ImageChoice.tsx'
import { NothingYet } from './NothingYet.tsx'
import { useLatest, useObstacle, useProgress, useRepresentation } from './useEvaluation.ts'

type Request = Extract<EvaluationRequest, { readonly kind: 'crops' }>

/** What is compared with what. */
type Wish = Pick<Request, 'query' | 'queryArea' | 'among'>

/** Two ships: alike for whoever knows their class alone. */
const FIRST: Wish = {
  query: { split: 'test', index: 1 },
  queryArea: 1,
  among: { split: 'test', index: 2 },
}

/** One image against random crops of another: whether features keep how things lie, or only what they are. */
export function Crops() {
  const latest = useLatest('crops')
  const [wish, setWish] = useState(FIRST)
  const [part, setPart] = useState<'query' | 'among'>('query')
  const { id: representation } = useRepresentation('crops')
  const isBusy = useProgress('crops') !== undefined
  const obstacle = useObstacle()

  const choose = (image: ImageAddress): void => {
    const next = { ...wish, [part]: image }
    setWish(next)
    client.evaluate({ kind: 'crops', representation, ...next })
  }
  return (
    <>
      <EvaluationHead
        kind="crops"
        action="Compare crops"
        request={(of) => ({ kind: 'crops', representation: of, ...wish })}
        choice={
          <NativeSelect
            size="xs"
            aria-label="What is looked for"
            data-testid="query-area"
            value={wish.queryArea}
            data={QUERY_AREAS.map(({ area, label }) => ({ value: String(area), label }))}
            onChange={({ currentTarget: { value } }) =>
              setWish({ ...wish, queryArea: Number(value) })
            }
          />
        }
      >
        One image is looked for among 64 random crops of another one. Features that keep only the
        class find all crops about equally like it; features that keep how things lie prefer some.
      </EvaluationHead>
      <SegmentedControl
        size="xs"
        className={classes.part}
        aria-label="Which of the two images is chosen below"
        value={part}
        onChange={(value) => setPart(value === 'among' ? 'among' : 'query')}
        data={[
          { value: 'query', label: 'Choose the query' },
          { value: 'among', label: 'Choose the image to crop' },
        ]}
      />
      <ImageChoice
        chosen={wish[part]}
        purpose={part === 'query' ? 'Look for' : 'Crops of'}
        disabled={obstacle !== null}
        onChoose={choose}
      />
      {latest ? (
        // A new result begins with its best crop.
        <CropsAnswer key={latest.took} record={latest} isOld={isBusy} />
      ) : (
        <NothingYet>
          Nothing has been compared yet. The query and the crops most and least like it appear here.
        </NothingYet>
      )}
    </>
  )
}
