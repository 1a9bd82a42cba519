import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowBackUp,
  IconDots,
  IconFileExport,
  IconFileImport,
  IconLink,
} from '@tabler/icons-react'
import { pickAndTake } from '../files/files.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { actions, client, saveSettingsFile } from '../../store/page.ts'

/** What one does to all settings at once. */
export function SettingsMenu({ base }: { readonly base: SettingValues }) {
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon aria-label="All settings" data-testid="settings-menu">
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowBackUp size={16} />}
          data-testid="reset-all"
          onClick={() => client.changeSettings(base)}
        >
          Reset all to the preset
        </Menu.Item>
        <Menu.Item leftSection={<IconLink size={16} />} onClick={actions.link.run}>
          Copy link
        </Menu.Item>
        <Menu.Item leftSection={<IconFileExport size={16} />} onClick={saveSettingsFile}>
          Save settings
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFileImport size={16} />}
          onClick={() => void pickAndTake('settings')}
        >
          Open settings
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
