import type { Fault } from '../../errors.ts'

/** Files that the page takes, by what they are for. */
export type FileKind = 'checkpoint' | 'cifar' | 'json'

const ENDINGS: Readonly<Record<FileKind, RegExp>> = {
  checkpoint: /\.safetensors$/i,
  // Safari unpacks .gz files by itself and leaves a .tar.
  cifar: /\.(tar\.gz|tgz|tar|bin)$/i,
  // Saved settings, or an evaluation of the command line: what is inside decides.
  json: /\.json$/i,
}

/** For the file pickers: the endings of each kind. */
export const ACCEPT: Readonly<Record<FileKind, string>> = {
  checkpoint: '.safetensors',
  cifar: '.tar.gz,.gz,.tgz,.tar,.bin',
  json: '.json',
}

const KINDS: readonly FileKind[] = ['checkpoint', 'cifar', 'json']

/** What a file is for, by its name; null for a file that the page has no use for. */
export const kindOf = (fileName: string): FileKind | null =>
  KINDS.find((kind) => ENDINGS[kind].test(fileName)) ?? null

/** Files of one kind, or why they are not taken. */
export type Sorted<F> =
  | { readonly kind: FileKind; readonly files: readonly [F, ...F[]] }
  | { readonly kind: null; readonly fault: Fault }

const EXPECTED =
  'Drop a checkpoint (.safetensors), the CIFAR-10 images (cifar-10-binary.tar.gz or its .bin files), saved settings or an evaluation (.json).'

/** Finds out what dropped or picked files are for. All must be of one kind, and only CIFAR-10 may be several files. */
export function sortFiles<F extends { readonly name: string }>(files: readonly F[]): Sorted<F> {
  const [first, ...rest] = files
  if (!first) return refuse('There was no file in what you dropped.', EXPECTED)
  const kinds = files.map(({ name }) => kindOf(name))
  const strange = files.find((_, index) => kinds[index] === null)
  if (strange) return refuse(`Peekaboo has no use for “${strange.name}”.`, hintFor(strange.name))
  const kind = kinds[0]!
  if (kinds.some((other) => other !== kind))
    return refuse(
      'These files are of different kinds.',
      'Drop them one kind at a time: a checkpoint, the CIFAR-10 images, or a .json file.',
    )
  if (kind !== 'cifar' && rest.length > 0)
    return refuse(
      `These are ${files.length} ${kind === 'checkpoint' ? 'checkpoints' : '.json files'}.`,
      'Drop a single one.',
    )
  return { kind, files: [first, ...rest] }
}

/** What might have been meant. */
function hintFor(fileName: string): string {
  if (/^cifar-10-batches-bin$/i.test(fileName))
    return 'This is the folder: open it and drop the six .bin files inside.'
  if (/^(data_batch_\d|test_batch|batches\.meta)$|cifar.*(\.mat|\.zip)/i.test(fileName))
    return 'This is CIFAR-10 in another form. The “binary version” is needed: cifar-10-binary.tar.gz, or its .bin files.'
  if (/\.(pt|pth|ckpt|h5|onnx|npz)$/i.test(fileName))
    return 'Peekaboo goes on from its own checkpoints only: .safetensors files saved with Export.'
  return EXPECTED
}

const refuse = (what: string, todo: string): { kind: null; fault: Fault } => ({
  kind: null,
  fault: { code: 'file-rejected', what, kept: 'Nothing has changed.', todo },
})
