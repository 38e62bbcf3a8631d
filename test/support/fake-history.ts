/**
 * fake-history: a plausible past and present of fills, orders, scalps, events, equity and trades,
 * numbered and answered as the real engine does.
 *
 * Imports   engine contract, domain, runtime/history; ./fake-market.
 */
import type { DecisionEvent, FillEvent, HistoryRow } from '../../engine/contract/events.ts';
import type { HistoryAnswer, HistoryRequest, ServerMessage } from '../../engine/contract/events.ts';
import { HISTORY_KEPT, HISTORY_KINDS, HISTORY_PAGE_MAX } from '../../engine/contract/history.ts';
import type {
  ClosedScalp,
  EndedOrder,
  EquityPoint,
  EventRow,
  HistoryKind,
  TradeRow,
} from '../../engine/contract/history.ts';
import type { Alert } from '../../engine/contract/status.ts';
import { SIGNAL_NAMES } from '../../engine/domain/readings.ts';
import { pageOf } from '../../engine/runtime/history/row-list.ts';
import type { FakeBook, FakeMarket, FakeTrade } from './fake-market.ts';

const EXITS = ['target', 'stop', 'trailing', 'half-target', 'time-limit', 'profit-protection'];
const QUOTE_DECIMALS = 8;

type Rows = { [K in HistoryKind]: HistoryRow[] };

export class FakeHistory {
  readonly #market: FakeMarket;
  readonly rows: Rows = emptyRows();
  /** Answers that are left out, as by an engine that is busy. */
  retryInMs: number | null = null;
  #dayE8 = 0;
  #peakE8 = 0;
  #scalps = 0;
  #orders = 0;

  constructor(market: FakeMarket) {
    this.#market = market;
  }

  clear(): void {
    for (const kind of HISTORY_KINDS) this.rows[kind] = [];
    this.#dayE8 = 0;
    this.#peakE8 = 0;
  }

  answer({ id, what, symbol, before, limit }: HistoryRequest): HistoryAnswer {
    const head = { type: 'history', id, what } as const;
    if (this.retryInMs !== null) {
      const counts = { more: true, missed: 0, dropped: 0, retryInMs: this.retryInMs };
      return { ...head, rows: [], ...counts };
    }
    const all = this.rows[what];
    const fitting = all.filter(
      (row) => symbol === null || !('symbol' in row) || row.symbol === symbol,
    );
    const page = pageOf(fitting, before, Math.min(limit, HISTORY_PAGE_MAX[what]));
    const missed = (all.at(-1)?.sequence ?? 0) - all.length;
    return { ...head, ...page, missed, dropped: 0, retryInMs: null };
  }

  decision(decision: DecisionEvent): void {
    this.#push('decisions', decision);
  }

  event({ atMs, level, code, text }: Alert): EventRow {
    const sequence = this.#number('events');
    const row: EventRow = { sequence, atMs, kind: 'alert', level, code, text };
    this.#push('events', row);
    return row;
  }

  /** Trades of one step of the market. */
  trades(trades: readonly FakeTrade[], anchorMs: number): void {
    for (const { instrument, ticks, lots, side, timeNs } of trades) {
      const atMs = anchorMs + timeNs / 1e6;
      const sequence = this.#number('trades');
      const row: TradeRow = { sequence, instrument, ticks, lots, side, atMs };
      this.#push('trades', row);
    }
  }

  get tradesTotal(): number {
    return this.rows.trades.at(-1)?.sequence ?? 0;
  }

  /** A whole scalp: entry and exit orders, their fills, its end. What is told of it, in order. */
  scalp(nowMs: number): ServerMessage[] {
    const { random, books } = this.#market;
    const book = books[random.int(books.length)]!;
    const lots = 100 + 10 * random.int(90);
    const side = random.next() < 0.5 ? 1 : -1;
    const heldMs = 4_000 + random.int(160_000);
    const won = random.next() < 0.54;
    const distance = 4 + random.int(30);
    const exitTicks = book.bidTicks + (won ? 1 : -0.8) * side * distance;
    const exit = Math.round(exitTicks);
    const grossE8 = Math.round((exit - book.bidTicks) * side * lots * book.instrument.tickLotE8);
    const feeE8 = Math.round(book.instrument.notionalE8(book.bidTicks, lots) * 0.0000045);
    const exitKind = won ? EXITS[random.int(4) === 0 ? 2 : 0]! : EXITS[1 + 3 * random.int(2)]!;
    const entry = { at: nowMs - heldMs, ticks: book.bidTicks, lots, feeE8, realisedE8: 0 };
    const out = { at: nowMs, ticks: exit, lots, feeE8, realisedE8: grossE8 };
    this.#dayE8 += grossE8 - 2 * feeE8;
    const closed = this.#closed(book, {
      side,
      lots,
      exit,
      exitKind,
      grossE8,
      feeE8,
      heldMs,
      nowMs,
    });
    return [
      ...this.#traded(book, side, 'entry', entry),
      ...this.#traded(book, -side, exitKind, out),
      { type: 'scalpClosed', scalp: closed },
    ];
  }

  equity(nowMs: number): EquityPoint {
    this.#peakE8 = Math.max(this.#peakE8, this.#dayE8);
    const row: EquityPoint = {
      sequence: this.#number('equity'),
      atMs: nowMs,
      day: money(this.#dayE8),
      drawdown: money(this.#peakE8 - this.#dayE8),
    };
    this.#push('equity', row);
    return row;
  }

  /** Minutes of a session that was there before the first window came. */
  before(nowMs: number, scalps: number): void {
    const stepMs = 12_000;
    for (let k = scalps; k > 0; k--) {
      const atMs = nowMs - k * stepMs;
      this.scalp(atMs);
      for (let s = 0; s < 12; s++) this.equity(atMs + s * 1000);
    }
  }

  #closed(
    book: FakeBook,
    made: {
      readonly side: number;
      readonly lots: number;
      readonly exit: number;
      readonly exitKind: string;
      readonly grossE8: number;
      readonly feeE8: number;
      readonly heldMs: number;
      readonly nowMs: number;
    },
  ): ClosedScalp {
    const { side, lots, exit, exitKind, grossE8, feeE8, heldMs, nowMs } = made;
    const { random } = this.#market;
    const { instrument } = book;
    const isWon = grossE8 > 0;
    const riskE8 = Math.round(20 * lots * instrument.tickLotE8);
    const row: ClosedScalp = {
      sequence: this.#number('scalps'),
      id: ++this.#scalps,
      symbol: instrument.symbol,
      side: side > 0 ? 'long' : 'short',
      openedAtMs: nowMs - heldMs,
      closedAtMs: nowMs,
      size: instrument.sizeText(lots),
      entry: instrument.priceText(book.bidTicks),
      exit: instrument.priceText(exit),
      exitKind,
      gross: money(grossE8),
      fees: money(2 * feeE8),
      net: money(grossE8 - 2 * feeE8),
      mae: money(isWon ? -Math.round(riskE8 * 0.3) : Math.min(grossE8, -riskE8 / 2)),
      mfe: money(isWon ? grossE8 : Math.round(riskE8 * 0.2)),
      risk: money(riskE8),
      exitSlipTicks: exitKind === 'stop' ? random.int(3) : null,
      openedBy: SIGNAL_NAMES.filter(() => random.next() < 0.5),
      score: side * (0.4 + 0.4 * random.next()),
      decision: this.#scalps,
    };
    this.#push('scalps', row);
    return row;
  }

  #traded(
    { instrument }: FakeBook,
    side: number,
    purpose: string,
    made: {
      readonly at: number;
      readonly ticks: number;
      readonly lots: number;
      readonly feeE8: number;
      readonly realisedE8: number;
    },
  ): ServerMessage[] {
    const { at, ticks, lots, feeE8, realisedE8 } = made;
    const clientId = `fa1c0de5-s-${++this.#orders}`;
    const common = {
      symbol: instrument.symbol,
      side: side > 0 ? 'buy' : 'sell',
      price: instrument.priceText(ticks),
      size: instrument.sizeText(lots),
      owner: 'scalper',
      purpose,
      fee: money(feeE8),
      clientId,
    } as const;
    const maker = purpose === 'entry' || purpose === 'target';
    const fill: FillEvent = {
      sequence: this.#number('fills'),
      atMs: at,
      realised: money(realisedE8),
      maker,
      ...common,
    };
    this.#push('fills', fill);
    const order: EndedOrder = {
      sequence: this.#number('orders'),
      ...common,
      filled: common.size,
      average: common.price,
      state: 'filled',
      reason: '',
      timeInForce: maker ? 'GTX' : 'IOC',
      reduceOnly: purpose !== 'entry',
      createdAtMs: at - 850,
      endedAtMs: at,
      ackMs: 1.5 + this.#market.random.next(),
    };
    this.#push('orders', order);
    const told: ServerMessage[] = [
      { type: 'fill', fill },
      { type: 'orderEnded', order },
    ];
    return purpose === 'entry' ? [...told, ...this.#unfilled(common, at)] : told;
  }

  /** Some entries are withdrawn, some refused. */
  #unfilled(
    common: Pick<EndedOrder, 'symbol' | 'side' | 'price' | 'size' | 'owner' | 'purpose'>,
    at: number,
  ): ServerMessage[] {
    const { random } = this.#market;
    if (random.next() < 0.5) return [];
    const isRefused = random.next() < 0.3;
    const order: EndedOrder = {
      ...common,
      sequence: this.#number('orders'),
      clientId: `fa1c0de5-s-${++this.#orders}`,
      fee: money(0),
      filled: '0',
      average: null,
      state: isRefused ? 'rejected' : 'canceled',
      reason: isRefused ? 'post-only order would take (venue code -5022)' : '',
      timeInForce: 'GTX',
      reduceOnly: false,
      createdAtMs: at - 3000,
      endedAtMs: at - 100,
      ackMs: isRefused ? null : 2.1,
    };
    this.#push('orders', order);
    return [{ type: 'orderEnded', order }];
  }

  #number(kind: HistoryKind): number {
    return (this.rows[kind].at(-1)?.sequence ?? 0) + 1;
  }

  #push(kind: HistoryKind, row: HistoryRow): void {
    const rows = this.rows[kind];
    rows.push(row);
    if (rows.length > HISTORY_KEPT[kind]) rows.shift();
  }
}

export function emptyRows(): Rows {
  return Object.fromEntries(HISTORY_KINDS.map((kind) => [kind, []])) as unknown as Rows;
}

function money(e8: number): string {
  return (e8 / 1e8).toFixed(QUOTE_DECIMALS);
}
