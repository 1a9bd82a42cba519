import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import { IMAGE_SIZE } from '../../data/images.ts'
import type { PaintedColumn, SeenRow } from '../dilemma/pictures/columns.ts'
import { hostPictures } from '../dilemma/pictures/hostPictures.ts'
import {
  errorPainter,
  hiddenPixels,
  networkPainter,
  pastePainter,
  type Painter,
} from '../painting.ts'
import { PatchScale } from '../patchScale.ts'
import { networkConfig } from './config.ts'
import { host } from './host.ts'
import { MaeNetwork } from './network.ts'
import type { MaeSettings } from './settings.ts'
import { decoderCells } from './step.ts'

/** The visible patches as they are and the masked ones as they are painted. */
function reconstruction(
  { original, claims, patchSize, image, more }: SeenRow,
  { target }: MaeSettings,
): Painter {
  const grid = IMAGE_SIZE / patchSize
  const masked = new Uint8Array(grid * grid).fill(1)
  for (const cell of claims.real) masked[cell] = 0
  const scale = new PatchScale(image, grid, target === 'normalised')
  const painted = networkPainter(scale.imageOf(more), 0, CIFAR_STATISTICS)
  return pastePainter(hiddenPixels(masked, patchSize), painted, original)
}

const NORMALISED =
  ' The decoder paints normalised patches: their mean and contrast are those of the true patch.'

function columns(settings: MaeSettings): readonly PaintedColumn<SeenRow>[] {
  // Both columns show what is painted of a row.
  const known = new WeakMap<SeenRow, Painter>()
  const paintedOf = (row: SeenRow): Painter => {
    const painted = known.get(row) ?? reconstruction(row, settings)
    known.set(row, painted)
    return painted
  }
  return [
    {
      column: {
        id: 'reconstruction',
        label: 'Reconstruction',
        help: `The visible patches as they are, the masked ones as the decoder paints them.${settings.target === 'normalised' ? NORMALISED : ''}${settings.dilemma ? ' It is told the true places, but reads what the encoder made of the claimed ones.' : ''}`,
        needsNetwork: true,
      },
      paint: paintedOf,
    },
    {
      column: {
        id: 'error',
        label: 'Error',
        help: 'Absolute difference between reconstruction and original, averaged over colours; brighter is worse, and visible patches are black.',
        needsNetwork: true,
      },
      paint: (row) => errorPainter(paintedOf(row), row.original),
    },
  ]
}

/** What MAE shows of the samples: what all hosts of DILEMMA do, and what it paints (spec section 13.8). */
export const pictures = hostPictures(host, {
  droppedWord: 'masked',
  columns,
  compute: (settings, tokens, { real, labels }, parameters) =>
    new MaeNetwork(networkConfig(settings), parameters).decode(
      tokens,
      decoderCells(settings, real, labels),
    ),
})
