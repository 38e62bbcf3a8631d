/**
 * LiquidityPanel: what rested in the book through the last minutes, and what traded against it.
 *
 * The panel asks for the ladder of its instrument to be watched; nothing is known before that.
 * React renders the title bar and the words; the canvases are painted by the frame loop.
 *
 * Imports   canvas, format, frame, live, stores, ui, ./*.
 */
import { useEffect, useMemo, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Grid } from '../../format/grid.ts';
import { NONE } from '../../format/numbers.ts';
import { addPainter } from '../../frame/frame-loop.ts';
import { liveMarket } from '../../live/live-market.ts';
import { BUBBLE_SIZES, chartChanged, useChart, type BubbleSize } from '../../stores/chart-store.ts';
import { currentInstrument, useStatus } from '../../stores/status-store.ts';
import { useView } from '../../stores/view-store.ts';
import { useWatch, wantLadder, watchedSymbols } from '../../stores/watch-store.ts';
import { Menu } from '../../ui/Menu.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { LiquidityCursor } from './liquidity-cursor.ts';
import { LiquidityPainter } from './liquidity-painter.ts';
import { attachLiquidityPointer } from './liquidity-pointer.ts';
import { bubbleFloor, spanText } from './liquidity-rows.ts';
import './liquidity.css';

const FOLLOW = 'follow the focus';
const WORDS_EVERY_MS = 500;
const BUBBLE_WORDS: Readonly<Record<BubbleSize, string>> = {
  all: 'all trades',
  usual: 'usual and larger',
  large: 'large only',
  none: 'no bubbles',
};

export function LiquidityPanel() {
  const pinned = useChart((state) => state.liquidityPinned);
  const focus = useView((state) => state.focus);
  const symbol = pinned === '' ? focus : pinned;
  const key = useStatus((status) => {
    const found = status.instruments.find((instrument) => instrument.symbol === symbol);
    return found === undefined ? '' : `${found.index} ${found.tickSize} ${found.lotSize}`;
  });
  const grid = useMemo(() => {
    const instrument = currentInstrument(symbol);
    return instrument === null || key === null ? null : new Grid(instrument);
  }, [symbol, key]);

  useEffect(() => {
    wantLadder('liquidity', symbol);
    return () => wantLadder('liquidity', '');
  }, [symbol]);

  return (
    <Panel
      name="liquidity"
      title="Liquidity"
      aside={<LiquidityInstrument symbol={symbol} isPinned={pinned !== ''} />}
      right={<LiquidityTools />}
      isStill
    >
      {grid === null ? (
        <p className="empty">No instrument to show yet.</p>
      ) : (
        <LiquidityBody grid={grid} />
      )}
    </Panel>
  );
}

function LiquidityInstrument({ symbol, isPinned }: { symbol: string; isPinned: boolean }) {
  const symbols = useStatus(useShallow((status) => status.instruments.map((i) => i.symbol)));
  return (
    <>
      <Menu
        label="Instrument of the heatmap"
        value={symbol}
        options={[FOLLOW, ...(symbols ?? [])]}
        onChoose={(chosen) => chartChanged({ liquidityPinned: chosen === FOLLOW ? '' : chosen })}
      />
      {isPinned && <span className="chip chip--own">pinned</span>}
    </>
  );
}

function LiquidityTools() {
  const bubbles = useChart((state) => state.bubbles);
  return (
    <>
      <span className="chip" data-role="liquidity-span" title="time in view">
        {NONE}
      </span>
      <span className="chip chip--menu">
        <Menu
          label="Trades drawn as bubbles"
          className="menu--chip"
          value={BUBBLE_WORDS[bubbles]}
          options={BUBBLE_SIZES.map((size) => BUBBLE_WORDS[size])}
          onChoose={(words) => {
            const size = BUBBLE_SIZES.find((each) => BUBBLE_WORDS[each] === words);
            if (size !== undefined) chartChanged({ bubbles: size });
          }}
        />
        <span data-role="bubble-floor" title="smallest trade that gets a bubble" />
      </span>
    </>
  );
}

function LiquidityBody({ grid }: { readonly grid: Grid }) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cross = useRef<HTMLCanvasElement>(null);
  const painter = useRef<LiquidityPainter | null>(null);
  const bubbles = useChart((state) => state.bubbles);
  const recentres = useView((state) => state.recentres);
  const ladders = useView((state) => state.ladders);
  const wanted = useWatch((state) => state.wanted);
  const isWatched = watchedSymbols(ladders, wanted).includes(grid.symbol);

  useEffect(() => {
    if (canvas.current === null || cross.current === null || holder.current === null) return;
    const made = new LiquidityPainter(canvas.current, liveMarket, grid);
    const cursor = new LiquidityCursor(cross.current, made, grid);
    painter.current = made;
    const removers = [
      addPainter(made),
      addPainter(cursor),
      attachLiquidityPointer(holder.current, made, cursor),
      keepSaying(holder.current, made, grid),
    ];
    return () => {
      for (const remove of removers) remove();
      made.dispose();
      cursor.dispose();
      painter.current = null;
    };
  }, [grid]);
  // Without a list: a new painter must hear it again.
  useEffect(() => painter.current?.setBubbles(bubbles));
  useEffect(() => {
    const made = painter.current;
    if (recentres > 0) made?.view.recentre(made.middle());
  }, [recentres]);

  return (
    <div
      ref={holder}
      className="liquidity"
      tabIndex={0}
      role="group"
      aria-label={
        `Resting size of ${grid.symbol} through time; arrows scroll, + and − zoom time, ` +
        'Page Up and Down zoom prices, Home goes back, End returns to the market'
      }
    >
      <canvas ref={canvas} aria-hidden="true" />
      <canvas ref={cross} aria-hidden="true" className="liquidity__cursor" />
      <p className="liquidity__words" data-role="liquidity-words" aria-live="polite">
        {isWatched ? '' : `Four ladders are watched already: ${grid.symbol} has no room.`}
      </p>
      <p className="liquidity__away" data-role="liquidity-away" aria-hidden="true" />
    </div>
  );
}

/** Words beside the canvas, twice a second. */
function keepSaying(element: HTMLElement, painter: LiquidityPainter, grid: Grid): () => void {
  const panel = element.closest('[data-panel]') ?? element;
  const say = (role: string, text: string): void => {
    const node = panel.querySelector(`[data-role="${role}"]`);
    if (node !== null && node.textContent !== text) node.textContent = text;
  };
  const look = (): void => {
    const { history, view } = painter;
    const columns =
      history === null || history.newest < 0 ? 0 : history.newest - history.oldest + 1;
    element.dataset['columns'] = String(columns);
    element.dataset['topTicks'] = String(view.topTicks);
    element.dataset['rebuilds'] = String(painter.store.rebuilds);
    element.classList.toggle('liquidity--empty', columns === 0);
    say('liquidity-span', spanText(view.spanMs));
    const floor = bubbleFloor(useChart.getState().bubbles, history?.usualLots ?? 0);
    const hasFloor = Number.isFinite(floor) && floor > 0;
    say('bubble-floor', hasFloor ? `≥ ${grid.shortSize(Math.ceil(floor))}` : '');
    const isAway = view.isHeld || view.back > 0;
    say('liquidity-away', isAway ? 'held · End or double-click returns to the market' : '');
  };
  look();
  const timer = setInterval(look, WORDS_EVERY_MS);
  return () => clearInterval(timer);
}
