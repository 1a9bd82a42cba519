import { classNames } from '../../../data/classes.ts'
import type { ImageAddress, Neighbour } from '../../../results.ts'

/** Plurals of the class names. */
const plural = (name: string): string => (name === 'deer' ? name : `${name}s`)

/** How many neighbours are of the query's class. */
export const sameCount = (neighbours: readonly Neighbour[], label: number): number =>
  neighbours.filter((neighbour) => neighbour.label === label).length

/** "7 of 10 are frogs, too", in a list of neighbours of a frog. */
export function shareText(neighbours: readonly Neighbour[], label: number): string {
  const same = sameCount(neighbours, label)
  const name = classNames[label] ?? `class ${label}`
  const all = neighbours.length
  if (all === 0) return 'No image to compare with.'
  if (same === 0) return `None of ${all} is of class ${name}.`
  if (same === 1) return `1 of ${all} is of class ${name}, too.`
  return `${same} of ${all} are ${plural(name)}, too.`
}

/** "frog, test image 17" */
export const addressText = ({ split, index }: ImageAddress, label: number | undefined): string => {
  const place = `${split === 'test' ? 'test' : 'training'} image ${index}`
  const name = label === undefined ? undefined : classNames[label]
  return name === undefined ? place : `${name}, ${place}`
}
