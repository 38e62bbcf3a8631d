/**
 * App: the fixed arrangement of the window: header, notice strip, two ladders, the middle, the
 * right column, footer; over them the curtain while the link is not live.
 *
 * Imports   commands, panels, stores, ./*.
 */
import { Fragment, useEffect, useState, type ReactNode } from 'react';
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
import { NoticeStrip } from './NoticeStrip.tsx';
import { lonePanel, PANELS } from './panel-registry.tsx';
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
        <Arrangement isAlive={isAlive} />
        <Footer />
        <Curtain />
        <Dialogs />
      </div>
    </ErrorBoundary>
  );
}

/** One panel alone where the address asks for it, else the fixed columns. */
function Arrangement({ isAlive }: { readonly isAlive: boolean }) {
  const alone = lonePanel(location.hash);
  if (alone !== null) {
    return (
      <main className="main main--alone" aria-busy={!isAlive}>
        {alone.render()}
      </main>
    );
  }
  return (
    <main className="main" aria-busy={!isAlive}>
      {panels('ladder-left', 'ladder-right')}
      <div className="column column--middle">
        {panels('imbalance', 'scalps', 'market-making', 'decisions')}
      </div>
      <div className="column column--right">{panels('strategies', 'signals', 'latency')}</div>
    </main>
  );
}

function panels(...ids: readonly string[]): ReactNode {
  return ids.map((id) => {
    const entry = PANELS.find((each) => each.id === id);
    return entry === undefined ? null : <Fragment key={id}>{entry.render()}</Fragment>;
  });
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
