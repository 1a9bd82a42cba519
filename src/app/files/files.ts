import { toFault, type Fault } from '../../errors.ts'
import { client, session } from '../../store/page.ts'
import { addNotice } from '../../store/session.ts'
import { readSettingsFile, SETTINGS_BYTES } from '../../store/settingsFile.ts'
import { ACCEPT, sortFiles, type FileKind } from './fileKinds.ts'

/** Files of a kind that the person chooses; none when the picker was cancelled. */
function pickFiles(kind: FileKind): Promise<readonly File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = ACCEPT[kind]
  input.multiple = kind === 'cifar'
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve([]))
    input.click()
  })
}

/** Lets the person choose files of a kind and takes them; nothing happens when the picker was cancelled. */
export async function pickAndTake(kind: FileKind): Promise<void> {
  const files = await pickFiles(kind)
  if (files.length > 0) takeFiles(files)
}

/**
 * Does with dropped or picked files what they are for: a checkpoint is shown before anything is replaced, images are
 * loaded, settings fill the form, an evaluation is compared with. Files that fit nothing are refused in the import dialog.
 */
export function takeFiles(files: readonly File[]): void {
  const sorted = sortFiles(files)
  switch (sorted.kind) {
    case null:
      refuse(sorted.fault)
      break
    case 'checkpoint':
      session.setState({ dialog: 'import' })
      void client.peek(sorted.files[0])
      break
    case 'cifar':
      session.setState({ dialog: null })
      client.dropFiles(sorted.files)
      break
    case 'json':
      void takeJson(sorted.files[0])
      break
  }
}

/** Lets the person choose an evaluation of the command line to compare with. */
export async function pickEvaluation(): Promise<void> {
  const [file] = await pickFiles('json')
  if (file) void takeJson(file, true)
}

/** Lets the person choose an exported comparison. */
export async function pickComparison(): Promise<void> {
  const [file] = await pickFiles('json')
  if (file) await openComparison(file)
}

async function openComparison(file: File): Promise<void> {
  const { takeComparison } = await import('../compare/files.ts')
  await takeComparison(file)
}

/** The file of an evaluation holds some hundred kilobytes; a larger one is something else. */
const EVALUATION_BYTES = 8_000_000

/** Saved settings fill the form; an evaluation is shown beside that of the run. */
async function takeJson(file: File, isEvaluation?: boolean): Promise<void> {
  try {
    // Only as much is read as such a file can hold: a larger one is none.
    if (isEvaluation === undefined && (await says(file, 'peekaboo-comparison'))) {
      await openComparison(file)
      client.changeView((view) => ({ ...view, tab: 'compare' }))
      return
    }
    if (isEvaluation ?? (await says(file, 'peekaboo-evaluation'))) {
      const text = await file.slice(0, EVALUATION_BYTES).text()
      const { openReport } = await import('../evaluate/reports/opened.ts')
      openReport(file.name, text)
    } else takeSettings(file.name, await file.slice(0, SETTINGS_BYTES).text())
    // Whether to take over from a comparison may be asked by now.
    session.setState(({ dialog }) => ({ dialog: dialog === 'takeover' ? dialog : null }))
  } catch (error) {
    refuse(toFault(error))
  }
}

/** Evaluations and comparisons say at their beginning what they are. */
const says = async (file: File, format: string): Promise<boolean> =>
  /^\s*\{\s*"format"\s*:\s*"([^"]*)"/.exec(await file.slice(0, 200).text())?.[1] === format

function takeSettings(fileName: string, text: string): void {
  const { method, preset, values, notices } = readSettingsFile(fileName, text)
  client.wheel.byHand(() => {
    client.choose(method, preset)
    client.changeSettings(values)
    addNotice(session, `The settings of ${fileName} are in the form.`, {
      detail: notices.map(({ text: notice }) => notice),
      lasting: notices.length > 0,
    })
  })
}

const refuse = (fault: Fault) => session.setState({ refused: fault, peeked: null })
