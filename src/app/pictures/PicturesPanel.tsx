import { Tabs } from '@mantine/core'
import { IconEye, IconGridDots } from '@tabler/icons-react'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import type { PictureView } from '../../store/view.ts'
import { AttentionPanel } from './AttentionPanel.tsx'
import { MasksPanel } from './MasksPanel.tsx'
import { PictureRate } from './PictureRate.tsx'
import classes from './pictures.module.css'

type Tab = PictureView['tab']

const isTab = (value: string | null): value is Tab => value === 'masks' || value === 'attention'

/** The pictures of the run. Only the tab in front is drawn, and only its pictures are asked of the GPU. */
export function PicturesPanel() {
  const tab = useSession((state) => state.view.tab)
  return (
    <Tabs
      value={tab}
      onChange={(value) => {
        if (isTab(value)) client.changeView((view) => ({ ...view, tab: value }))
      }}
      keepMounted={false}
      classNames={{ root: classes.tabs!, panel: classes.tabPanel! }}
    >
      <div className={classes.tabsTop}>
        <Tabs.List>
          <Tabs.Tab value="masks" leftSection={<IconGridDots size={16} />}>
            Masks
          </Tabs.Tab>
          <Tabs.Tab value="attention" leftSection={<IconEye size={16} />}>
            Attention
          </Tabs.Tab>
        </Tabs.List>
        <PictureRate />
      </div>
      <Tabs.Panel value="masks">
        <MasksPanel />
      </Tabs.Panel>
      <Tabs.Panel value="attention">
        <AttentionPanel />
      </Tabs.Panel>
    </Tabs>
  )
}
