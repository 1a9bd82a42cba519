import { Slider } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import { formatSetting } from '../../settings/format.ts'
import type { NumberRow } from '../../settings/rows.ts'
import { readValue } from '../../settings/value.ts'
import classes from './settings.module.css'
import { sliderScale } from './sliderScale.ts'

interface NumberFieldProps {
  readonly id: string
  readonly row: NumberRow
  readonly value: number
  readonly onChange: (value: number) => void
}

/** The exact value of a number, typed. Anything that cannot be used is named and replaced by the nearest. */
export function NumberInput({ id, row, value, onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const commit = (): void => {
    if (typed === null) return
    const reading = readValue(row, typed, value)
    setTyped(null)
    setProblem(reading.problem)
    onChange(Number(reading.value))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit()
    else if (event.key === 'Escape') setTyped(null)
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault()
      const moved = value + (event.key === 'ArrowUp' ? row.step : -row.step)
      setTyped(null)
      onChange(Number(readValue(row, Number(moved.toPrecision(12)), value).value))
    }
  }
  return (
    <>
      <input
        id={id}
        className={classes.number}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={typed ?? formatSetting(row, value)}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        data-testid={id}
        onFocus={({ currentTarget }) => {
          setTyped(String(value))
          // After the text has been replaced by the plain number.
          requestAnimationFrame(() => currentTarget.select())
        }}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
      {problem !== null && (
        <span id={`${id}-problem`} role="alert" className={classes.problem}>
          That {problem}; {formatSetting(row, value)} is used.
        </span>
      )}
    </>
  )
}

/** A number by feel. */
export function NumberSlider({ id, row, value, onChange }: NumberFieldProps) {
  const scale = sliderScale(row)
  if (!scale) return null
  return (
    <Slider
      size={4}
      thumbSize={14}
      label={null}
      min={scale.min}
      max={scale.max}
      step={scale.step}
      value={scale.toPosition(value)}
      onChange={(position) => onChange(scale.toValue(position))}
      thumbLabel={row.label}
      thumbValueText={(position) => formatSetting(row, scale.toValue(position))}
      className={classes.slider}
      thumbProps={{ 'data-testid': `${id}-slider` } as React.ComponentProps<'div'>}
    />
  )
}
