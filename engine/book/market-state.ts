/**
 * market-state: one instrument's market, rebuilt from market records: its book and Market fields.
 *
 * A message is applied record by record and shows in `fields` only at its EndOfMessage, so readers
 * see whole messages. BookClear takes Valid away at once: a snapshot may span several batches.
 *
 * Touch     whichever of depth and bookTicker has the newest update id (at equal ids the depth
 *           book). TouchUpdateId is the id of the touch in use, DepthUpdateId that of the depth
 *           book.
 * Writer    MarketBooks. Readers: everything on the trading thread.
 * Units     ticks, lots, engine ns, venue epoch ms.
 * Invariant Valid is 1 only while Synced, outside a snapshot, with both sides of depth and of touch
 *           standing, uncrossed, and touch sizes positive.
 * Hot path: apply. No allocation.
 * Imports   base, domain, memory/market-record, book/local-book.
 */
import { Market, MARKET_SIZE } from '../domain/market.ts';
import { BookState } from '../domain/modes.ts';
import { NO_PRICE, Side } from '../domain/units.ts';
import {
  MessageClass,
  RECORD_DOUBLES,
  RECORD_WORDS,
  RecordKind,
  StatusReason,
} from '../memory/market-record.ts';
import { LocalBook } from './local-book.ts';

/** What a message brought so far, and the last bookTicker. */
const Pending = {
  BuyLots: 0,
  SellLots: 1,
  LastTradeLots: 2,
  TouchBidLots: 3,
  TouchAskLots: 4,
  TouchId: 5,
} as const;
const PENDING_SIZE = 6;

export class MarketState {
  readonly fields = new Float64Array(MARKET_SIZE);
  readonly book: LocalBook;
  /** Depth messages and snapshots after which the depth book was crossed or locked. */
  crossedCount = 0;
  /** How many of them in a row until now. */
  crossedRun = 0;
  /** Times the book had to start over, and how often for a hole in its update ids. */
  resyncCount = 0;
  gapCount = 0;
  readonly #pending = new Float64Array(PENDING_SIZE);
  #touchBidTicks: number = NO_PRICE;
  #touchAskTicks: number = NO_PRICE;
  #inSnapshot = false;
  #tradeCount = 0;
  #lastTradeTicks = 0;
  #lastTradeSide = 0;

  constructor(book: LocalBook = new LocalBook()) {
    this.book = book;
    this.fields[Market.BookState] = BookState.Idle;
  }

  /** Applies one record that is not EndOfMessage. `row` counts records. */
  apply(kind: number, flags: number, words: Int32Array, doubles: Float64Array, row: number): void {
    const ticks = words[row * RECORD_WORDS + 1]!;
    const at = row * RECORD_DOUBLES + 1;
    switch (kind) {
      case RecordKind.BidLevel:
        this.book.setBid(ticks, doubles, at);
        return;
      case RecordKind.AskLevel:
        this.book.setAsk(ticks, doubles, at);
        return;
      case RecordKind.BuyTrade:
        this.#trade(Side.Buy, Pending.BuyLots, ticks, doubles, at);
        return;
      case RecordKind.SellTrade:
        this.#trade(Side.Sell, Pending.SellLots, ticks, doubles, at);
        return;
      case RecordKind.TouchBid:
        this.#touchBidTicks = ticks;
        this.#pending[Pending.TouchBidLots] = doubles[at]!;
        this.#pending[Pending.TouchId] = doubles[at + 1]!;
        return;
      case RecordKind.TouchAsk:
        this.#touchAskTicks = ticks;
        this.#pending[Pending.TouchAskLots] = doubles[at]!;
        this.#pending[Pending.TouchId] = doubles[at + 1]!;
        return;
      case RecordKind.BookClear:
        this.#clear();
        return;
      case RecordKind.Status:
        this.#setState(flags, ticks);
        return;
      case RecordKind.Mark:
        this.fields[Market.MarkTicks] = ticks;
        return;
    }
  }

  /** Closes a message: `row` is its EndOfMessage record, clock[0] the turn's time. */
  end(messageClass: number, doubles: Float64Array, row: number, clock: Float64Array): void {
    const fields = this.fields;
    const id = doubles[row * RECORD_DOUBLES + 2]!;
    const venueMs = doubles[row * RECORD_DOUBLES + 3]!;
    const nowNs = clock[0]!;
    fields[Market.NowNs] = nowNs;
    if (venueMs > 0) fields[Market.VenueTimeMs] = venueMs;
    fields[Market.MessageClass] = messageClass;
    if (messageClass === MessageClass.Depth || messageClass === MessageClass.Snapshot) {
      this.#inSnapshot = false;
      fields[Market.DepthUpdateId] = id;
      fields[Market.DepthNs] = nowNs;
      this.book.topLevels(fields, Market.BidTicks0);
      if (this.#isDepthCrossed()) {
        this.crossedCount++;
        this.crossedRun++;
      } else this.crossedRun = 0;
    } else if (messageClass === MessageClass.Touch) fields[Market.TouchNs] = nowNs;
    this.#takeTrades();
    this.#takeTouch();
  }

  /** Update ids may begin anew with a new connection, so the old ones must not outrank them. */
  #setState(state: number, reason: number): void {
    this.fields[Market.BookState] = state;
    if (state === BookState.Resyncing) {
      this.resyncCount++;
      if (reason === StatusReason.Gap) this.gapCount++;
    }
    if (state === BookState.Synced || state === BookState.Resyncing) return;
    this.#pending[Pending.TouchId] = 0;
    this.fields[Market.DepthUpdateId] = 0;
  }

  #clear(): void {
    this.book.clear();
    this.#inSnapshot = true;
    this.fields[Market.Valid] = 0;
  }

  #isDepthCrossed(): boolean {
    const bid = this.book.bestBidTicks;
    const ask = this.book.bestAskTicks;
    return bid !== NO_PRICE && ask !== NO_PRICE && bid >= ask;
  }

  #trade(side: number, slot: number, ticks: number, doubles: Float64Array, at: number): void {
    this.#pending[slot]! += doubles[at]!;
    this.#pending[Pending.LastTradeLots] = doubles[at]!;
    this.#tradeCount++;
    this.#lastTradeTicks = ticks;
    this.#lastTradeSide = side;
  }

  #takeTrades(): void {
    const fields = this.fields;
    const pending = this.#pending;
    const count = this.#tradeCount;
    fields[Market.TradeCount] = count;
    fields[Market.BuyLots] = pending[Pending.BuyLots]!;
    fields[Market.SellLots] = pending[Pending.SellLots]!;
    if (count === 0) return;
    fields[Market.TotalBuyLots]! += pending[Pending.BuyLots]!;
    fields[Market.TotalSellLots]! += pending[Pending.SellLots]!;
    fields[Market.LastTradeTicks] = this.#lastTradeTicks;
    fields[Market.LastTradeLots] = pending[Pending.LastTradeLots]!;
    fields[Market.LastTradeSide] = this.#lastTradeSide;
    fields[Market.LastTradeNs] = fields[Market.NowNs]!;
    pending[Pending.BuyLots] = 0;
    pending[Pending.SellLots] = 0;
    this.#tradeCount = 0;
  }

  /** Writes the touch and what follows from it; takes Valid away when there is none. */
  #takeTouch(): void {
    const fields = this.fields;
    const pending = this.#pending;
    let bid = this.#touchBidTicks;
    let ask = this.#touchAskTicks;
    if (pending[Pending.TouchId]! > fields[Market.DepthUpdateId]!) {
      fields[Market.BidLots] = pending[Pending.TouchBidLots]!;
      fields[Market.AskLots] = pending[Pending.TouchAskLots]!;
      fields[Market.TouchUpdateId] = pending[Pending.TouchId]!;
    } else {
      bid = this.book.bestBidTicks;
      ask = this.book.bestAskTicks;
      fields[Market.BidLots] = fields[Market.BidLots0]!;
      fields[Market.AskLots] = fields[Market.AskLots0]!;
      fields[Market.TouchUpdateId] = fields[Market.DepthUpdateId]!;
    }
    const bidLots = fields[Market.BidLots]!;
    const askLots = fields[Market.AskLots]!;
    if (bid === NO_PRICE || ask === NO_PRICE || bid >= ask || !(bidLots > 0) || !(askLots > 0)) {
      fields[Market.Valid] = 0;
      return;
    }
    fields[Market.BidTicks] = bid;
    fields[Market.AskTicks] = ask;
    fields[Market.SpreadTicks] = ask - bid;
    fields[Market.MidTicks] = (bid + ask) / 2;
    fields[Market.MicroTicks] = (bid * askLots + ask * bidLots) / (bidLots + askLots);
    fields[Market.Valid] = this.#isDepthSound() ? 1 : 0;
  }

  #isDepthSound(): boolean {
    const bid = this.book.bestBidTicks;
    const ask = this.book.bestAskTicks;
    return (
      !this.#inSnapshot &&
      this.fields[Market.BookState] === BookState.Synced &&
      bid !== NO_PRICE &&
      ask !== NO_PRICE &&
      bid < ask
    );
  }
}
