import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { methods } from '../../src/methods/registry.ts'
import { settingsMarkdown } from '../../src/settings/docs.ts'
import { root } from '../node/project.ts'

/** Where the page about all settings lies. */
export const settingsPagePath = join(root, 'docs/settings.md')

/** The page about all settings of all methods, made from the settings tables. */
export async function settingsPage(): Promise<string> {
  const sections = methods.map(
    ({ name, paper, table, presets }) => `## ${name}

${paper.title}. ${paper.authors}, ${paper.venue}. <${paper.url}>

Presets: ${Object.entries(presets)
      .map(([id, { help }]) => `\`${id}\` (${help.replace(/\.$/, '')})`)
      .join('; ')}.

${settingsMarkdown(table)}`,
  )
  const text = `# Settings

Made from the settings tables by \`npm run docs\`; do not edit. Any of them may stand in the address
(\`?preset=tiny&maskRatio=0.75\`) or after \`--set\` on the command line. The source of a default is the paper, its
official code, a browser-scale choice of ours, our own design, or our own choice where the paper’s text is silent.

${sections.join('\n')}`
  const options = await resolveConfig(settingsPagePath)
  return format(text, { ...options, parser: 'markdown' })
}
