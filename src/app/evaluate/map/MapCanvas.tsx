import { useElementSize } from '@mantine/hooks'
import { useLayoutEffect, useMemo, useRef, type ReactNode } from 'react'
import { frameOf, lookedAt } from './frame.ts'
import classes from './map.module.css'
import { MapPainter, type Scene } from './painter.ts'
import { pointAt, pointTowards, spotOf } from './pick.ts'
import { useLook } from './useLook.tsx'

/** CSS pixels around a point in which it is meant by mouse, and by finger. */
const REACH = { mouse: 9, touch: 22 } as const

interface MapCanvasProps {
  readonly scene: Omit<Scene, 'look' | 'frame'>
  /** What is on it, for those who do not see it. */
  readonly label: string
  /** The image that is pointed at, by mouse, finger or keyboard. */
  readonly onMark: (index: number | null) => void
  /** The image that is chosen by a click or Enter; null for a click beside all points. */
  readonly onChoose: (index: number | null) => void
  /** What is said about the marked image, beside its point. */
  readonly tip: ReactNode
}

/** The points on a canvas: to point at, to look at more closely, and to go through with the arrow keys. */
export function MapCanvas({ scene, label, onMark, onChoose, tip }: MapCanvasProps) {
  const { ref: frameRef, width, height } = useElementSize()
  const canvas = useRef<HTMLCanvasElement>(null)
  const painter = useRef<MapPainter>(null)
  const { look, dragged, drag, buttons } = useLook({ width, height }, canvas)
  const { points, marked } = scene
  const whole = useMemo(() => frameOf(points, { width, height }), [points, width, height])
  const seen = lookedAt(whole, look)
  const tipSpot = marked === null || width === 0 ? null : spotOf(points, marked, seen)

  useLayoutEffect(() => {
    const element = canvas.current!
    const own = new MapPainter(element)
    painter.current = own
    // The browser empties every canvas when its GPU process crashes.
    const onRestored = (): void => own.repaint()
    element.addEventListener('contextrestored', onRestored)
    return () => {
      own.stop()
      element.removeEventListener('contextrestored', onRestored)
    }
  }, [])

  useLayoutEffect(() => {
    painter.current?.show({ ...scene, look, frame: whole }, { width, height })
  })

  const under = ({ clientX, clientY }: { clientX: number; clientY: number }, reach: number) => {
    const box = canvas.current?.getBoundingClientRect()
    if (!box) return null
    return pointAt(scene, seen, { x: clientX - box.left, y: clientY - box.top }, reach)
  }

  return (
    <div className={classes.frame}>
      <div ref={frameRef} className={classes.plot}>
        <canvas
          ref={canvas}
          className={classes.canvas}
          role="application"
          aria-roledescription="map"
          aria-label={label}
          tabIndex={0}
          data-testid="map-canvas"
          data-closer={look.zoom > 1 || undefined}
          {...drag}
          onPointerMove={(event) => {
            drag.onPointerMove(event)
            if (event.pointerType === 'mouse' && event.buttons === 0)
              onMark(under(event, REACH.mouse))
          }}
          onPointerLeave={(event) => {
            if (event.pointerType === 'mouse') onMark(null)
          }}
          onClick={(event) => {
            if (dragged()) return
            const isTouch =
              event.nativeEvent instanceof PointerEvent && event.nativeEvent.pointerType !== 'mouse'
            const index = under(event, isTouch ? REACH.touch : REACH.mouse)
            onMark(index)
            onChoose(index)
          }}
          onBlur={() => onMark(null)}
          onKeyDown={(event) => {
            if (event.altKey || event.ctrlKey || event.metaKey) return
            const next = pointTowards(scene, scene.marked, event.key)
            if (next !== null) onMark(next)
            else if (event.key === 'Enter' && scene.marked !== null) onChoose(scene.marked)
            else if (event.key === 'Escape' && scene.marked !== null) onMark(null)
            else if (!event.key.startsWith('Arrow')) return
            event.preventDefault()
            // The page's own shortcuts use plain keys, too.
            event.stopPropagation()
          }}
        />
        {tipSpot && (
          <div
            className={classes.tip}
            data-left={tipSpot.x > width / 2 || undefined}
            data-above={tipSpot.y > height / 2 || undefined}
            style={{ left: tipSpot.x, top: tipSpot.y }}
          >
            {tip}
          </div>
        )}
      </div>
      {buttons}
    </div>
  )
}
