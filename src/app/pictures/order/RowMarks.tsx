import classes from './order.module.css'

interface RowMarksProps {
  readonly rows: number
  /** In a strip that is one wide and as high as there are rows. */
  readonly path: string
}

/** Marks rows of a matrix at its side. */
export const RowMarks = ({ rows, path }: RowMarksProps) => (
  <svg className={classes.marks} viewBox={`0 0 1 ${rows}`} preserveAspectRatio="none" aria-hidden>
    <path d={path} />
  </svg>
)
