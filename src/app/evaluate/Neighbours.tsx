import { ActionIcon } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { ImageAddress } from '../../results.ts'
import { formatNumber } from '../../settings/format.ts'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { Answer } from './neighbours/Answer.tsx'
import classes from './neighbours/neighbours.module.css'
import { columnsFor, pageOf, PAGE_IMAGES, TEST_IMAGES } from './neighbours/pages.ts'
import { QueryGrid } from './neighbours/QueryGrid.tsx'
import { NothingYet } from './NothingYet.tsx'
import { useLatest, useObstacle, useProgress, useRepresentation } from './useEvaluation.ts'

/** The images nearest to one: choose an image, and see what the network takes for alike. */
export function Neighbours() {
  const latest = useLatest('neighbours')
  const [wanted, setWanted] = useState<ImageAddress | null>(null)
  const [first, setFirst] = useState(0)
  const samples = useSession((state) => state.view.samples)
  const { id: representation } = useRepresentation()
  const { ref, width } = useElementSize()
  const isBusy = useProgress('neighbours') !== undefined
  const obstacle = useObstacle()
  const query = wanted ?? latest?.result.query ?? { split: 'test', index: 0 }

  const choose = (image: ImageAddress): void => {
    setWanted(image)
    client.evaluate({ kind: 'neighbours', representation, query: image })
  }
  const grid = { chosen: query, disabled: obstacle !== null, onChoose: choose }
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
      <div ref={ref} className={classes.choice}>
        <Pager first={first} onMove={setFirst} />
        {width > 0 && (
          <>
            <QueryGrid
              {...grid}
              label={`Test images from ${first}`}
              images={pageOf(first)}
              columns={columnsFor(width, PAGE_IMAGES)}
            />
            <p className={classes.sub}>The sample images of the page (training images)</p>
            <QueryGrid
              {...grid}
              label="Sample images"
              images={samples.map((index) => ({ split: 'train', index }))}
              columns={columnsFor(width, samples.length)}
            />
          </>
        )}
      </div>
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

interface PagerProps {
  /** The first image shown. */
  readonly first: number
  readonly onMove: (first: number) => void
}

/** Goes through the test images, page by page or to any of them. */
function Pager({ first, onMove }: PagerProps) {
  const last = Math.min(first + PAGE_IMAGES, TEST_IMAGES) - 1
  const go = (to: number): void => onMove(Math.min(Math.max(to, 0), TEST_IMAGES - 1))
  return (
    <div className={classes.pager}>
      <span>
        Test images {formatNumber(first)} to {formatNumber(last)}
      </span>
      <ActionIcon
        size="sm"
        aria-label="Test images before these"
        disabled={first === 0}
        onClick={() => go(first - PAGE_IMAGES)}
      >
        <IconChevronLeft size={16} />
      </ActionIcon>
      <ActionIcon
        size="sm"
        aria-label="Test images after these"
        disabled={last === TEST_IMAGES - 1}
        onClick={() => go(first + PAGE_IMAGES)}
      >
        <IconChevronRight size={16} />
      </ActionIcon>
      <label>
        from{' '}
        <input
          className={classes.index}
          type="number"
          min={0}
          max={TEST_IMAGES - 1}
          value={first}
          aria-label="First test image shown"
          onChange={({ currentTarget }) => {
            if (currentTarget.validity.valid && currentTarget.value !== '')
              go(currentTarget.valueAsNumber)
          }}
        />
      </label>
    </div>
  )
}
