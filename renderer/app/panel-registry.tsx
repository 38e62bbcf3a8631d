/**
 * panel-registry: every panel that a window can show, by name.
 *
 * Readers   the arrangement of the window; a window of its own for one panel (`#panel=<id>`).
 * Imports   panels.
 */
import { lazy, type ReactNode } from 'react';
import { DecisionsPanel } from '../panels/decisions/DecisionsPanel.tsx';
import { ImbalancePanel } from '../panels/imbalance/ImbalancePanel.tsx';
import { LadderPanel } from '../panels/ladder/LadderPanel.tsx';
import { LatencyPanel } from '../panels/latency/LatencyPanel.tsx';
import { MarketMakingPanel } from '../panels/market-making/MarketMakingPanel.tsx';
import { OrdersFillsPanel } from '../panels/orders-fills/OrdersFillsPanel.tsx';
import { ReplayPanel } from '../panels/replay/ReplayPanel.tsx';
import { ScalpsPanel } from '../panels/scalps/ScalpsPanel.tsx';
import { SettingsPanel } from '../panels/settings/SettingsPanel.tsx';
import { SignalsPanel } from '../panels/signals/SignalsPanel.tsx';
import { StrategiesPanel } from '../panels/strategies/StrategiesPanel.tsx';
import { TapePanel } from '../panels/tape/TapePanel.tsx';

const chart = () => import('../panels/chart/ChartPanel.tsx');
const liquidity = () => import('../panels/liquidity/LiquidityPanel.tsx');
const statistics = () => import('../panels/statistics/StatisticsPanel.tsx');

/** Panels that bring a library along; `fetchPanels` gets them while the shell can be reached. */
const ChartPanel = lazy(async () => ({ default: (await chart()).ChartPanel }));
const LiquidityPanel = lazy(async () => ({ default: (await liquidity()).LiquidityPanel }));
const StatisticsPanel = lazy(async () => ({ default: (await statistics()).StatisticsPanel }));

/** Everything that a panel needs is here afterwards, and stays when the engine goes. */
export function fetchPanels(): Promise<unknown> {
  return Promise.allSettled([chart(), liquidity(), statistics()]);
}

export interface PanelEntry {
  /** Stable: kept in saved arrangements. */
  readonly id: string;
  readonly title: string;
  readonly render: () => ReactNode;
}

export const PANELS: readonly PanelEntry[] = [
  { id: 'ladder-left', title: 'Ladder, left', render: () => <LadderPanel ladder={0} /> },
  { id: 'ladder-right', title: 'Ladder, right', render: () => <LadderPanel ladder={1} /> },
  { id: 'imbalance', title: 'Imbalance', render: () => <ImbalancePanel /> },
  { id: 'scalps', title: 'Open scalps', render: () => <ScalpsPanel /> },
  { id: 'market-making', title: 'Market making', render: () => <MarketMakingPanel /> },
  { id: 'decisions', title: 'Decisions', render: () => <DecisionsPanel /> },
  { id: 'strategies', title: 'Strategies', render: () => <StrategiesPanel /> },
  { id: 'signals', title: 'Signals', render: () => <SignalsPanel /> },
  { id: 'chart', title: 'Chart', render: () => <ChartPanel /> },
  { id: 'liquidity', title: 'Liquidity', render: () => <LiquidityPanel /> },
  { id: 'orders-fills', title: 'Orders & fills', render: () => <OrdersFillsPanel /> },
  { id: 'statistics', title: 'Session statistics', render: () => <StatisticsPanel /> },
  { id: 'tape', title: 'Time & sales', render: () => <TapePanel /> },
  { id: 'latency', title: 'Latency', render: () => <LatencyPanel /> },
  { id: 'replay', title: 'Replay', render: () => <ReplayPanel /> },
  { id: 'settings', title: 'Settings', render: () => <SettingsPanel /> },
];

/** The panel that the address asks for alone, or null for the whole arrangement. */
export function lonePanel(hash: string): PanelEntry | null {
  const id = new URLSearchParams(hash.replace(/^#/, '')).get('panel');
  return PANELS.find((entry) => entry.id === id) ?? null;
}
