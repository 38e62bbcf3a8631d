/**
 * fake-status: a status of the contract, drawn up from fake books and what was armed.
 *
 * Imports   engine contract, domain; ./fake-market.
 */
import type { StrategyName } from '../../engine/contract/commands.ts';
import type {
  Alert,
  EngineStatus,
  InstrumentStatus,
  KillReport,
  LeaseStatus,
  OrderStatus,
  QuoteStatus,
  ReplayStatus,
  ScalpStatus,
  StageLatency,
} from '../../engine/contract/status.ts';
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import type { Mode, TradingStateName } from '../../engine/domain/modes.ts';
import { FakeHand } from './fake-hand.ts';
import type { FakeBook } from './fake-market.ts';

/** What commands change. */
export interface FakeState {
  session: string;
  mode: Mode;
  state: TradingStateName;
  stateReason: string;
  readonly armed: Set<string>;
  readonly closed: Set<number>;
  readonly stale: Set<number>;
  kill: KillReport | null;
  alerts: readonly Alert[];
  isEmpty: boolean;
  replay?: ReplayStatus | null;
  startedAtMs: number;
  /** Absent: every ladder locked, nothing traded by hand. */
  readonly hand?: FakeHand;
}

const IDLE_HAND = new FakeHand();

export function armedKey(strategy: StrategyName, symbol: string): string {
  return `${strategy} ${symbol}`;
}

export function buildStatus(
  state: FakeState,
  books: readonly FakeBook[],
  lease: LeaseStatus,
  nowMs: number,
): EngineStatus {
  const halted = state.state === 'HALTED';
  return {
    contract: CONTRACT_VERSION,
    session: state.session,
    mode: state.mode,
    state: state.state,
    stateReason: state.stateReason,
    atMs: nowMs,
    uptimeMs: nowMs - state.startedAtMs,
    messagesPerSecond: 1000 + Math.round(60 * Math.sin(nowMs / 3000)),
    instruments: books.map((book) => instrumentStatus(book, state)),
    scalps: state.isEmpty || halted ? [] : scalps(books, state, nowMs),
    orders: [
      ...(state.isEmpty || halted ? [] : orders(books, state)),
      ...(state.hand?.orders ?? []),
    ],
    strategies: books.flatMap((book) => [
      strategyStatus('scalper', book, state),
      strategyStatus('market-making', book, state),
    ]),
    quotes: books.map((book) => quoteStatus(book, state)),
    pnl: pnl(state),
    latency: state.isEmpty ? [] : latency(nowMs),
    drops: { journalSlots: 0, hostSlots: 0, tape: 0, malformed: 0, batchOverflow: 0, frames: 3 },
    journal: {
      session: state.session,
      bytes: 41_300_000,
      segments: 2,
      lostSlots: 0,
      failed: false,
    },
    lease,
    venue: {
      name: state.mode === 'sim' ? 'simulated exchange' : 'paper gateway',
      market: 'up',
      orders: 'up',
      user: 'up',
      clockOffsetMs: 0.8,
      clockUncertaintyMs: 0.3,
      orderBudgetPercent: 86,
    },
    kill: state.kill,
    denials: { EDGE_BELOW_COST: 812, CORRELATED: 14 },
    alerts: state.alerts,
    replayProgress: state.mode === 'replay' ? 0.42 : null,
    replay: state.replay ?? null,
  };
}

function pnl({ isEmpty }: FakeState): EngineStatus['pnl'] {
  const money = (text: string): string => (isEmpty ? '0.00000000' : text);
  const count = (value: number): number => (isEmpty ? 0 : value);
  return {
    currency: 'USDT',
    day: money('184.27114000'),
    realised: money('238.17000000'),
    fees: money('61.80000000'),
    unrealised: money('7.90114000'),
    scalper: money('171.66000000'),
    marketMaking: money('12.61000000'),
    hand: money('0.00000000'),
    fills: count(131),
    scalpsClosed: count(41),
    scalpsWon: count(24),
  };
}

function instrumentStatus(book: FakeBook, state: FakeState): InstrumentStatus {
  const { instrument } = book;
  const stale = state.stale.has(instrument.index);
  const hand = state.hand ?? IDLE_HAND;
  const { lots } = hand.status(book);
  return {
    symbol: instrument.symbol,
    index: instrument.index,
    tickSize: instrument.spec.tickSize,
    lotSize: instrument.spec.lotSize,
    book: stale ? 'resyncing' : 'synced',
    bestBid: instrument.priceText(book.bidTicks),
    bestAsk: instrument.priceText(book.askTicks),
    positionLots: lots,
    position: instrument.sizeText(lots),
    trading: state.armed.has(armedKey('scalper', instrument.symbol)) ? 'ARMED' : 'DISARMED',
    messagesPerSecond: 110 + instrument.index * 7,
    ageMs: stale ? 1840 : 12,
    venueLagMs: 0.4,
    gaps: stale ? 1 : 0,
    resyncs: stale ? 1 : 0,
    trust: stale ? 0 : 98 + (instrument.index % 3),
    minNotional: instrument.spec.minNotional,
    ladder: hand.unlocked.has(instrument.symbol) ? 'unlocked' : 'locked',
    hand: hand.status(book),
  };
}

interface ScalpRecipe {
  readonly id: number;
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly lots: number;
  readonly entryOffset: number;
  readonly state: string;
  readonly left: number;
}

const SCALPS: readonly ScalpRecipe[] = [
  {
    id: 17,
    symbol: 'BTCUSDT',
    side: 'long',
    lots: 420,
    entryOffset: -5,
    state: 'trailing',
    left: 186_000,
  },
  {
    id: 18,
    symbol: 'SOLUSDT',
    side: 'short',
    lots: 380,
    entryOffset: 4,
    state: 'open',
    left: 264_000,
  },
  {
    id: 19,
    symbol: 'LINKUSDT',
    side: 'long',
    lots: 2100,
    entryOffset: 3,
    state: 'half-out',
    left: 63_000,
  },
];

/** Entries are remembered at the first look, so that bands on the ladder stand still. */
const entries = new WeakMap<FakeBook, number>();

function scalps(books: readonly FakeBook[], state: FakeState, nowMs: number): ScalpStatus[] {
  return SCALPS.filter(({ id }) => !state.closed.has(id)).map((recipe) => {
    const book = books.find(({ instrument }) => instrument.symbol === recipe.symbol);
    if (book === undefined) throw new Error(`no fake book ${recipe.symbol}`);
    return scalpStatus(recipe, book, nowMs - state.startedAtMs, nowMs);
  });
}

function scalpStatus(
  recipe: ScalpRecipe,
  book: FakeBook,
  elapsedMs: number,
  nowMs: number,
): ScalpStatus {
  const { instrument } = book;
  const direction = recipe.side === 'long' ? 1 : -1;
  const entry = entries.get(book) ?? book.bidTicks + recipe.entryOffset;
  entries.set(book, entry);
  const price = (ticks: number): string => instrument.priceText(entry + direction * ticks);
  const pnl = direction * (book.bidTicks - entry) * recipe.lots * instrument.tickLotE8;
  const left = recipe.left - (elapsedMs % recipe.left);
  return {
    id: recipe.id,
    symbol: recipe.symbol,
    side: recipe.side,
    size: instrument.sizeText(recipe.lots),
    openSize: instrument.sizeText(recipe.lots),
    entry: instrument.priceText(entry),
    now: instrument.priceText(book.bidTicks),
    pnl: (pnl / 1e8).toFixed(8),
    stop: price(-18),
    halfTarget: recipe.state === 'open' ? price(12) : null,
    target: price(21),
    trail: recipe.state === 'trailing' ? price(-9) : null,
    breakEven: price(3),
    state: recipe.state,
    exit: null,
    unprotected: false,
    openedAtMs: nowMs - (300_000 - left),
    timeLeftMs: left,
    timeLimitMs: 300_000,
    openedBy: ['order-flow', 'book-imbalance', 'momentum'],
    score: 0.63 * direction,
    decision: recipe.id * 10,
  };
}

function orders(books: readonly FakeBook[], state: FakeState): OrderStatus[] {
  const book = books[0];
  if (book === undefined || state.closed.has(17)) return [];
  const entry = entries.get(book) ?? book.bidTicks;
  const order = (id: string, offset: number, lots: number): OrderStatus => ({
    clientId: id,
    symbol: book.instrument.symbol,
    side: offset > 0 ? 'sell' : 'buy',
    price: book.instrument.priceText(entry + offset),
    size: book.instrument.sizeText(lots),
    filled: book.instrument.sizeText(Math.floor(lots / 3)),
    state: 'open',
    owner: offset > 0 ? 'scalper' : 'quoter',
    purpose: offset > 0 ? 'target' : 'quote',
    timeInForce: 'GTX',
    reduceOnly: offset > 0,
    ageMs: 1200,
  });
  return [order('tds-17-1', 21, 420), order('tdq-0-1', -4, 200), order('tdq-0-2', -8, 200)];
}

function strategyStatus(
  strategy: StrategyName,
  book: FakeBook,
  state: FakeState,
): EngineStatus['strategies'][number] {
  const { symbol, index } = book.instrument;
  const isArmed = state.armed.has(armedKey(strategy, symbol));
  return {
    strategy,
    symbol,
    state: state.state === 'HALTED' ? 'HALTED' : isArmed ? 'ARMED' : 'DISARMED',
    heldBack: isArmed && state.stale.has(index) ? 'book is resyncing' : null,
    entries: state.isEmpty ? 0 : 3 + index,
    vetoes: state.isEmpty ? 0 : 210 - 11 * index,
    realised: state.isEmpty ? '0' : (4.2 - 1.3 * index).toFixed(8),
  };
}

function quoteStatus(book: FakeBook, state: FakeState): QuoteStatus {
  const { instrument } = book;
  const enabled = state.armed.has(armedKey('market-making', instrument.symbol));
  const price = (ticks: number | null): string | null =>
    ticks === null || !enabled ? null : instrument.priceText(ticks);
  const inventoryLots = enabled
    ? Math.round(120 * Math.sin(state.startedAtMs + instrument.index))
    : 0;
  return {
    symbol: instrument.symbol,
    enabled,
    state: enabled ? 'quoting' : 'off',
    reason: enabled ? null : instrument.index === 1 ? 'EDGE_BELOW_COST' : 'NOT_QUOTING',
    bid: price(book.bidTicks - 2),
    ask: price(book.askTicks + 2),
    bidSize: enabled ? instrument.sizeText(200) : null,
    askSize: enabled ? instrument.sizeText(200) : null,
    reservation: price(book.bidTicks),
    inventory: instrument.sizeText(inventoryLots),
    inventoryLots,
    softLimitLots: 120,
    hardLimitLots: 240,
    realised: enabled ? '12.61000000' : '0.00000000',
    fills: enabled ? 9 : 0,
  };
}

const STAGES: readonly (readonly [string, number, number, number, number, number | null])[] = [
  ['decode', 520, 710, 1900, 31_000, 700],
  ['book', 30, 60, 120, 9000, 60],
  ['signals', 90, 140, 310, 12_000, 150],
  ['decision', 150, 240, 550, 6100, null],
  ['gate', 60, 100, 220, 8000, 200],
  ['encode', 210, 390, 900, 17_000, null],
  ['send', 1210, 2100, 8400, 41_000, null],
  ['receive-to-sent', 1120, 2900, 11_400, 48_000, 5000],
  ['sent-to-ack', 612_000, 1_040_000, 1_910_000, 4_020_000, null],
  ['ack-to-fill', 240_000, 900_000, 2_100_000, 6_400_000, null],
  ['turn', 760, 1900, 5200, 61_000, null],
  ['loop-lag', 90_000, 410_000, 1_200_000, 3_800_000, null],
];

function latency(nowMs: number): StageLatency[] {
  const wobble = 1 + 0.03 * Math.sin(nowMs / 2000);
  return STAGES.map(([stage, p50, p99, p999, max, budget]) => ({
    stage,
    unit: 'ns',
    count: 102_412,
    p50: Math.round(p50 * wobble),
    p99: Math.round(p99 * wobble),
    p999,
    max,
    budget,
  }));
}
