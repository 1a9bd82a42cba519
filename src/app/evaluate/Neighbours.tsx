import { useState } from 'react'
import type { ImageAddress } from '../../results.ts'
import { client } from '../../store/page.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { Answer } from './neighbours/Answer.tsx'
import { ImageChoice } from './neighbours/ImageChoice.tsx'
import { NothingYet } from './NothingYet.tsx'
import { useLatest, useObstacle, useProgress, useRepresentation } from './useEvaluation.ts'

/** The images nearest to one: choose an image, and see what the network takes for alike. */
export function Neighbours() {
  const latest = useLatest('neighbours')
  const [wanted, setWanted] = useState<ImageAddress | null>(null)
  const { id: representation } = useRepresentation('neighbours')
  const isBusy = useProgress('neighbours') !== undefined
  const obstacle = useObstacle()
  const query = wanted ?? latest?.result.query ?? { split: 'test', index: 0 }

  const choose = (image: ImageAddress): void => {
    setWanted(image)
    client.evaluate({ kind: 'neighbours', representation, query: image })
  }
  return (
    <>
      <EvaluationHead
        kind="neighbours"
        action="Find neighbours"
        request={(of) => ({ kind: 'neighbours', representation: of, query })}
      >
        Click an image to see its ten nearest training images: in the features of the network, and
        beside them in raw pixels.
      </EvaluationHead>
      <ImageChoice
        chosen={query}
        purpose="Neighbours of"
        disabled={obstacle !== null}
        onChoose={choose}
      />
      {latest ? (
        <Answer record={latest} isOld={isBusy} />
      ) : (
        <NothingYet>
          No image has been chosen yet. Its neighbours in features and in raw pixels appear here.
        </NothingYet>
      )}
    </>
  )
}
