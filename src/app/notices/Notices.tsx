import { CloseButton } from '@mantine/core'
import { useEffect } from 'react'
import { useSession } from '../../store/hooks.ts'
import { session } from '../../store/page.ts'
import { dismissNotice, type Notice } from '../../store/session.ts'
import classes from './notices.module.css'

/** How long a notice that is not lasting stays. */
const MILLISECONDS = 6000

/** Things to know, in the corner. */
export function Notices() {
  const notices = useSession((state) => state.notices)
  return (
    <div className={classes.notices} role="status" aria-live="polite" data-testid="notices">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} {...notice} />
      ))}
    </div>
  )
}

function NoticeCard({ id, text, detail, lasting }: Notice) {
  useEffect(() => {
    if (lasting) return
    const timer = setTimeout(() => dismissNotice(session, id), MILLISECONDS)
    return () => clearTimeout(timer)
  }, [id, lasting])
  return (
    <div className={classes.notice}>
      <div className={classes.said}>
        <p>{text}</p>
        {detail.length > 0 && (
          <ul className={classes.list}>
            {detail.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </div>
      <CloseButton aria-label="Dismiss" onClick={() => dismissNotice(session, id)} />
    </div>
  )
}
