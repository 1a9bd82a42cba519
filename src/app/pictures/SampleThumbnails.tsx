import { useMemo } from 'react'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { pick, pickedOf, tabNames } from '../../store/view.ts'
import classes from './attention.module.css'
import { sampleTitle } from './captions.ts'
import { PixelCanvas } from './PixelCanvas.tsx'
import { tileOf } from './tiles.ts'

interface SampleThumbnailsProps {
  /** What is shown of the picked one. */
  readonly of: 'attention' | 'activations' | 'fourier' | 'order' | 'places'
  /** All of them are shown instead: none is pressed. */
  readonly none?: boolean
}

/** The sample images, of which one is picked to be looked at closely. */
export function SampleThumbnails({ of, none = false }: SampleThumbnailsProps) {
  const table = useSession((state) => state.strips)
  const samples = useSession((state) => state.view.samples)
  const labels = useSession((state) => state.labels)
  const picked = useSession(({ view }) => pickedOf(view))
  const tiles = useMemo(() => {
    const originals = table?.columns[0]
    return new Map(
      originals && table.samples.map((sample, row) => [sample, tileOf(originals, row)] as const),
    )
  }, [table])
  return (
    <div role="group" aria-label={`Image for the ${of}`} className={classes.thumbnails}>
      {samples.map((sample) => {
        const tile = tiles.get(sample)
        const title = sampleTitle(sample, labels)
        return (
          <button
            key={sample}
            type="button"
            className={classes.thumbnail}
            aria-pressed={!none && sample === picked}
            aria-label={`${tabNames[of]} of ${title}`}
            title={title}
            data-testid={`${of}-sample-${sample}`}
            onClick={() => client.changeView((view) => pick(view, sample))}
          >
            {tile && (
              <PixelCanvas
                pixels={tile}
                size={Math.sqrt(tile.length / 4)}
                label={`original of ${title}`}
              />
            )}
          </button>
        )
      })}
    </div>
  )
}
