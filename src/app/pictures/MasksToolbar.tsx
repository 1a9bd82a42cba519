import { ActionIcon, Button } from '@mantine/core'
import { IconArrowsShuffle, IconMinus, IconPlus, IconRefresh } from '@tabler/icons-react'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import type { StripTable } from '../../store/strips.ts'
import { drawAnew, reshuffle, resize, SAMPLE_COUNT } from '../../store/view.ts'
import { maskedSummary } from './captions.ts'
import { LeakButton } from './leak/LeakButton.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './pictures.module.css'
import { StepNote } from './StepNote.tsx'

/** How many images, which, and with which masks. */
export function MasksToolbar({ table }: { readonly table: StripTable | null }) {
  const count = useSession((state) => state.view.samples.length)
  const images = useSession((state) => state.run.images)
  const noImages = images === 0
  const setCount = (wanted: number) => client.changeView((view) => resize(view, wanted, images))
  const newest = Math.max(...(table?.columns.map(({ step }) => step) ?? []))

  return (
    <div className={classes.toolbar}>
      <div role="group" aria-label="Number of images" className={classes.stepper}>
        <ActionIcon
          variant="default"
          size={26}
          aria-label="Fewer images"
          disabled={noImages || count <= SAMPLE_COUNT.min}
          onClick={() => setCount(count - 1)}
        >
          <IconMinus size={14} />
        </ActionIcon>
        <output data-testid="sample-count">{count}</output>
        <ActionIcon
          variant="default"
          size={26}
          aria-label="More images"
          disabled={noImages || count >= Math.min(SAMPLE_COUNT.max, images)}
          onClick={() => setCount(count + 1)}
        >
          <IconPlus size={14} />
        </ActionIcon>
        <span>{count === 1 ? 'image' : 'images'}</span>
      </div>
      <Tooltip label="Show other images; pinned ones stay">
        <Button
          variant="default"
          size="compact-sm"
          fz="xs"
          leftSection={<IconArrowsShuffle size={14} />}
          disabled={noImages}
          onClick={() => client.changeView((view) => reshuffle(view, images))}
        >
          Reshuffle
        </Button>
      </Tooltip>
      <Tooltip label="Draw other masks for the same images">
        <Button
          variant="default"
          size="compact-sm"
          fz="xs"
          leftSection={<IconRefresh size={14} />}
          disabled={noImages}
          onClick={() => client.changeView(drawAnew)}
        >
          New masks
        </Button>
      </Tooltip>
      <LeakButton />
      <span className={classes.spacer} />
      {table && (
        <>
          <span className={classes.quiet} data-testid="masked-summary">
            {maskedSummary(table.masked, table.maskedWord)}
          </span>
          <StepNote step={newest} />
        </>
      )}
    </div>
  )
}
