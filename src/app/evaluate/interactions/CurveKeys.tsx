import { CloseButton } from '@mantine/core'
import type { InteractionCurve } from '../../../results.ts'
import { Swatch } from '../../charts/Swatch.tsx'
import classes from './interactions.module.css'
import type { ShownCurve } from './shownCurves.ts'
import { accuracyText, imagesText, isNoise } from './words.ts'

/** A curve with what its key says. */
export type KeyedCurve = Pick<ShownCurve, 'key' | 'label' | 'colour' | 'dash' | 'isAdded'> & {
  readonly curve: Pick<InteractionCurve, 'accuracy' | 'images'>
}

interface CurveKeysProps {
  readonly curves: readonly KeyedCurve[]
  /** Takes a curve away that was added. */
  readonly onRemove?: (key: string) => void
}

/** Which line is whose, and how good its classifier is. */
export function CurveKeys({ curves, onRemove }: CurveKeysProps) {
  return (
    <ul className={classes.legend} aria-label="Curves">
      {curves.map(({ key, label, colour, dash, curve, isAdded }) => (
        <li key={key} data-testid={`interactions-${key}`}>
          <Swatch colour={colour} dash={dash} />
          <span>
            {label}{' '}
            <small data-noise={isNoise(curve) || undefined}>
              {accuracyText(curve)}; {imagesText(curve)}
            </small>
          </span>
          {isAdded && (
            <CloseButton size="xs" aria-label={`Remove ${label}`} onClick={() => onRemove?.(key)} />
          )}
        </li>
      ))}
    </ul>
  )
}
