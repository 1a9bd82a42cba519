import { useEffect, useRef } from 'react'
import { client } from '../../../store/page.ts'
import { useLatest, useObstacle, useProgress, useRepresentation } from '../useEvaluation.ts'

/** Milliseconds between two maps at least: they must not take the GPU from training. */
const REST = 3000

/** Draws the map anew after each k-NN, while it is looked at; never two at once, and once for a k-NN. */
export function useFollow(follows: boolean): void {
  const { id: representation } = useRepresentation('map')
  const knnStep = useLatest('knn')?.step
  const mapStep = useLatest('map')?.step
  const isBusy = useProgress('map') !== undefined
  const obstacle = useObstacle()
  const asked = useRef({ step: -1, at: 0 })

  useEffect(() => {
    if (!follows || isBusy || obstacle !== null || knnStep === undefined) return
    if (knnStep <= Math.max(mapStep ?? -1, asked.current.step)) return
    const rest = Math.max(0, asked.current.at + REST - performance.now())
    const timer = setTimeout(() => {
      asked.current = { step: knnStep, at: performance.now() }
      client.evaluate({ kind: 'map', representation })
    }, rest)
    return () => clearTimeout(timer)
  }, [follows, isBusy, obstacle, knnStep, mapStep, representation])
}
