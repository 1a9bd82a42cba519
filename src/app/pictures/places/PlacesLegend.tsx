import { colourGradient } from '../colourMap.ts'
import classes from './places.module.css'

const lines = [
  ['wrong', 'claims a wrong place'],
  ['hit', 'hit'],
  ['miss', 'miss'],
  ['falseAlarm', 'false alarm'],
] as const

/** What colours and frames mean. */
export function PlacesLegend() {
  return (
    <ul className={classes.legend} aria-label="Colours and frames">
      <li>
        probability of a wrong place 0
        <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />1
      </li>
      {lines.map(([kind, text]) => (
        <li key={kind}>
          <svg viewBox="0 0 14 14" aria-hidden>
            <rect className={classes.rim} x="2" y="2" width="10" height="10" />
            <rect className={classes[kind]} x="2" y="2" width="10" height="10" />
          </svg>
          {text}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 20 14" aria-hidden className={classes.wide}>
          <path className={classes.arrowRim} d="M2 7H17M12 3L17 7L12 11" />
          <path className={classes.arrowLine} d="M2 7H17M12 3L17 7L12 11" />
        </svg>
        from claimed to true place
      </li>
    </ul>
  )
}
