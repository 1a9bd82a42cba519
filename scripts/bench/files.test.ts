import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { readDocument, withTables, writeText } from './files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peekaboo-bench-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('puts the tables between the marks, again and again', () => {
  const document = '# Title\n\n<!-- bench -->\nold\n<!-- /bench -->\n\nEnd\n'
  const once = withTables(document, 'new', 'x.md')
  expect(once).toBe('# Title\n\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\n\nEnd\n')
  expect(withTables(once, 'new', 'x.md')).toBe(once)
})

it('refuses a document without marks, or that is not there, before anything is measured', async () => {
  const path = join(folder, 'x.md')
  expect((await faultOf(readDocument(path))).code).toBe('file-rejected')
  await writeFile(path, 'text <!-- /bench --> <!-- bench -->')
  expect(await faultOf(readDocument(path))).toMatchObject({
    code: 'file-rejected',
    kept: 'The file is unchanged.',
  })
})

it('writes files, and says which cannot be written', async () => {
  await writeText(join(folder, 'a.json'), '[]')
  expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('[]')
  const fault = await faultOf(writeText(join(folder, 'none/a.json'), '[]'))
  expect(fault).toMatchObject({ code: 'storage', what: expect.stringContaining('none') as string })
})
