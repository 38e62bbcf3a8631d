/**
 * TapePanel: time & sales: every trade of one instrument or of all, newest on top, with the running
 * delta of aggressive buys and sells.
 *
 * Imports   contract, format, frame, live, stores, ui, ./tape-*.
 */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { InstrumentStatus } from '../../../engine/contract/status.ts';
import { clock, clockMs } from '../../format/times.ts';
import { addPainter } from '../../frame/frame-loop.ts';
import { liveMarket } from '../../live/live-market.ts';
import { useStatus } from '../../stores/status-store.ts';
import { Menu } from '../../ui/Menu.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ALL, HOLE, TapeModel } from './tape-model.ts';
import { ROW_PX, TapePainter } from './tape-painter.ts';
import { TapeTexts } from './tape-texts.ts';
import './tape.css';

const EVERY = 'all instruments';
/** Least value of a trade in quote units. */
const SIZES: Readonly<Record<string, number>> = {
  'any size': 0,
  '≥ 1k': 1e3,
  '≥ 5k': 5e3,
  '≥ 25k': 25e3,
  '≥ 100k': 100e3,
};
const ANY_SIZE = 'any size';
/** The texts beside the canvas change no faster than they can be read. */
const TEXTS_EVERY_MS = 400;
const SPOKEN_ROWS = 20;

export function TapePanel() {
  const [symbol, setSymbol] = useState(EVERY);
  const [size, setSize] = useState(ANY_SIZE);
  const instruments = useInstruments();
  const symbols = instruments.map((instrument) => instrument.symbol);
  const currency = useStatus((status) => status.pnl.currency) ?? '';
  const index = instruments.findIndex((instrument) => instrument.symbol === symbol);
  return (
    <Panel
      name="tape"
      title="Time & sales"
      aside={
        <Menu
          label="Instrument"
          value={symbol}
          options={[EVERY, ...symbols]}
          onChoose={setSymbol}
        />
      }
      right={
        <Menu
          label={`Least value in ${currency}`}
          value={size}
          options={Object.keys(SIZES)}
          onChoose={setSize}
        />
      }
      isStill
    >
      {instruments.length === 0 ? (
        <p className="empty">Waiting for the engine to name its instruments …</p>
      ) : (
        <Tape
          key={`${symbol} ${size} ${symbols.join(' ')}`}
          instruments={instruments}
          instrument={index < 0 ? ALL : index}
          minValue={SIZES[size] ?? 0}
          unit={index < 0 ? currency : ''}
        />
      )}
    </Panel>
  );
}

/** Instruments by index; the same list until one of them is another. */
function useInstruments(): readonly InstrumentStatus[] {
  const specs = useStatus(
    useShallow((status) =>
      status.instruments.map(({ symbol, tickSize, lotSize }) =>
        [symbol, tickSize, lotSize].join('\n'),
      ),
    ),
  );
  return useMemo(
    () =>
      (specs ?? []).map((spec, index) => {
        const [symbol = '', tickSize = '', lotSize = ''] = spec.split('\n');
        return { symbol, index, tickSize, lotSize } as InstrumentStatus;
      }),
    [specs],
  );
}

interface TapeProps {
  readonly instruments: readonly InstrumentStatus[];
  readonly instrument: number;
  readonly minValue: number;
  readonly unit: string;
}

/** What is said beside the canvas. */
interface Spoken {
  readonly isEmpty: boolean;
  readonly waiting: number;
  readonly isHeld: boolean;
  readonly bought: string;
  readonly sold: string;
  readonly delta: string;
  readonly deltaSign: number;
  readonly since: string;
  readonly rows: readonly SpokenRow[];
}

interface SpokenRow {
  readonly key: number;
  readonly cells: readonly string[];
  readonly side: string;
}

const SILENT: Spoken = {
  isEmpty: true,
  waiting: 0,
  isHeld: false,
  bought: '',
  sold: '',
  delta: '',
  deltaSign: 0,
  since: '',
  rows: [],
};

function Tape({ instruments, instrument, minValue, unit }: TapeProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<TapePainter | null>(null);
  const [spoken, setSpoken] = useState<Spoken>(SILENT);
  const speak = useRef<() => void>(() => {});

  useEffect(() => {
    if (canvas.current === null) return undefined;
    const texts = new TapeTexts(instruments);
    const model = new TapeModel(liveMarket.trades);
    model.choose(instrument, minValue, texts.scales);
    const made = new TapePainter(canvas.current, model, texts, instrument);
    painter.current = made;
    speak.current = () => setSpoken(spokenOf(model, made, texts, instrument));
    const remove = addPainter(made);
    const timer = setInterval(() => speak.current(), TEXTS_EVERY_MS);
    return () => {
      clearInterval(timer);
      remove();
      made.dispose();
      painter.current = null;
    };
  }, [instruments, instrument, minValue]);

  useWheel(canvas, (rows) => {
    painter.current?.scroll(rows);
    speak.current();
  });

  const release = (): void => {
    painter.current?.toNewest();
    speak.current();
  };

  const onKey = (event: KeyboardEvent<HTMLElement>): void => {
    const tape = painter.current;
    const step = tape === null ? undefined : stepsOf(tape)[event.key];
    if (tape === null || step === undefined) return;
    event.preventDefault();
    tape.scroll(step);
    speak.current();
  };

  return (
    <div className="tape">
      <Heads isAll={instrument === ALL} unit={unit} />
      <div
        className="tape__rows"
        tabIndex={0}
        role="group"
        aria-label="Trades, newest first; arrows and page keys go back in time"
        onKeyDown={onKey}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {spoken.isEmpty && (
          <p className="empty">
            No trades {minValue > 0 ? 'of this size ' : ''}yet. They appear as they happen.
          </p>
        )}
        {spoken.isHeld && <HeldChip waiting={spoken.waiting} onRelease={release} />}
      </div>
      <Sums spoken={spoken} unit={unit} />
      <SpokenTable rows={spoken.rows} />
    </div>
  );
}

interface HeldProps {
  readonly waiting: number;
  readonly onRelease: () => void;
}

function HeldChip({ waiting, onRelease }: HeldProps) {
  return (
    <button type="button" className="chip chip--warn tape__waiting" onClick={onRelease}>
      {waiting} newer, held · back to now
    </button>
  );
}

/** Rows towards the past by key. */
function stepsOf({ rows }: TapePainter): Readonly<Record<string, number>> {
  return { ArrowDown: 1, ArrowUp: -1, PageDown: rows, PageUp: -rows, Home: -Infinity };
}

/** The wheel must be kept from the page, which React's own listener cannot do. */
function useWheel(
  canvas: { readonly current: HTMLCanvasElement | null },
  scroll: (rows: number) => void,
): void {
  const latest = useRef(scroll);
  useEffect(() => {
    latest.current = scroll;
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    let rest = 0;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      rest += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / ROW_PX;
      const rows = Math.trunc(rest);
      rest -= rows;
      if (rows !== 0) latest.current(rows);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [canvas]);
}

function Heads({ isAll, unit }: { readonly isAll: boolean; readonly unit: string }) {
  return (
    <div className={`tape__heads ${isAll ? 'tape__heads--all' : ''}`} aria-hidden="true">
      <span>Time</span>
      {isAll && <span>Instrument</span>}
      <span className="tape__figures">
        <span>Price</span>
        <span>Size</span>
        <span title="Bought less sold by those who took, since the first trade shown">
          Delta {unit}
        </span>
      </span>
    </div>
  );
}

function Sums({ spoken, unit }: { readonly spoken: Spoken; readonly unit: string }) {
  const { bought, sold, delta, deltaSign, since } = spoken;
  const colour = deltaSign > 0 ? 'up' : deltaSign < 0 ? 'down' : '';
  return (
    <p className="tape__sums" data-role="tape-sums">
      <span>
        bought <span className="num up">{bought}</span>
      </span>
      <span>
        sold <span className="num down">{sold}</span>
      </span>
      <span>
        delta <span className={`num ${colour}`}>{delta}</span> {unit}
      </span>
      <span className="grow" />
      <span className="num">{since === '' ? '' : `since ${since}`}</span>
    </p>
  );
}

/** The newest trades for whoever cannot see the canvas. */
function SpokenTable({ rows }: { readonly rows: readonly SpokenRow[] }) {
  return (
    <table className="hidden" data-role="tape-rows" aria-label="The last twenty trades">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Instrument</th>
          <th scope="col">Side</th>
          <th scope="col">Price</th>
          <th scope="col">Size</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells, side }) => (
          <tr key={key} data-side={side}>
            {cells.map((cell, i) => (
              <td key={`${i} ${cell}`}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function spokenOf(
  model: TapeModel,
  painter: TapePainter,
  texts: TapeTexts,
  instrument: number,
): Spoken {
  model.follow();
  const rows: SpokenRow[] = [];
  for (let back = 0; back < Math.min(SPOKEN_ROWS, model.count); back++) {
    rows.push(spokenRow(model, texts, back));
  }
  const amount = (value: number): string => texts.delta(instrument, value).replace(/^\+/, '');
  return {
    isEmpty: model.count === 0,
    waiting: painter.waiting,
    isHeld: painter.isHeld,
    bought: amount(model.bought),
    sold: amount(model.sold),
    delta: texts.delta(instrument, model.delta),
    deltaSign: Math.sign(model.delta),
    since: model.sinceMs === 0 ? '' : clock(model.sinceMs),
    rows,
  };
}

function spokenRow(model: TapeModel, texts: TapeTexts, back: number): SpokenRow {
  const key = model.sequence(back);
  const at = model.instrument(back);
  if (at === HOLE) {
    return { key, side: 'hole', cells: [`${model.lots(back)} trades are not here`] };
  }
  const side = model.side(back) > 0 ? 'buy' : 'sell';
  const price = texts.price(at, model.ticks(back));
  const time = clockMs(model.atMs(back));
  return {
    key,
    side,
    cells: [time, texts.symbol(at), side, price, texts.size(at, model.lots(back))],
  };
}
