import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sha256 } from './bytes.ts'
import type { DropOptions, DroppedImages } from './batchCollector.ts'
import { readDroppedFiles } from './dropped.ts'
import { IMAGE_BYTES, type ImageSet, type LoadProgress } from './images.ts'
import { BATCH_BYTES, BATCH_RECORDS, RECORD_BYTES, type OfficialBatch } from './official.ts'
import { tarOf, type Member } from './testing/archives.ts'
import { faultOf, sameBytes, syntheticRecords } from './testing/synthetic.ts'

// Three made-up batches stand for the official six: two to train on and the test batch.
const contents = [1, 2, 3].map((salt) => syntheticRecords(BATCH_RECORDS, salt))
const names = ['data_batch_1.bin', 'data_batch_2.bin', 'test_batch.bin']
const sums = await Promise.all(contents.map(sha256))
const batches = names.map((file, at): OfficialBatch => ({
  file,
  split: at < 2 ? 'train' : 'test',
  sha256: sums[at]!,
}))
const members: Member[] = [
  { name: 'cifar-10-batches-bin/', content: new Uint8Array(0), flag: '5' },
  // As in the official archive, the batches are not in order.
  ...[1, 0, 2].map((at) => ({
    name: `cifar-10-batches-bin/${names[at]!}`,
    content: contents[at]!,
  })),
  { name: 'cifar-10-batches-bin/readme.html', content: new Uint8Array(88) },
]
const tar = tarOf(members)
const archive = new Uint8Array(gzipSync(tar, { level: 1 }))

const fileOf = (name: string, content: Uint8Array<ArrayBuffer>) => new File([content], name)
const binFiles = () => names.map((name, at) => fileOf(name, contents[at]!))
const read = (files: File[], count: number, options: DropOptions = {}) =>
  readDroppedFiles(files, count, { batches, ...options })

/** Fails unless these are the first `count` training images, and all test images, of the made-up batches. */
function expectImages({ train, test }: DroppedImages, count: number, hasTest = true): void {
  expectSet(train, contents.slice(0, 2), count)
  if (hasTest) expectSet(test!, contents.slice(2), BATCH_RECORDS)
  else expect(test).toBeNull()
}

/** Fails unless these are the first `count` records of some batches. */
function expectSet(images: ImageSet, batches: readonly Uint8Array[], count: number): void {
  const labels = new Uint8Array(count)
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  for (let image = 0; image < count; image++) {
    const batch = batches[Math.floor(image / BATCH_RECORDS)]!
    const at = (image % BATCH_RECORDS) * RECORD_BYTES
    labels[image] = batch[at]!
    pixels.set(batch.subarray(at + 1, at + RECORD_BYTES), image * IMAGE_BYTES)
  }
  expect(images.count).toBe(count)
  expect(sameBytes(images.labels, labels)).toBe(true)
  expect(sameBytes(images.pixels, pixels)).toBe(true)
}

async function refusal(files: File[], count = 2000): Promise<string> {
  const fault = await faultOf(read(files, count))
  expect(fault.code).toBe('file-rejected')
  expect(fault.kept).toMatch(/^Nothing was changed/)
  return fault.what
}

describe('readDroppedFiles takes', () => {
  it.each([2000, 20_000])('%d images from the archive', async (count) => {
    expectImages(await read([fileOf('cifar-10-binary.tar.gz', archive)], count), count)
  })

  it('the unpacked archive', async () => {
    expectImages(await read([fileOf('cifar-10-binary.tar', tar)], 20_000), 20_000)
  })

  it('batch files in any order and under any name', async () => {
    const [first, second, test] = contents
    const files = [
      fileOf('test_batch.bin', test!),
      fileOf('second (1).bin', second!),
      fileOf('first.bin', first!),
    ]
    expectImages(await read(files, 12_345), 12_345)
  })

  it('just the batch files that are needed', async () => {
    expectImages(await read([binFiles()[0]!], 10_000), 10_000, false)
  })

  it('the test images alone, where no training images are wanted', async () => {
    for (const file of [binFiles()[2]!, fileOf('cifar-10-binary.tar', tar)])
      expectImages(await read([file], 0), 0)
  })

  it('files and tells how far it is', async () => {
    const seen: LoadProgress[] = []
    await read(binFiles(), 15_000, { onProgress: (progress) => seen.push(progress) })
    const ofBytes = 3 * BATCH_BYTES
    expect(seen).toEqual([
      { images: 10_000, ofImages: 15_000, bytes: BATCH_BYTES, ofBytes, cached: false },
      { images: 15_000, ofImages: 15_000, bytes: 2 * BATCH_BYTES, ofBytes, cached: false },
    ])
  })
})

describe('readDroppedFiles refuses', () => {
  it('nothing at all, and sets with a gap', async () => {
    expect(await refusal([])).toContain('data_batch_1.bin is missing')
    expect(await refusal([binFiles()[0]!], 20_000)).toBe(
      'For 20000 training images data_batch_2.bin is missing.',
    )
    expect(await refusal([binFiles()[2]!], 20_000)).toContain(
      'data_batch_1.bin, data_batch_2.bin are missing',
    )
    expect(await refusal([binFiles()[0]!], 0)).toBe('For evaluations test_batch.bin is missing.')
  })

  it('a file that is too large, before reading a byte of it', async () => {
    const file = fileOf('huge.tar.gz', new Uint8Array(1))
    Object.defineProperty(file, 'size', { value: 400_000_001 })
    file.slice = () => {
      throw new Error('read')
    }
    expect(await refusal([binFiles()[0]!, file])).toContain('a file of 400 MB, which is too large')
  })

  it('empty files and files of another length', async () => {
    expect(await refusal([fileOf('folder', new Uint8Array(0))])).toContain('an empty file')
    const short = await refusal([fileOf('data_batch_1.bin', contents[0]!.slice(0, -1))])
    expect(short).toContain('30730000 bytes each')
    expect(short).toContain('Found: a file of 30729999 bytes')
  })

  it('the files of CIFAR-100 by name', async () => {
    const what = await refusal([fileOf('test.bin', new Uint8Array(10_000 * 3074))])
    expect(what).toContain('CIFAR-100')
    const content = new Uint8Array(512)
    const cifar100 = tarOf([{ name: 'cifar-100-binary/train.bin', content }])
    expect(
      await refusal([fileOf('cifar-100-binary.tar.gz', new Uint8Array(gzipSync(cifar100)))]),
    ).toContain('an archive of train.bin')
  })

  it('a batch in which a byte is different', async () => {
    const changed = contents[0]!.slice()
    changed[12_345] = changed[12_345]! ^ 1
    const what = await refusal([fileOf('data_batch_1.bin', changed)])
    expect(what).toContain(`data_batch_1.bin with SHA-256 ${batches[0]!.sha256}`)
    expect(what).toContain(`a file with SHA-256 ${await sha256(changed)}`)
  })

  it('labels above 9', async () => {
    const changed = contents[0]!.slice()
    changed[20 * RECORD_BYTES] = 57
    expect(await refusal([fileOf('data_batch_1.bin', changed)])).toContain('label 57 in record 20')
  })

  it('an archive that breaks off, packed or not', async () => {
    const packed = fileOf('cifar-10-binary.tar.gz', archive.slice(0, archive.length >> 1))
    expect(await refusal([packed])).toMatch(/damaged or ends early|ends after/)
    const unpacked = fileOf('cifar-10-binary.tar', tar.slice(0, 40e6))
    expect(await refusal([unpacked])).toMatch(
      /it ends after \d+ of the 30730000 bytes of .*batch_1/,
    )
  })

  it('an archive with damage inside', async () => {
    const changed = archive.slice()
    changed.fill(0x5a, 1000, 1100)
    expect(await refusal([fileOf('cifar-10-binary.tar.gz', changed)])).toContain('Found: ')
  })

  it('an archive whose batches have another length', async () => {
    const small = tarOf([{ name: 'x/data_batch_1.bin', content: new Uint8Array(3073) }])
    expect(await refusal([fileOf('small.tar', small)])).toContain(
      'data_batch_1.bin of 30730000 bytes in it. Found: one of 3073 bytes',
    )
  })

  it('packed files that hold no archive', async () => {
    const text = new TextEncoder().encode('hello '.repeat(1000))
    expect(await refusal([fileOf('text.gz', new Uint8Array(gzipSync(text)))])).toContain(
      'it is not a tar archive',
    )
  })

  it('a gzip bomb, without unpacking it all', async () => {
    const piece = tarOf([{ name: 'zeros', content: new Uint8Array(50e6) }]).slice(0, -1024)
    const bomb = gzipSync(Buffer.concat(Array(5).fill(piece)), { level: 1 })
    expect(await refusal([fileOf('bomb.tar.gz', new Uint8Array(bomb))])).toContain(
      'unpacks to far more than CIFAR-10',
    )
  })

  it('a file that cannot be read', async () => {
    const file = binFiles()[0]!
    file.slice = () => {
      throw new DOMException('gone', 'NotReadableError')
    }
    expect(await refusal([file])).toContain('a file that cannot be read (gone)')
  })

  it('to go on after an abort', async () => {
    const reason = new Error('the person left')
    const signal = AbortSignal.abort(reason)
    await expect(read(binFiles(), 2000, { signal })).rejects.toBe(reason)
  })
})
