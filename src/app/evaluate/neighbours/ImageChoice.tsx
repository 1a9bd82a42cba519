import { ActionIcon } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { ImageAddress } from '../../../results.ts'
import { formatNumber } from '../../../settings/format.ts'
import { useSession } from '../../../store/hooks.ts'
import classes from './neighbours.module.css'
import { columnsFor, pageOf, PAGE_IMAGES, TEST_IMAGES } from './pages.ts'
import { QueryGrid } from './QueryGrid.tsx'

interface ImageChoiceProps {
  readonly chosen: ImageAddress
  /** What choosing an image means, before its name: "Neighbours of". */
  readonly purpose: string
  readonly disabled: boolean
  readonly onChoose: (image: ImageAddress) => void
}

/** Images to choose one from: the test images, page by page, and the sample images of the page. */
export function ImageChoice(props: ImageChoiceProps) {
  const [first, setFirst] = useState(0)
  const samples = useSession((state) => state.view.samples)
  const { ref, width } = useElementSize()
  return (
    <div ref={ref} className={classes.choice}>
      <Pager first={first} onMove={setFirst} />
      {width > 0 && (
        <>
          <QueryGrid
            {...props}
            label={`Test images from ${first}`}
            images={pageOf(first)}
            columns={columnsFor(width, PAGE_IMAGES)}
          />
          <p className={classes.sub}>The sample images of the page (training images)</p>
          <QueryGrid
            {...props}
            label="Sample images"
            images={samples.map((index) => ({ split: 'train', index }))}
            columns={columnsFor(width, samples.length)}
          />
        </>
      )}
    </div>
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
