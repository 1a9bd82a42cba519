import { IMAGE_BYTES } from './images.ts'

/** CIFAR-10 in its official binary form: what the files are called, how long they are and what their sums are. */

export type Split = 'train' | 'test'

/** One label byte and the image. */
export const RECORD_BYTES = 1 + IMAGE_BYTES
/** Records in one official batch file. */
export const BATCH_RECORDS = 10_000
/** Bytes of one official batch file: 30,730,000. */
export const BATCH_BYTES = BATCH_RECORDS * RECORD_BYTES
/** Number of classes; labels are below it. */
export const CLASS_COUNT = 10

/** One of the six official batch files. */
export interface OfficialBatch {
  readonly file: string
  readonly split: Split
  /** SHA-256 of the whole file, lower-case hexadecimal. */
  readonly sha256: string
}

/** The five training batches in their order, then the test batch. */
export const officialBatches: readonly OfficialBatch[] = [
  {
    file: 'data_batch_1.bin',
    split: 'train',
    sha256: 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
  },
  {
    file: 'data_batch_2.bin',
    split: 'train',
    sha256: 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
  },
  {
    file: 'data_batch_3.bin',
    split: 'train',
    sha256: 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
  },
  {
    file: 'data_batch_4.bin',
    split: 'train',
    sha256: '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
  },
  {
    file: 'data_batch_5.bin',
    split: 'train',
    sha256: '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
  },
  {
    file: 'test_batch.bin',
    split: 'test',
    sha256: '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
  },
]

/** Images of each split in the whole data set. */
export const splitRecords: Readonly<Record<Split, number>> = { train: 50_000, test: 10_000 }

/** The archive in which the batch files are published, and the folder inside it. */
export const ARCHIVE_FILE = 'cifar-10-binary.tar.gz'
export const ARCHIVE_FOLDER = 'cifar-10-batches-bin'
