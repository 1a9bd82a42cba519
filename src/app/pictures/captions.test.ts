import { describe, expect, it } from 'vitest'
import { columnText, maskedCaption, maskedSummary, sampleName, sampleTitle } from './captions.ts'

const labels = new Map([[17, 6]])

describe('names of samples', () => {
  it('uses the class where it is known', () => {
    expect(sampleName(17, labels)).toBe('frog')
    expect(sampleTitle(17, labels)).toBe('frog, image 17')
  })

  it('falls back to the number', () => {
    expect(sampleName(3, labels)).toBe('#3')
    expect(sampleTitle(3, labels)).toBe('image 3')
  })
})

describe('captions of masks', () => {
  it('counts patches', () => {
    expect(maskedCaption({ count: 10, of: 16 }, 'masked')).toBe('10 of 16 patches masked')
    expect(maskedCaption({ count: 1, of: 1 }, 'predicted')).toBe('1 of 1 patch predicted')
    const blocks = { count: 10, of: 16, unit: 'block' } as const
    expect(maskedCaption(blocks, 'masked')).toBe('10 of 16 blocks masked')
  })

  it('says it once where all images have the same number', () => {
    const masked = [
      { count: 10, of: 16 },
      { count: 10, of: 16 },
    ]
    expect(maskedSummary(masked, 'masked')).toBe('10 of 16 patches masked')
  })

  it('gives the range where they differ', () => {
    const masked = [
      { count: 11, of: 16 },
      { count: 9, of: 16 },
    ]
    expect(maskedSummary(masked, 'masked')).toBe('9 to 11 of 16 patches masked')
  })

  it('is empty without images', () => {
    expect(maskedSummary([], 'masked')).toBe('')
  })
})

describe('labels of columns', () => {
  it('say where a long word may be parted', () => {
    expect(columnText('Mask')).toBe('Mask')
    expect(columnText('Reconstruction')).toBe('Recon\u00ADstruc\u00ADtion')
  })
})
