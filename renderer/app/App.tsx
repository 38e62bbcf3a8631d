/**
 * App: the window: header, notice strip, the dock with the panels, footer; over them the curtain
 * while the link is not live.
 *
 * Imports   commands, stores, ./*.
 */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { watchLadders } from '../commands/commands.ts';
import { liveMarket } from '../live/live-market.ts';
import { useConnection } from '../stores/connection-store.ts';
import { useStatus } from '../stores/status-store.ts';
import { useView } from '../stores/view-store.ts';
import { useWatch, watchedSymbols } from '../stores/watch-store.ts';
import { Curtain } from './Curtain.tsx';
import { Dialogs } from './Dialogs.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import { keepers } from './keepers.ts';
import { NoticeStrip } from './NoticeStrip.tsx';
import { PanelBoundary } from './PanelBoundary.tsx';
import { lonePanel } from './panel-registry.tsx';
import { settleView } from './view-memory.ts';

/** A window of one panel does without the dock. */
export const loadDock = () => import('./dock/Dock.tsx');
const Dock = lazy(async () => ({ default: (await loadDock()).Dock }));

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
        <Arrangement isAlive={isAlive} />
        <Footer />
        <Curtain />
        <Dialogs />
      </div>
    </ErrorBoundary>
  );
}

/** One panel alone where the address asks for it, else the dock. */
function Arrangement({ isAlive }: { readonly isAlive: boolean }) {
  const [alone] = useState(() => lonePanel(location.hash));
  if (alone !== null) {
    return (
      <main className="main main--alone" aria-busy={!isAlive}>
        <PanelBoundary title={alone.title}>
          <Suspense fallback={<div className="panel" aria-busy="true" />}>
            {alone.render()}
          </Suspense>
        </PanelBoundary>
      </main>
    );
  }
  return (
    <main className="main" aria-busy={!isAlive}>
      <Suspense fallback={null}>
        <Dock keeper={keepers().workspaces} />
      </Suspense>
    </main>
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
  const ladders = useView((state) => state.ladders);
  const wanted = useWatch((state) => state.wanted);
  const watched = watchedSymbols(ladders, wanted).join();

  useEffect(() => {
    if (symbols !== null) settleView(symbols);
  }, [symbols]);
  useEffect(() => {
    if (watched !== '') watchLadders(watched.split(','));
  }, [watched]);
}
