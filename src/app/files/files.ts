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
 * loaded, settings fill the form. Files that fit nothing are refused in the import dialog.
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
    case 'settings':
      void takeSettings(sorted.files[0])
      break
  }
}

async function takeSettings(file: File): Promise<void> {
  try {
    // Only as much is read as a settings file can hold: a larger one is no settings file.
    const text = await file.slice(0, SETTINGS_BYTES).text()
    const { method, preset, values, notices } = readSettingsFile(file.name, text)
    client.choose(method, preset)
    client.changeSettings(values)
    session.setState({ dialog: null })
    addNotice(session, `The settings of ${file.name} are in the form.`, {
      detail: notices.map(({ text: notice }) => notice),
      lasting: notices.length > 0,
    })
  } catch (error) {
    refuse(toFault(error))
  }
}

const refuse = (fault: Fault) => session.setState({ refused: fault, peeked: null })
