/**
 * LadderFoot: size and presets, what a click makes, cancel and flatten, the hand's position, and
 * what came of it all.
 *
 * Imports   commands, format, stores, ./foot-line, ./hand-size.
 */
import { useEffect, useState } from 'react';
import type { InstrumentStatus } from '../../../engine/contract/status.ts';
import { cancelOrders, flatten } from '../../commands/commands.ts';
import type { Grid } from '../../format/grid.ts';
import { grouped, signedMoney, signOf } from '../../format/numbers.ts';
import { useCommands } from '../../stores/commands-store.ts';
import {
  chooseSize,
  handSizes,
  keepPreset,
  offerSizes,
  togglePostOnly,
  toggleReduceOnly,
  useHand,
} from '../../stores/hand-store.ts';
import { currentStatus, useStatus } from '../../stores/status-store.ts';
import type { LadderIndex } from '../../stores/view-store.ts';
import { footLine } from './foot-line.ts';
import { firstPresets } from './hand-size.ts';
import './ladder-foot.css';

const CONFIRM_MS = 4000;
const SAY_EVERY_MS = 500;

interface FootProps {
  readonly ladder: LadderIndex;
  readonly grid: Grid;
}

export function LadderFoot({ ladder, grid }: FootProps) {
  const { symbol } = grid;
  const instrument = useStatus(
    (status) => status.instruments.find((each) => each.symbol === symbol) ?? null,
  );
  useFirstSizes(grid, instrument);
  return (
    <div className="foot" data-role="ladder-foot" data-locked={instrument?.ladder !== 'unlocked'}>
      <SizeLine grid={grid} />
      <Presets symbol={symbol} />
      <Actions symbol={symbol} instrument={instrument} />
      <Position instrument={instrument} />
      <Preview ladder={ladder} />
      <Line instrument={instrument} symbol={symbol} />
    </div>
  );
}

/** Round sizes at the first sight of a price; afterwards they are the person's. */
function useFirstSizes(grid: Grid, instrument: InstrumentStatus | null): void {
  const hasPrice = instrument !== null && instrument.bestBid !== null;
  useEffect(() => {
    if (!hasPrice || handSizes(grid.symbol) !== null) return;
    const now = currentStatus()?.instruments.find(({ symbol }) => symbol === grid.symbol);
    const presets = firstPresets(grid, Number(now?.bestBid ?? 0), Number(now?.minNotional ?? 0));
    offerSizes(grid.symbol, { size: presets[0] ?? '', presets });
  }, [grid, hasPrice]);
}

function SizeLine({ grid }: { readonly grid: Grid }) {
  const { symbol } = grid;
  const size = useHand((state) => state.sizes[symbol]?.size ?? '');
  const isPostOnly = useHand((state) => state.isPostOnly);
  const isReduceOnly = useHand((state) => state.isReduceOnly);
  const isGood = grid.lots(size) > 0;
  return (
    <div className="foot__size">
      <input
        className="foot__input num"
        data-role="hand-size"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        aria-label={`Size of the next order, ${symbol}`}
        aria-invalid={!isGood}
        title={isGood ? 'Size of the next order' : `A multiple of ${grid.plainSize(1)}`}
        value={size}
        onChange={(event) => chooseSize(symbol, event.target.value.trim())}
      />
      <Toggle
        label="POST"
        isOn={isPostOnly}
        title="Post-only: rejected rather than take. Off: a plain limit order"
        onToggle={togglePostOnly}
      />
      <Toggle
        label="REDUCE"
        isOn={isReduceOnly}
        title="Reduce-only: may only shrink the position"
        onToggle={toggleReduceOnly}
      />
    </div>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly title: string;
  readonly onToggle: () => void;
}

function Toggle({ label, isOn, title, onToggle }: ToggleProps) {
  return (
    <button
      type="button"
      className={`chip ${isOn ? 'chip--own' : ''}`}
      aria-pressed={isOn}
      title={title}
      onClick={onToggle}
    >
      {label}
    </button>
  );
}

function Presets({ symbol }: { readonly symbol: string }) {
  const sizes = useHand((state) => state.sizes[symbol]);
  return (
    <div className="foot__presets" role="group" aria-label="Size presets">
      {(sizes?.presets ?? []).map((preset, index) => (
        <button
          // oxlint-disable-next-line react/no-array-index-key -- a preset is its place
          key={index}
          type="button"
          className="foot__preset num"
          data-preset={index + 1}
          aria-pressed={preset === sizes?.size}
          title={`Alt+${index + 1}. Right click or Alt+Shift+${index + 1} keeps the present size`}
          onClick={() => chooseSize(symbol, preset)}
          onContextMenu={(event) => {
            event.preventDefault();
            keepPreset(symbol, index);
          }}
        >
          {short(preset)}
        </button>
      ))}
    </div>
  );
}

/** "0.050" → ".05": five of them share the width of a ladder. */
function short(size: string): string {
  const plain = size.includes('.') ? size.replace(/\.?0+$/, '') : size;
  return plain.replace(/^0\./, '.');
}

interface ActionsProps {
  readonly symbol: string;
  readonly instrument: InstrumentStatus | null;
}

function Actions({ symbol, instrument }: ActionsProps) {
  const isMine = useStatus((status) => status.lease.mine) === true;
  const cancel = (side: 'buy' | 'sell' | null, isAll = false): void => {
    cancelOrders(symbol, side, isAll ? 'all' : 'hand');
  };
  return (
    <div className="foot__actions" role="group" aria-label="Cancel and flatten">
      <button type="button" className="button" disabled={!isMine} onClick={() => cancel('buy')}>
        Cancel bids
      </button>
      <button type="button" className="button" disabled={!isMine} onClick={() => cancel('sell')}>
        asks
      </button>
      <button
        type="button"
        className="button"
        disabled={!isMine}
        title="Every order by hand here. Shift: the orders of strategies as well"
        onClick={(event) => cancel(null, event.shiftKey)}
      >
        all
      </button>
      <FlattenButton symbol={symbol} instrument={instrument} isMine={isMine} />
    </div>
  );
}

/** One press while flat; with a position the second press within a few seconds sends it. */
function FlattenButton({ symbol, instrument, isMine }: ActionsProps & { isMine: boolean }) {
  const [isAsking, setAsking] = useState(false);
  const isHeld = (instrument?.positionLots ?? 0) !== 0;
  useEffect(() => {
    if (!isAsking) return undefined;
    const timer = setTimeout(() => setAsking(false), CONFIRM_MS);
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.shiftKey) return;
      event.stopImmediatePropagation();
      setAsking(false);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKey, { capture: true });
    };
  }, [isAsking]);
  const press = (): void => {
    if (isHeld && !isAsking) {
      setAsking(true);
      return;
    }
    setAsking(false);
    flatten(symbol);
  };
  const { position = '' } = instrument ?? {};
  return (
    <button
      type="button"
      className={`button foot__flatten ${isAsking ? 'foot__flatten--asking' : ''}`}
      data-role="hand-flatten"
      disabled={!isMine}
      title="Cancels what the hand has here and closes every position here, strategies' as well"
      onClick={press}
    >
      {isAsking ? `Close ${short(position.replace('-', ''))}?` : 'Flatten'}
    </button>
  );
}

function Position({ instrument }: { readonly instrument: InstrumentStatus | null }) {
  const hand = instrument?.hand ?? null;
  if (hand === null || hand.lots === 0) {
    return (
      <div className="foot__position" data-role="hand-position">
        <span className="dim">By hand: flat</span>
        <Money label="made" text={hand?.realised ?? '0'} />
      </div>
    );
  }
  const isLong = hand.lots > 0;
  return (
    <div className="foot__position" data-role="hand-position">
      <b className={isLong ? 'up' : 'down'}>{isLong ? 'LONG' : 'SHORT'}</b>
      <span className="num">{grouped(hand.position.replace('-', ''))}</span>
      <span className="dim">at</span>
      <span className="num">{grouped(hand.entry ?? '')}</span>
      <Money label="open" text={hand.unrealised} />
    </div>
  );
}

function Money({ label, text }: { readonly label: string; readonly text: string }) {
  const sign = signOf(text);
  const colour = sign > 0 ? 'up' : sign < 0 ? 'down' : 'dim';
  return (
    <span className="foot__money">
      <span className="dim">{label}</span>{' '}
      <span className={`num ${colour}`}>{signedMoney(text)}</span>
    </span>
  );
}

function Preview({ ladder }: { readonly ladder: LadderIndex }) {
  const text = useHand((state) => state.previews[ladder]);
  const side = text.startsWith('Buy') ? 'up' : text.startsWith('Sell') ? 'down' : 'dim';
  return (
    <div className={`foot__preview num ${side}`} data-role="hand-preview" title={text}>
      {text}
    </div>
  );
}

function Line({ symbol, instrument }: ActionsProps) {
  const requests = useCommands((state) => state.requests);
  const notice = useHand((state) => state.notices[symbol] ?? null);
  const isPostOnly = useHand((state) => state.isPostOnly);
  const [nowMs, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), SAY_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const statusAtMs = currentStatus()?.atMs ?? 0;
  const line = footLine({ instrument, requests, notice, nowMs, statusAtMs, isPostOnly });
  return (
    <output
      className={`foot__line foot__line--${line.tone}`}
      data-role="hand-line"
      data-tone={line.tone}
      title={line.text}
    >
      {line.text}
    </output>
  );
}
