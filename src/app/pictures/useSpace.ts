import { useElementSize, useMediaQuery } from '@mantine/hooks'
import type { RefCallback } from 'react'
import type { Space } from './layout.ts'

/** Below this width of the window the page is one long column, and pictures may make it longer. */
const ONE_COLUMN = '(max-width: 61.99em)'

/** The space of a stage; `space` is null until it has been measured. */
export interface MeasuredSpace {
  readonly ref: RefCallback<HTMLDivElement | null>
  readonly growing: boolean
  readonly space: Space | null
}

/** Measures the element that `ref` is put on, and again whenever its size changes. */
export function useSpace(): MeasuredSpace {
  const growing = useMediaQuery(ONE_COLUMN, false, { getInitialValueInEffect: false })
  const { ref, width, height } = useElementSize<HTMLDivElement>()
  const space =
    width > 0
      ? { width, height: growing ? null : height, devicePixelRatio: window.devicePixelRatio }
      : null
  return { ref, growing, space }
}
