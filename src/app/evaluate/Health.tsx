import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { warningsOf } from '../../collapse.ts'
import { historyWarnings } from '../../knnHistory.ts'
import { recordsOf, type RecordOf } from '../../store/evaluations.ts'
import { useSession } from '../../store/hooks.ts'
import { Help } from './Help.tsx'
import { Monitors } from './Monitors.tsx'
import classes from './results.module.css'
import { useSubject } from './useEvaluation.ts'
import { labelOf } from './words.ts'

/** Whether the features collapse: a verdict in words, and the signs over training. */
export function Health({ latest }: { readonly latest: RecordOf<'knn'> }) {
  return (
    <section aria-labelledby="health">
      <h3 id="health" className={classes.heading}>
        Health of the features{' '}
        <Help about="Health of the features">
          A network may lower its loss and yet say nearly the same of every image, learn nothing, or
          get worse again. These signs tell. When they warn is this project’s own choice, well away
          from what healthy networks show.
        </Help>
      </h3>
      <Verdict latest={latest} />
      <Monitors latest={latest} />
    </section>
  )
}

function Verdict({ latest }: { readonly latest: RecordOf<'knn'> }) {
  const { method, representations } = useSubject()
  const kept = useSession((state) => state.evaluations.kept)
  const { scores } = latest.result
  const warnings = new Map<string, string[]>()
  for (const { representation, health } of scores)
    for (const text of warningsOf(health))
      warnings.set(text, [...(warnings.get(text) ?? []), labelOf(representations, representation)])
  const history = historyWarnings(recordsOf(kept, 'knn'), method)
  if (warnings.size === 0 && history.length === 0)
    return (
      <div className={classes.verdict} data-testid="collapse">
        <IconCheck size={18} aria-hidden />
        <p>No sign of collapse.</p>
      </div>
    )
  return (
    <div className={classes.verdict} data-warning data-testid="collapse">
      <IconAlertTriangle size={18} aria-hidden />
      <ul>
        {[...warnings].map(([text, labels]) => (
          <li key={text}>
            <b>{labels.length === scores.length ? 'All representations' : labels.join(', ')}.</b>{' '}
            {text}
          </li>
        ))}
        {history.map((text) => (
          <li key={text}>
            <b>{labelOf(representations, scores[0]!.representation)}.</b> {text}
          </li>
        ))}
        {latest.step === 0 && (
          <li>Nothing has been learned yet: the first steps may change this.</li>
        )}
      </ul>
    </div>
  )
}
