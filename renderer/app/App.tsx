/**
 * App: the fixed arrangement of the window: header, notice strip, two ladders, the middle, the
 * right column, footer; over them the curtain while the link is not live.
 *
 * Imports   commands, panels, stores, ./*.
 */
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { watchLadders } from '../commands/commands.ts';
import { liveMarket } from '../live/live-market.ts';
import { DecisionsPanel } from '../panels/decisions/DecisionsPanel.tsx';
import { ImbalancePanel } from '../panels/imbalance/ImbalancePanel.tsx';
import { LadderPanel } from '../panels/ladder/LadderPanel.tsx';
import { LatencyPanel } from '../panels/latency/LatencyPanel.tsx';
import { MarketMakingPanel } from '../panels/market-making/MarketMakingPanel.tsx';
import { ScalpsPanel } from '../panels/scalps/ScalpsPanel.tsx';
import { SignalsPanel } from '../panels/signals/SignalsPanel.tsx';
import { StrategiesPanel } from '../panels/strategies/StrategiesPanel.tsx';
import { useConnection } from '../stores/connection-store.ts';
import { useStatus } from '../stores/status-store.ts';
import { useView } from '../stores/view-store.ts';
import { Curtain } from './Curtain.tsx';
import { Dialogs } from './Dialogs.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import { NoticeStrip } from './NoticeStrip.tsx';
import { settleView } from './view-memory.ts';

const STALLED_MS = 2000;
const LOOK_EVERY_MS = 500;

export function App() {
  const isAlive = useConnection((state) => state.phase === 'live');
  const isStalled = useStalled(isAlive);
  useLadders();
  return (
    <ErrorBoundary>
      <div className="app" data-alive={isAlive} data-stalled={isStalled}>
        <Header />
        <NoticeStrip isStalled={isStalled} />
        <main className="main" aria-busy={!isAlive}>
          <LadderPanel ladder={0} />
          <LadderPanel ladder={1} />
          <div className="column column--middle">
            <ImbalancePanel />
            <ScalpsPanel />
            <MarketMakingPanel />
            <DecisionsPanel />
          </div>
          <div className="column column--right">
            <StrategiesPanel />
            <SignalsPanel />
            <LatencyPanel />
          </div>
        </main>
        <Footer />
        <Curtain />
        <Dialogs />
      </div>
    </ErrorBoundary>
  );
}

/** True when the link lives but no market frame has come for two seconds to a visible window. */
function useStalled(isAlive: boolean): boolean {
  const [isStalled, setStalled] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => {
      const isVisible = document.visibilityState === 'visible';
      setStalled(isAlive && isVisible && liveMarket.frameAgeMs(performance.now()) > STALLED_MS);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isAlive]);
  return isStalled;
}

/** Chooses instruments for the ladders once they are known, and asks the engine for their books. */
function useLadders(): void {
  const symbols = useStatus(useShallow((status) => status.instruments.map(({ symbol }) => symbol)));
  const [left, right] = useView((state) => state.ladders);

  useEffect(() => {
    if (symbols !== null) settleView(symbols);
  }, [symbols]);
  useEffect(() => {
    if (left !== '' || right !== '') watchLadders([left, right]);
  }, [left, right]);
}
