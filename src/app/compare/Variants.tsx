import { Button } from '@mantine/core'
import { diffText, wishedOf } from '../../settings/diff.ts'
import { presetValues } from '../../settings/selection.ts'
import { MOST_VARIANTS, type Comparison } from '../../store/comparison/model.ts'
import { change } from '../../store/comparison/page.ts'
import { methodOf, nearestPreset } from '../../store/form.ts'
import { session } from '../../store/page.ts'
import { AddVariants } from './AddVariants.tsx'
import classes from './compare.module.css'
import { VariantRow } from './VariantRow.tsx'

/** Settings that are named of those in which the base differs from its preset. */
const NAMED = 3

/** The runs that are compared, to be changed as long as they wait. */
export function Variants({ comparison }: { readonly comparison: Comparison }) {
  const { variants } = comparison
  return (
    <section aria-label="Runs to compare" className={classes.variants}>
      <h3 className={classes.heading}>Runs</h3>
      <Base comparison={comparison} />
      <ol className={classes.variantList}>
        {variants.map((variant, place) => (
          <VariantRow
            key={variant.id}
            comparison={comparison}
            variant={variant}
            place={place}
            isLast={place === variants.length - 1}
          />
        ))}
      </ol>
      {variants.length < MOST_VARIANTS ? (
        <AddVariants comparison={comparison} />
      ) : (
        <p className={classes.quiet}>More than {MOST_VARIANTS} curves could not be told apart.</p>
      )}
    </section>
  )
}

/** What all runs have in common: the form's settings when the comparison was made. */
function Base({ comparison }: { readonly comparison: Comparison }) {
  const method = methodOf(comparison.method)
  const { base, runs } = comparison
  const preset = nearestPreset(method, base)
  const differences = wishedOf(method.table, presetValues(method, preset), base)
  const own = differences.length > 0 ? `, ${diffText(method.table, differences, NAMED)}` : ''
  const takeForm = (): void => {
    const { method: id, wanted } = session.getState()
    if (id === method.id) change(comparison.id, (before) => ({ ...before, base: wanted }))
  }
  return (
    <p className={classes.about}>
      Everything else is as in {method.name}, preset {method.presets[preset]?.label}
      {own}.{' '}
      {runs.length === 0 && (
        <Button size="compact-xs" variant="subtle" onClick={takeForm}>
          Take the form’s settings again
        </Button>
      )}
    </p>
  )
}
