import { Loader, Tabs } from '@mantine/core'
import {
  IconChartDots,
  IconChartLine,
  IconColorSwatch,
  IconEye,
  IconGridDots,
  IconGridPattern,
  IconListNumbers,
  IconPuzzle,
  IconStack2,
  IconWaveSine,
} from '@tabler/icons-react'
import { lazy, Suspense, type ComponentType, type ReactNode } from 'react'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { visibleTabs } from '../../store/tabs.ts'
import { pictureTabs, tabNames, type PictureTab } from '../../store/view.ts'
import { MasksPanel } from './MasksPanel.tsx'
import { PictureRate } from './PictureRate.tsx'
import classes from './pictures.module.css'

// Nobody looks at them before there is something to see.
const OrderPanel = lazy(() => import('./order/OrderPanel.tsx'))
const PlacesPanel = lazy(() => import('./places/PlacesPanel.tsx'))
const AttentionPanel = lazy(() => import('./AttentionPanel.tsx'))
const ActivationsPanel = lazy(() => import('./activations/ActivationsPanel.tsx'))
const FourierPanel = lazy(() => import('./fourier/FourierPanel.tsx'))
const SimilarityPanel = lazy(() => import('./similarity/SimilarityPanel.tsx'))
const TokensPanel = lazy(() => import('./tokens/TokensPanel.tsx'))
const EvaluatePanel = lazy(() => import('../evaluate/EvaluatePanel.tsx'))
const ComparePanel = lazy(() => import('../compare/ComparePanel.tsx'))

const icons: Readonly<Record<PictureTab, ReactNode>> = {
  masks: <IconGridDots size={16} />,
  order: <IconListNumbers size={16} />,
  places: <IconPuzzle size={16} />,
  attention: <IconEye size={16} />,
  activations: <IconStack2 size={16} />,
  fourier: <IconWaveSine size={16} />,
  similarity: <IconGridPattern size={16} />,
  tokens: <IconColorSwatch size={16} />,
  evaluate: <IconChartDots size={16} />,
  compare: <IconChartLine size={16} />,
}

const panels: Readonly<Record<PictureTab, ComponentType>> = {
  masks: MasksPanel,
  order: OrderPanel,
  places: PlacesPanel,
  attention: AttentionPanel,
  activations: ActivationsPanel,
  fourier: FourierPanel,
  similarity: SimilarityPanel,
  tokens: TokensPanel,
  evaluate: EvaluatePanel,
  compare: ComparePanel,
}

const loading = <Loader size="sm" m="auto" aria-label="Loading" />

const isTab = (value: string | null): value is PictureTab =>
  pictureTabs.some((tab) => tab === value)

/**
 * The pictures of the run, and how good its features are. Only the tab in front is drawn, and only its pictures are
 * asked of the GPU.
 */
export function PicturesPanel() {
  const tab = useSession((state) => state.view.tab)
  const tabs = useSession(visibleTabs)
  const Panel = panels[tab]
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
          {tabs.map((value) => (
            <Tabs.Tab key={value} value={value} leftSection={icons[value]}>
              {tabNames[value]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tab !== 'evaluate' && tab !== 'compare' && <PictureRate />}
      </div>
      <Tabs.Panel value={tab}>
        <Suspense fallback={loading}>
          <Panel />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  )
}
