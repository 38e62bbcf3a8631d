/**
 * status-builder: copies of the trading thread's views → the status a person reads.
 *
 * Pure but for the arrays it is handed; called a few times a second on the host thread.
 * Units     decimal texts on the instrument's grid, money texts in quote units, epoch ms.
 * Imports   contract, core/published, domain.
 */
import type {
  HandStatus,
  HandTrouble,
  InstrumentStatus,
  OrderStatus,
  PnlStatus,
  QuoteStatus,
  ScalpStatus,
  StrategyStatus,
} from '../contract/status.ts';
import type { StrategyName } from '../contract/commands.ts';
import { EngineHead, EngineRow, InstrumentView, OrderRow } from '../core/published.ts';
import type { EngineViewLayout } from '../core/published.ts';
import type { Instrument } from '../domain/instrument.ts';
import { moneyText } from '../domain/instrument.ts';
import { Market } from '../domain/market.ts';
import {
  BOOK_STATE_NAMES,
  OWNER_NAMES,
  TRADING_STATE_NAMES,
  TradingState,
} from '../domain/modes.ts';
import { ORDER_STATE_NAMES, PURPOSE_NAMES, TIME_IN_FORCE_NAMES } from '../domain/order.ts';
import { Quote, QUOTE_STATE_NAMES, QuoteState } from '../domain/quote.ts';
import { SIGNAL_NAMES } from '../domain/readings.ts';
import type { SignalName } from '../domain/readings.ts';
import { Scalp, SCALP_STATE_NAMES, SCALPS_MAX } from '../domain/scalp.ts';
import { NO_PRICE } from '../domain/units.ts';
import { effectiveState } from '../risk/state-table.ts';
import { VERDICTS } from '../domain/verdict.ts';
import type { VerdictName } from '../domain/verdict.ts';
import type { ClientIds } from '../execution/client-ids.ts';

/** What every builder below reads. */
export interface StatusSource {
  readonly instruments: readonly Instrument[];
  readonly layout: EngineViewLayout;
  /** Copy of the engine view. */
  readonly view: Float64Array;
  /** Copies of the instrument views, by instrument. */
  readonly markets: readonly Float64Array[];
  readonly anchorWallMs: number;
  readonly clientIds: ClientIds;
  /** Orders by hand that ended otherwise than asked; absent where nobody watches them. */
  readonly troubles?: { of(instrument: number): HandTrouble | null };
}

export function tradingStateName(value: number): (typeof TRADING_STATE_NAMES)[number] {
  return TRADING_STATE_NAMES[value] ?? 'HALTED';
}

export function verdictName(value: number): VerdictName {
  return VERDICTS[value] ?? 'PASS';
}

export function instrumentStatus(
  source: StatusSource,
  index: number,
  rates: { readonly messagesPerSecond: number },
): InstrumentStatus {
  const instrument = source.instruments[index]!;
  const market = source.markets[index]!;
  const row = source.layout.row(index);
  const view = source.view;
  const lots = positionLots(view, row);
  const book = BOOK_STATE_NAMES[market[Market.BookState]!] ?? 'idle';
  const ageNs = view[row + EngineRow.AgeNs]!;
  const freshMask = view[row + EngineRow.FreshMask]!;
  return {
    symbol: instrument.symbol,
    index,
    tickSize: instrument.spec.tickSize,
    lotSize: instrument.spec.lotSize,
    book,
    bestBid: market[Market.BidLots]! > 0 ? instrument.priceText(market[Market.BidTicks]!) : null,
    bestAsk: market[Market.AskLots]! > 0 ? instrument.priceText(market[Market.AskTicks]!) : null,
    positionLots: lots,
    position: instrument.sizeText(lots),
    trading: tradingStateName(instrumentState(view, row)),
    messagesPerSecond: rates.messagesPerSecond,
    ageMs: ageNs > 0 ? round(ageNs / 1e6, 1) : null,
    venueLagMs:
      market[Market.VenueTimeMs]! > 0 ? round(view[row + EngineRow.VenueLagMs]!, 1) : null,
    gaps: view[row + EngineRow.Gaps]!,
    resyncs: view[row + EngineRow.Resyncs]!,
    trust: trustOf(book, freshMask, market[Market.Valid] === 1),
    minNotional: instrument.spec.minNotional,
    ladder: view[row + EngineRow.LadderUnlocked] === 1 ? 'unlocked' : 'locked',
    hand: handStatus(source, instrument, row),
  };
}

function handStatus(source: StatusSource, instrument: Instrument, row: number): HandStatus {
  const { view } = source;
  const lots = view[row + EngineRow.HandLots]!;
  return {
    lots,
    position: instrument.sizeText(lots),
    entry: lots === 0 ? null : averagePriceText(instrument, view[row + EngineRow.HandEntryTicks]!),
    unrealised: moneyText(view[row + EngineRow.HandUnrealisedE8]!),
    realised: moneyText(view[row + EngineRow.HandRealisedE8]!),
    trouble: source.troubles?.of(instrument.index) ?? null,
  };
}

/**
 * What may happen on an instrument at all: armed when any of its strategies is, within the whole.
 */
function instrumentState(view: Float64Array, row: number): number {
  const cells = Math.max(
    view[row + EngineRow.ScalperState] === TradingState.Armed ? 1 : 0,
    view[row + EngineRow.QuoterState] === TradingState.Armed ? 1 : 0,
  );
  const own = view[row + EngineRow.InstrumentState]!;
  const strategies = cells === 1 ? TradingState.Armed : TradingState.Disarmed;
  return effectiveState(view[EngineHead.State]!, own, strategies);
}

/** 100 fresh and synced; each measure beyond its limit takes 30; 0 while not synced. */
function trustOf(book: string, freshMask: number, valid: boolean): number {
  if (book !== 'synced' || !valid) return 0;
  let trust = 100;
  for (let bit = 1; bit <= 4; bit <<= 1) if ((freshMask & bit) !== 0) trust -= 30;
  return trust;
}

export function positionLots(view: Float64Array, row: number): number {
  return (
    view[row + EngineRow.ScalperLots]! +
    view[row + EngineRow.QuoterLots]! +
    view[row + EngineRow.HandLots]!
  );
}

export function scalpStatuses(source: StatusSource): ScalpStatus[] {
  const out: ScalpStatus[] = [];
  for (let slot = 0; slot < SCALPS_MAX; slot++) {
    const base = source.layout.scalp(slot);
    if (source.view[base + Scalp.State]! > 0) out.push(scalpStatus(source, base));
  }
  return out.toSorted((a, b) => a.id - b.id);
}

function scalpStatus(source: StatusSource, base: number): ScalpStatus {
  const v = source.view;
  const instrument = source.instruments[v[base + Scalp.Instrument]!]!;
  const market = source.markets[instrument.index]!;
  const side = v[base + Scalp.Side]!;
  const nowNs = v[EngineHead.NowNs]!;
  const exit = v[base + Scalp.ExitPurpose]!;
  const now = side > 0 ? market[Market.BidTicks]! : market[Market.AskTicks]!;
  const opened = v[base + Scalp.OpenedNs]!;
  const deadline = v[base + Scalp.DeadlineNs]!;
  return {
    id: v[base + Scalp.Id]!,
    symbol: instrument.symbol,
    side: side > 0 ? 'long' : 'short',
    size: instrument.sizeText(v[base + Scalp.EntryLots]!),
    openSize: instrument.sizeText(v[base + Scalp.OpenLots]!),
    entry: averagePriceText(instrument, v[base + Scalp.AvgEntryTicks]!),
    now: market[Market.Valid] === 1 ? instrument.priceText(now) : null,
    pnl: moneyText(
      v[base + Scalp.RealisedE8]! -
        v[base + Scalp.FeesE8]! +
        Math.round(v[base + Scalp.UnrealisedE8]!),
    ),
    stop: priceOr(instrument, v[base + Scalp.StopTicks]!) ?? '',
    halfTarget: priceOr(instrument, v[base + Scalp.HalfTargetTicks]!),
    target: priceOr(instrument, v[base + Scalp.TargetTicks]!) ?? '',
    trail: priceOr(instrument, v[base + Scalp.TrailTicks]!),
    breakEven: averagePriceText(instrument, v[base + Scalp.BreakEvenTicks]!),
    state: SCALP_STATE_NAMES[v[base + Scalp.State]!] ?? 'open',
    exit: exit >= 0 ? (PURPOSE_NAMES[exit] ?? null) : null,
    unprotected: v[base + Scalp.Unprotected] === 1,
    openedAtMs: Math.round(source.anchorWallMs + opened / 1e6),
    timeLeftMs: Math.max(0, Math.round((deadline - nowNs) / 1e6)),
    timeLimitMs: Math.max(0, Math.round((deadline - opened) / 1e6)),
    openedBy: agreeing(v[base + Scalp.AgreeMask]!),
    score: round(v[base + Scalp.Score]!, 3),
    decision: v[base + Scalp.DecisionSequence]!,
  };
}

export function agreeing(mask: number): SignalName[] {
  return SIGNAL_NAMES.filter((_, index) => ((mask >> index) & 1) === 1);
}

export function orderStatuses(source: StatusSource): OrderStatus[] {
  const v = source.view;
  const count = v[source.layout.orderCount]!;
  const out: OrderStatus[] = [];
  for (let index = 0; index < count; index++) {
    const base = source.layout.order(index);
    const instrument = source.instruments[v[base + OrderRow.Instrument]!]!;
    const owner = v[base + OrderRow.Owner]!;
    out.push({
      clientId: source.clientIds.text(owner, v[base + OrderRow.ClientSequence]!),
      symbol: instrument.symbol,
      side: v[base + OrderRow.Side]! > 0 ? 'buy' : 'sell',
      price: instrument.priceText(v[base + OrderRow.PriceTicks]!),
      size: instrument.sizeText(v[base + OrderRow.Lots]!),
      filled: instrument.sizeText(v[base + OrderRow.FilledLots]!),
      state: ORDER_STATE_NAMES[v[base + OrderRow.State]!] ?? 'unknown',
      owner: OWNER_NAMES[owner] ?? 'none',
      purpose: PURPOSE_NAMES[v[base + OrderRow.Purpose]!] ?? 'entry',
      timeInForce: TIME_IN_FORCE_NAMES[v[base + OrderRow.TimeInForce]!] ?? 'GTC',
      reduceOnly: v[base + OrderRow.ReduceOnly] === 1,
      ageMs: Math.max(0, Math.round((v[EngineHead.NowNs]! - v[base + OrderRow.CreatedNs]!) / 1e6)),
    });
  }
  return out;
}

export function strategyStatuses(source: StatusSource): StrategyStatus[] {
  const v = source.view;
  const out: StrategyStatus[] = [];
  const add = (strategy: StrategyName, index: number, cell: number, heldBack: number): void => {
    const row = source.layout.row(index);
    const scalper = strategy === 'scalper';
    out.push({
      strategy,
      symbol: source.instruments[index]!.symbol,
      state: tradingStateName(v[row + cell]!),
      heldBack: heldBack > 0 ? verdictName(heldBack) : null,
      entries: scalper ? v[row + EngineRow.Entries]! : v[row + EngineRow.QuoteFills]!,
      vetoes: scalper ? v[row + EngineRow.Vetoes]! : 0,
      realised: moneyText(v[row + (scalper ? EngineRow.ScalperE8 : EngineRow.QuoterE8)]!),
    });
  };
  for (let i = 0; i < source.instruments.length; i++) {
    add('scalper', i, EngineRow.ScalperState, v[source.layout.row(i) + EngineRow.HeldBack]!);
  }
  for (let i = 0; i < source.instruments.length; i++) {
    const held = v[source.layout.row(i) + EngineRow.QuoterHeldBack]!;
    add('market-making', i, EngineRow.QuoterState, held);
  }
  return out;
}

export function quoteStatuses(source: StatusSource): QuoteStatus[] {
  return source.instruments.map((instrument, index) => {
    const base = source.layout.quote(index);
    const v = source.view;
    const state = v[base + Quote.State]!;
    const reason = v[base + Quote.Reason]!;
    const bid = v[base + Quote.RestingBidTicks]!;
    const ask = v[base + Quote.RestingAskTicks]!;
    const row = source.layout.row(index);
    return {
      symbol: instrument.symbol,
      enabled: v[row + EngineRow.QuoterState] === 1,
      state: QUOTE_STATE_NAMES[state] ?? 'off',
      reason: state !== QuoteState.Quoting && reason > 0 ? verdictName(reason) : null,
      bid: restingText(instrument, bid, v[base + Quote.BidOrder]!),
      ask: restingText(instrument, ask, v[base + Quote.AskOrder]!),
      bidSize: v[base + Quote.BidLots]! > 0 ? instrument.sizeText(v[base + Quote.BidLots]!) : null,
      askSize: v[base + Quote.AskLots]! > 0 ? instrument.sizeText(v[base + Quote.AskLots]!) : null,
      reservation:
        state === QuoteState.Off
          ? null
          : averagePriceText(instrument, v[base + Quote.ReservationTicks]!),
      inventory: instrument.sizeText(v[row + EngineRow.QuoterLots]!),
      inventoryLots: v[row + EngineRow.QuoterLots]!,
      softLimitLots: v[base + Quote.SoftLimitLots]!,
      hardLimitLots: v[base + Quote.HardLimitLots]!,
      realised: moneyText(v[row + EngineRow.QuoterE8]!),
      fills: v[base + Quote.FillCount]!,
    };
  });
}

function restingText(instrument: Instrument, ticks: number, order: number): string | null {
  return order >= 0 && ticks !== NO_PRICE && ticks > 0 ? instrument.priceText(ticks) : null;
}

export function pnlStatus(source: StatusSource, currency: string): PnlStatus {
  const v = source.view;
  const realised = v[EngineHead.RealisedE8]!;
  const fees = v[EngineHead.FeesE8]!;
  const unrealised = Math.round(v[EngineHead.UnrealisedE8]!);
  return {
    currency,
    day: moneyText(realised - fees + unrealised),
    realised: moneyText(realised),
    fees: moneyText(fees),
    unrealised: moneyText(unrealised),
    scalper: moneyText(v[EngineHead.ScalperE8]!),
    marketMaking: moneyText(v[EngineHead.QuoterE8]!),
    hand: moneyText(v[EngineHead.HandE8]!),
    fills: v[EngineHead.Fills]!,
    scalpsClosed: v[EngineHead.ScalpsClosed]!,
    scalpsWon: v[EngineHead.ScalpsWon]!,
  };
}

export function denialCounts(source: StatusSource): Partial<Record<VerdictName, number>> {
  const out: Partial<Record<VerdictName, number>> = {};
  for (let i = 1; i < VERDICTS.length; i++) {
    const count = source.view[source.layout.denials + i]!;
    if (count > 0) out[VERDICTS[i]!] = count;
  }
  return out;
}

function priceOr(instrument: Instrument, ticks: number): string | null {
  return ticks === NO_PRICE || ticks <= 0 ? null : instrument.priceText(ticks);
}

/** An average between ticks: one decimal more than the grid. */
export function averagePriceText(instrument: Instrument, ticks: number): string {
  if (!Number.isFinite(ticks) || ticks <= 0) return '';
  const decimals = instrument.priceDecimals + (Number.isInteger(ticks) ? 0 : 1);
  return instrument.priceOf(ticks).toFixed(decimals);
}

export function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/** Score of an instrument as last computed. */
export function scoreOf(market: Float64Array): number {
  return market[InstrumentView.Score]!;
}
