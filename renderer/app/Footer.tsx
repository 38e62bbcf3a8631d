/**
 * Footer: the machinery in small print: journal, drops, frame times, lease, the engine's clock.
 *
 * The two figures that move by themselves (frame time, clock) are written straight into their
 * elements once or twice a second; React does not render for them.
 *
 * Imports   format, frame, live, stores, ./WorkspaceMenu.
 */
import { useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { bytes, NONE } from '../format/numbers.ts';
import { clockMs, zoneName } from '../format/times.ts';
import { frameLoop } from '../frame/frame-loop.ts';
import { liveMarket } from '../live/live-market.ts';
import { useConnection } from '../stores/connection-store.ts';
import { useStatus } from '../stores/status-store.ts';
import { choosePalette, chooseTheme, openDialog, useView } from '../stores/view-store.ts';
import { lonePanel } from './panel-registry.tsx';
import { WorkspaceMenu } from './WorkspaceMenu.tsx';

const FRAMES_EVERY_MS = 1000;
const CLOCK_EVERY_MS = 200;

export function Footer() {
  const [isAlone] = useState(() => lonePanel(location.hash) !== null);
  return (
    <footer className="footer">
      {!isAlone && <WorkspaceMenu />}
      <button type="button" onClick={() => openDialog('keys')}>
        <b>?</b> keys
      </button>
      <button type="button" onClick={() => openDialog('palette')}>
        <b>Ctrl K</b> commands
      </button>
      <ThemeButton />
      <button type="button" onClick={() => openDialog('settings')}>
        settings
      </button>
      <PaletteButton />
      <span className="grow" />
      <Lease />
      <Journal />
      <Drops />
      <FrameTimes />
      <EngineClock />
    </footer>
  );
}

const NEXT_THEME = { dark: 'light', light: 'system', system: 'dark' } as const;

function ThemeButton() {
  const theme = useView((state) => state.theme);
  const next = NEXT_THEME[theme];
  return (
    <button
      type="button"
      title={`Theme: ${theme}. Change to ${next}.`}
      onClick={() => chooseTheme(next)}
    >
      <b>{theme}</b> theme
    </button>
  );
}

function PaletteButton() {
  const palette = useView((state) => state.palette);
  const other = palette === 'teal-red' ? 'blue-orange' : 'teal-red';
  return (
    <button
      type="button"
      title={`Side colours: ${palette}. Change to ${other}.`}
      onClick={() => choosePalette(other)}
    >
      <span className="up">bid</span> / <span className="down">ask</span> colours
    </button>
  );
}

function Lease() {
  const terminal = useConnection((state) => state.terminal);
  const lease = useStatus((status) => status.lease);
  if (lease === null) return <span>control {NONE}</span>;
  const holder = lease.mine ? `${terminal} (this one)` : (lease.holder ?? 'nobody');
  return (
    <span data-role="lease">
      control <b>{lease.held ? holder : 'nobody'}</b>
    </span>
  );
}

function Journal() {
  const journal = useStatus((status) => status.journal);
  if (journal === null) return <span>journal {NONE}</span>;
  return (
    <span
      className="drop-footer"
      title={`session ${journal.session}, ${journal.segments} segments`}
    >
      journal{' '}
      <b className={journal.failed ? 'down' : ''}>
        {journal.failed ? 'FAILED' : bytes(journal.bytes)}
      </b>
    </span>
  );
}

function Drops() {
  const drops = useStatus(
    useShallow(({ drops: d }: EngineStatus) => ({
      lost: d.journalSlots + d.hostSlots + d.tape + d.malformed + d.batchOverflow,
      frames: d.frames,
    })),
  );
  return (
    <span title="records lost or refused since the start (frames that were conflated not counted)">
      drops <b className={drops !== null && drops.lost > 0 ? 'down' : ''}>{drops?.lost ?? NONE}</b>
    </span>
  );
}

function FrameTimes() {
  const ref = useRef<HTMLElement>(null);
  useEvery(FRAMES_EVERY_MS, () => {
    const { times } = frameLoop;
    if (ref.current === null || times.count === 0) return;
    const paint = `${times.cost(0.5).toFixed(1)} / ${times.cost(0.99).toFixed(1)}`;
    ref.current.textContent = `${times.gap(0.5).toFixed(1)} ms · paint ${paint} ms`;
  });
  return (
    <span
      className="drop-footer"
      title="last 512 display frames: median distance; painting, median / 99th percentile"
    >
      frame{' '}
      <b ref={ref} className="num" data-role="frame-times">
        {NONE}
      </b>
    </span>
  );
}

function EngineClock() {
  const ref = useRef<HTMLElement>(null);
  useEvery(CLOCK_EVERY_MS, () => {
    const { book } = liveMarket;
    const isLive = useConnection.getState().phase === 'live';
    const text = book.version === 0 || !isLive ? NONE : `${clockMs(book.wallMs)} ${zoneName()}`;
    if (ref.current !== null) ref.current.textContent = text;
  });
  return (
    <b ref={ref} className="num" title="the engine's clock" data-role="engine-clock">
      {NONE}
    </b>
  );
}

function useEvery(ms: number, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const timer = setInterval(() => latest.current(), ms);
    return () => clearInterval(timer);
  }, [ms]);
}
