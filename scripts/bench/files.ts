import { readFile, writeFile } from 'node:fs/promises'
import { PeekabooError } from '../../src/errors.ts'

/** Between these the tables stand in a document. */
const BEGIN = '<!-- bench -->'
const END = '<!-- /bench -->'

/** A document with new text between its marks. @throws PeekabooError `file-rejected` when it has no marks */
export function withTables(document: string, tables: string, path: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (begin < 0 || end < begin)
    throw new PeekabooError({
      code: 'file-rejected',
      what: `${path} has no place for the tables.`,
      kept: 'The file is unchanged.',
      todo: `Write ${BEGIN} and ${END} where they are to stand.`,
    })
  return `${document.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${document.slice(end)}`
}

/** Reads a document that is to take the tables. @throws PeekabooError as `withTables`, or when it cannot be read */
export async function readDocument(path: string): Promise<string> {
  const document = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fault(path, 'read', error)
  })
  withTables(document, '', path)
  return document
}

/** Writes a file. @throws PeekabooError `storage` */
export async function writeText(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: unknown) => {
    throw fault(path, 'written', error)
  })
}

const fault = (path: string, verb: 'read' | 'written', error: unknown): PeekabooError =>
  new PeekabooError(
    {
      code: verb === 'read' ? 'file-rejected' : 'storage',
      what: `${path} could not be ${verb}.`,
      kept: 'Nothing else was changed.',
      todo: 'Name another file, or make its folder first.',
      detail: error instanceof Error ? error.message : String(error),
    },
    { cause: error },
  )
