import { describe, expect, it } from 'vitest'
import { PeekabooError } from '../../src/errors.ts'
import { liveChanges, selectRun, type PretrainOptions } from './wish.ts'

const base: PretrainOptions = { steps: 10, out: 'runs/a' }

/** Why a command is refused. */
function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (!(error instanceof PeekabooError)) throw error
    expect(error.fault).toMatchObject({ code: 'setting-invalid', kept: 'Nothing was started.' })
    return error.fault.what
  }
  throw new Error('not refused')
}

describe('selectRun', () => {
  it('takes defaults, a preset and what is named', () => {
    const { method, preset, values } = selectRun({
      ...base,
      method: 'a2mim',
      preset: 'tiny',
      seed: '7',
      set: ['maskRatio=0.75', 'spectra=batchMean', 'relativePositions=true'],
    })
    expect({ method, preset }).toEqual({ method: 'a2mim', preset: 'tiny' })
    const named = { maskRatio: 0.75, spectra: 'batchMean', relativePositions: true }
    expect(values).toMatchObject({ width: 48, seed: 7, ...named })
    expect(selectRun(base)).toMatchObject({ method: 'a2mim', preset: 'small' })
  })

  it('takes the defaults that come with a choice', () => {
    const { values } = selectRun({ ...base, set: ['frequencyWeight=0.2', 'architecture=resnet'] })
    expect(values).toMatchObject({ spatialLoss: 'focalL1', frequencyWeight: 0.2 })
  })

  it.each([
    [{ method: 'bert' }, 'no method “bert”'],
    [{ preset: 'huge' }, 'no preset “huge”'],
    [{ seed: 'one' }, 'Seed'],
    [{ set: ['maskratio=0.7'] }, 'Did you mean “maskRatio”?'],
    [{ set: ['maskRatio=1.5'] }, 'Mask ratio: “1.5”'],
    [{ set: ['spectra=some'] }, 'Spectra: “some”'],
    [{ set: ['width=48', 'heads=5'] }, 'does not divide the width 48'],
  ])('refuses %j, naming what is wrong', (wish, what) => {
    expect(refusal(() => selectRun({ ...base, ...wish }))).toContain(what)
  })
})

describe('liveChanges', () => {
  const state = selectRun({ ...base, preset: 'tiny', set: ['maskRatio=0.8', 'width=24'] })
  const run = { method: state.method, settings: state.values }

  it('keeps the settings of the checkpoint but for the live ones that are named', () => {
    expect(liveChanges(base, run)).toEqual(run.settings)
    const changed = liveChanges({ ...base, set: ['learningRate=0.01'] }, run)
    expect(changed).toEqual({ ...run.settings, learningRate: 0.01 })
  })

  it('takes the command of the run itself again', () => {
    const again = { ...base, method: 'a2mim', preset: 'tiny', seed: '1', set: ['width=24'] }
    expect(liveChanges(again, run)).toEqual(run.settings)
  })

  it.each([
    [{ method: 'bert' }, 'of the method a2mim, not bert'],
    [{ preset: 'huge' }, 'no preset “huge”'],
    [{ seed: '2' }, 'seed cannot change in a resumed run; the checkpoint has 1.'],
    [{ set: ['width=48'] }, 'width cannot change'],
    [{ set: ['nonsense=48'] }, 'no setting “nonsense”'],
    [{ set: ['maskRatio=1.5'] }, 'Mask ratio'],
  ])('refuses %j', (wish, what) => {
    expect(refusal(() => liveChanges({ ...base, ...wish }, run))).toContain(what)
  })
})
