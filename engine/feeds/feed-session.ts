/**
 * feed-session: bytes of one venue in, market records out. Knows no socket, no file and no clock.
 *
 * Every frame is decoded and, where it is depth, put through its book's sequence rule. Only what
 * may be applied leaves in `batch`. Diffs that come before the snapshot are kept; when the snapshot
 * is offered, records come out as BookClear, levels, EndOfMessage(Snapshot), the diffs kept, and
 * last Status Synced. That may be more than one batch: after offerSnapshotEnd process `batch` for
 * every nextBatch() above 0, before the next snapshot is begun. Frames may be received in between.
 *
 * Life of a book: connectionUp → Buffering, the first diff asks for a snapshot; a gap, an overflow
 * or a snapshot older than the diffs kept → Resyncing, asked for again (at growing intervals).
 *
 * Writer    the owner: trading thread, importer, test. One session a venue.
 * Units     ticks, lots, engine ns.
 * Hot path: receive, in steady state. No allocation.
 * Imports   base, domain, memory, book, feeds.
 */
import { assert } from '../base/assert.ts';
import { NS_PER_MS, NS_PER_S } from '../base/clock.ts';
import { BookSync, SyncRule, SyncVerdict } from '../book/book-sync.ts';
import type { Instrument, Venue } from '../domain/instrument.ts';
import { BookState } from '../domain/modes.ts';
import {
  BATCH_RECORDS,
  MarketBatch,
  MessageClass,
  RECORD_DOUBLES,
  RecordKind,
  StatusReason,
} from '../memory/market-record.ts';
import { DecodeResult, HEADER_SIZE, HeaderField } from './decode-result.ts';
import { DiffPool } from './diff-pool.ts';
import { FEED_COUNTERS, FeedCounter } from './feed-counters.ts';
import { FeedRoute } from './feed-route.ts';
import type { FrameDecoder } from './scan/binance-decoder.ts';
import { SnapshotStage } from './snapshot-stage.ts';
import { BinanceSpotDecoder } from './venues/binance-spot/decode.ts';
import { BinanceUsdmDecoder } from './venues/binance-usdm/decode.ts';

export interface FeedSessionOptions {
  readonly venue: Venue;
  readonly instruments: readonly Instrument[];
  /** Asks for a depth snapshot of an instrument; answer with offerSnapshot… or snapshotFailed. */
  readonly requestSnapshot: (instrument: number) => void;
  /** Records a batch holds; 4,096 unless told. */
  readonly batchRecords?: number;
  /** Records of diffs kept while books wait for snapshots. */
  readonly keptRecords?: number;
}

/** A request that was not answered for this long is made again. */
const ANSWER_TIMEOUT_NS = 10 * NS_PER_S;
/** A book whose stream stays silent asks for its snapshot after this. */
const SILENT_NS = 2 * NS_PER_S;
const RETRY_FIRST_NS = 250 * NS_PER_MS;
const RETRY_DOUBLINGS_MAX = 5;
/** A book in sync for this long has settled: its next loss is the first again. */
const SETTLED_NS = 10 * NS_PER_S;

/** What nextBatch does next. */
const Phase = { None: 0, Begin: 1, Levels: 2, Diffs: 3, Synced: 4 } as const;

/** Where a book stands with its snapshot. */
interface BookWait {
  readonly sync: BookSync;
  isRequested: boolean;
  /** When the request was made, or from when on one may be made. */
  sinceNs: number;
  retries: number;
  /** When it was last brought in sync, and losses since it last held for a while. */
  syncedNs: number;
  losses: number;
}

export class FeedSession {
  /** Rows to process after receive, nextBatch, connectionUp and connectionLost. */
  readonly batch: MarketBatch;
  /** See FeedCounter. */
  readonly counters = new Int32Array(FEED_COUNTERS);
  readonly #decoder: FrameDecoder;
  readonly #waits: readonly BookWait[];
  readonly #requestSnapshot: (instrument: number) => void;
  readonly #pool: DiffPool;
  readonly #stage = new SnapshotStage();
  /** Last trade id of each instrument. */
  readonly #tradeIds: Float64Array;
  readonly #keptHeader = new Float64Array(HEADER_SIZE);
  /** Time of the last tick(). */
  #nowNs = 0;
  #isStaging = false;
  #phase: number = Phase.None;
  #offered = -1;
  #offeredId = 0;
  #stageIndex = 0;
  #messageIndex = 0;
  #poolMoves = 0;

  constructor(options: FeedSessionOptions) {
    const { venue, instruments } = options;
    const isUsdm = venue === 'binance-usdm';
    this.batch = new MarketBatch(options.batchRecords ?? BATCH_RECORDS);
    this.#decoder = isUsdm
      ? new BinanceUsdmDecoder(instruments)
      : new BinanceSpotDecoder(instruments);
    this.#pool = new DiffPool(options.keptRecords);
    this.#requestSnapshot = options.requestSnapshot;
    this.#tradeIds = new Float64Array(instruments.length).fill(-1);
    const rule = isUsdm ? SyncRule.PreviousId : SyncRule.FirstId;
    this.#waits = instruments.map(() => ({
      sync: new BookSync(rule),
      isRequested: false,
      sinceNs: 0,
      retries: 0,
      syncedNs: 0,
      losses: 0,
    }));
  }

  /** State of an instrument's book, a BookState. */
  bookState(instrument: number): BookState {
    return this.#waits[instrument]!.sync.state;
  }

  /** Update id of an instrument's book. */
  bookId(instrument: number): number {
    return this.#waits[instrument]!.sync.bookId[0]!;
  }

  /** Decodes one frame; rows of `batch` to hand on, 0 when there is nothing. */
  receive(bytes: Uint8Array, start: number, end: number): number {
    const batch = this.batch;
    const counters = this.counters;
    const decoder = this.#decoder;
    batch.count = 0;
    counters[FeedCounter.Frames]! += 1;
    const result = decoder.decode(bytes, start, end, batch);
    counters[FeedCounter.Fallback] = decoder.fallbackCount;
    counters[FeedCounter.BeyondRange] = decoder.beyondCount;
    if (result !== DecodeResult.Records) return this.#noMessage(result);
    switch (decoder.header[HeaderField.MessageClass]! | 0) {
      case MessageClass.Depth:
        return this.#depth(decoder.header[HeaderField.Instrument]! | 0);
      case MessageClass.Trade:
        return this.#trade(decoder.header[HeaderField.Instrument]! | 0);
      case MessageClass.Touch:
        counters[FeedCounter.Touch]! += 1;
        return batch.count;
      default:
        counters[FeedCounter.Marks]! += 1;
        return batch.count;
    }
  }

  /** Streams of a route are up. Rows of Status records. */
  connectionUp(route: FeedRoute): number {
    this.batch.clear();
    if (route !== FeedRoute.Book) return 0;
    for (let i = 0; i < this.#waits.length; i++) {
      const wait = this.#waits[i]!;
      const before = wait.sync.state;
      wait.sync.onConnected();
      if (wait.sync.state === before) continue;
      wait.isRequested = false;
      wait.sinceNs = this.#nowNs + SILENT_NS;
      this.#status(i, wait.sync.state);
    }
    return this.batch.count;
  }

  /** A route is being connected for the first time, or again. Rows of Status records. */
  connectionOpening(route: FeedRoute): number {
    return this.#allDown(route, BookState.Connecting);
  }

  /** A route's last connection went. Rows of Status records: books are Stale until it is back. */
  connectionLost(route: FeedRoute): number {
    this.counters[FeedCounter.ConnectionsLost]! += 1;
    return this.#allDown(route, BookState.Stale);
  }

  /** It is times[index] ns: asks again where an answer is overdue or a stream stayed silent. */
  tick(times: Float64Array, index: number): void {
    const nowNs = times[index]!;
    this.#nowNs = nowNs;
    for (let i = 0; i < this.#waits.length; i++) {
      const wait = this.#waits[i]!;
      const state = wait.sync.state;
      if (state !== BookState.Buffering && state !== BookState.Resyncing) continue;
      if (wait.isRequested && nowNs - wait.sinceNs > ANSWER_TIMEOUT_NS) wait.isRequested = false;
      if (!wait.isRequested && nowNs >= wait.sinceNs && i !== this.#offered) this.#request(i);
    }
  }

  /** The book is wrong though its ids follow each other. Rows of Status records, 0 if unsynced. */
  startOver(instrument: number): number {
    return this.#overflowed(instrument);
  }

  /** The snapshot asked for could not be had. */
  snapshotFailed(instrument: number): void {
    this.#retryLater(this.#waits[instrument]!);
  }

  offerSnapshotBegin(instrument: number, lastUpdateId: number): void {
    assert(this.#phase === Phase.None && !this.#isStaging, 'one snapshot at a time');
    assert(instrument >= 0 && instrument < this.#waits.length, 'snapshot of a known instrument');
    this.#isStaging = true;
    this.#offered = instrument;
    this.#offeredId = lastUpdateId;
    this.#stage.clear();
  }

  offerSnapshotLevel(side: number, ticks: number, lots: number): void {
    this.#stage.add(side, ticks, lots);
  }

  /** Takes the snapshot if the diffs kept join it; then nextBatch() has rows. */
  offerSnapshotEnd(): void {
    assert(this.#isStaging, 'a snapshot was begun');
    this.#isStaging = false;
    const instrument = this.#offered;
    const wait = this.#waits[instrument]!;
    wait.isRequested = false;
    const state = wait.sync.state;
    if (state !== BookState.Buffering && state !== BookState.Resyncing) {
      // Not waited for: the connection went meanwhile, or the book is in sync already.
      this.#offered = -1;
      return;
    }
    if (!this.#joins(instrument)) {
      this.#offered = -1;
      this.counters[FeedCounter.StaleSnapshots]! += 1;
      wait.sync.onLost();
      this.#retryLater(wait);
      return;
    }
    wait.retries = 0;
    this.counters[FeedCounter.Snapshots]! += 1;
    this.#phase = Phase.Begin;
    this.#messageIndex = 0;
  }

  /** True while a snapshot and the diffs behind it are still to be handed on. */
  get hasPending(): boolean {
    return this.#phase !== Phase.None;
  }

  /** Fills `batch` with the next part of a snapshot taken; its rows, 0 when there is no more. */
  nextBatch(): number {
    this.batch.clear();
    if (this.#phase === Phase.None) return 0;
    if (this.#phase === Phase.Begin) this.#beginSnapshot();
    if (this.#phase === Phase.Levels) this.#copyLevels();
    if (this.#phase === Phase.Diffs) this.#copyDiffs();
    if (this.#phase === Phase.Synced) this.#finishSnapshot();
    return this.batch.count;
  }

  #noMessage(result: number): number {
    const counters = this.counters;
    switch (result) {
      case DecodeResult.Ignored:
        counters[FeedCounter.Ignored]! += 1;
        return 0;
      case DecodeResult.UnknownSymbol:
        counters[FeedCounter.UnknownSymbol]! += 1;
        return 0;
      case DecodeResult.Shutdown:
        counters[FeedCounter.Shutdown]! += 1;
        return 0;
      case DecodeResult.Refused:
        counters[FeedCounter.Refused]! += 1;
        return 0;
      case DecodeResult.Overflow:
        counters[FeedCounter.Overflow]! += 1;
        return this.#overflowed(this.#decoder.header[HeaderField.Instrument]! | 0);
      default:
        counters[FeedCounter.Malformed]! += 1;
        return 0;
    }
  }

  /** A message too large for a batch cannot be applied: its book starts over. */
  #overflowed(instrument: number): number {
    const wait = this.#waits[instrument]!;
    this.batch.clear();
    if (this.#offered === instrument) this.#abandonSnapshot();
    this.#pool.drop(instrument);
    if (wait.sync.state !== BookState.Synced) return 0;
    this.counters[FeedCounter.Resyncs]! += 1;
    wait.sync.onLost();
    this.#askAgain(instrument);
    this.#status(instrument, BookState.Resyncing);
    return this.batch.count;
  }

  /** Trades of overlapping connections come twice: ids only ever rise. */
  #trade(instrument: number): number {
    const header = this.#decoder.header;
    if (header[HeaderField.TradeId]! <= this.#tradeIds[instrument]!) {
      this.counters[FeedCounter.Repeats]! += 1;
      this.batch.count = 0;
      return 0;
    }
    this.#tradeIds[instrument] = header[HeaderField.TradeId]!;
    this.counters[FeedCounter.Trades]! += 1;
    return this.batch.count;
  }

  #depth(instrument: number): number {
    const wait = this.#waits[instrument]!;
    if (this.#phase !== Phase.None && instrument === this.#offered) return this.#keep(instrument);
    const verdict = wait.sync.onDiff(this.#decoder.header);
    if (verdict === SyncVerdict.Apply) {
      this.counters[FeedCounter.Depth]! += 1;
      return this.batch.count;
    }
    if (verdict === SyncVerdict.Ignore) {
      this.counters[FeedCounter.Repeats]! += 1;
      this.batch.count = 0;
      return 0;
    }
    if (verdict === SyncVerdict.Keep) return this.#keep(instrument);
    this.counters[FeedCounter.Gaps]! += 1;
    this.counters[FeedCounter.Resyncs]! += 1;
    this.#askAgain(instrument);
    this.#keep(instrument);
    this.#status(instrument, BookState.Resyncing, StatusReason.Gap);
    return this.batch.count;
  }

  /** After a loss: at once the first time, at growing intervals when losses follow each other. */
  #askAgain(instrument: number): void {
    const wait = this.#waits[instrument]!;
    if (this.#nowNs - wait.syncedNs > SETTLED_NS) wait.losses = 0;
    wait.retries = wait.losses;
    wait.losses++;
    if (wait.retries === 0) this.#request(instrument);
    else this.#retryLater(wait);
  }

  /** Keeps the diff in `batch` for later and asks for a snapshot; leaves the batch empty. */
  #keep(instrument: number): number {
    const wait = this.#waits[instrument]!;
    const header = this.#decoder.header;
    if (!this.#pool.keep(instrument, this.batch, header)) {
      this.counters[FeedCounter.Overflow]! += 1;
      this.#pool.drop(instrument);
      if (this.#offered === instrument) this.#abandonSnapshot();
      wait.sync.onLost();
      this.#pool.keep(instrument, this.batch, header);
    }
    this.batch.clear();
    if (!wait.isRequested && this.#offered !== instrument && this.#mayRequest(wait)) {
      this.#request(instrument);
    }
    return 0;
  }

  /** A book's first request need not wait for its stream to be silent. */
  #mayRequest(wait: BookWait): boolean {
    return wait.retries === 0 || this.#nowNs >= wait.sinceNs;
  }

  #request(instrument: number): void {
    const wait = this.#waits[instrument]!;
    wait.isRequested = true;
    wait.sinceNs = this.#nowNs;
    this.#requestSnapshot(instrument);
  }

  #retryLater(wait: BookWait): void {
    const doublings = Math.min(wait.retries, RETRY_DOUBLINGS_MAX);
    wait.isRequested = false;
    wait.retries++;
    wait.sinceNs = this.#nowNs + RETRY_FIRST_NS * 2 ** doublings;
  }

  #allDown(route: FeedRoute, state: number): number {
    this.batch.clear();
    if (route === FeedRoute.Trades) this.#tradeIds.fill(-1);
    if (route !== FeedRoute.Book) return 0;
    this.#pool.clear();
    this.#phase = Phase.None;
    if (!this.#isStaging) this.#offered = -1;
    for (let i = 0; i < this.#waits.length; i++) {
      const wait = this.#waits[i]!;
      wait.sync.onConnecting();
      wait.isRequested = false;
      wait.retries = 0;
      this.#status(i, state);
    }
    return this.batch.count;
  }

  #status(instrument: number, state: number, reason: number = StatusReason.None): void {
    const batch = this.batch;
    batch.claim(RecordKind.Status, state, instrument, reason);
    const row = batch.claim(RecordKind.EndOfMessage, MessageClass.Status, instrument, 0);
    assert(row >= 0, 'status records fit the batch');
    batch.doubles[row * RECORD_DOUBLES + 1] = 1;
  }

  /** Whether every diff kept joins the snapshot offered, from the first that is not too old. */
  #joins(instrument: number): boolean {
    const sync = this.#waits[instrument]!.sync;
    const pool = this.#pool;
    sync.onSnapshot(this.#offeredId);
    for (let i = pool.next(instrument, 0); i >= 0; i = pool.next(instrument, i + 1)) {
      pool.copyHeader(i, this.#keptHeader);
      if (sync.onDiff(this.#keptHeader) === SyncVerdict.Gap) return false;
    }
    return true;
  }

  #beginSnapshot(): void {
    const batch = this.batch;
    const row = batch.claim(RecordKind.BookClear, 0, this.#offered, 0);
    batch.doubles[row * RECORD_DOUBLES + 2] = this.#offeredId;
    this.#waits[this.#offered]!.sync.onSnapshot(this.#offeredId);
    this.#stageIndex = 0;
    this.#phase = Phase.Levels;
  }

  #copyLevels(): void {
    const batch = this.batch;
    const stage = this.#stage;
    this.#stageIndex = stage.copyTo(batch, this.#offered, this.#stageIndex, 1);
    if (this.#stageIndex < stage.count) return;
    const row = batch.claim(RecordKind.EndOfMessage, MessageClass.Snapshot, this.#offered, 0);
    if (row < 0) return;
    batch.doubles[row * RECORD_DOUBLES + 1] = stage.count + 1;
    batch.doubles[row * RECORD_DOUBLES + 2] = this.#offeredId;
    this.#phase = Phase.Diffs;
  }

  #copyDiffs(): void {
    const pool = this.#pool;
    const batch = this.batch;
    const instrument = this.#offered;
    const sync = this.#waits[instrument]!.sync;
    if (this.#poolMoves !== pool.moveCount) {
      this.#poolMoves = pool.moveCount;
      this.#messageIndex = 0;
    }
    for (;;) {
      const index = pool.next(instrument, this.#messageIndex);
      if (index < 0) break;
      if (batch.count + pool.rowsOf(index) > batch.capacity) return;
      this.#messageIndex = index + 1;
      pool.copyHeader(index, this.#keptHeader);
      pool.dropOne(index);
      const verdict = sync.onDiff(this.#keptHeader);
      if (verdict === SyncVerdict.Gap) {
        this.#gapWhileReplaying();
        return;
      }
      if (verdict === SyncVerdict.Apply) {
        this.counters[FeedCounter.Depth]! += 1;
        pool.copyTo(batch, index);
      } else this.counters[FeedCounter.Repeats]! += 1;
    }
    this.#phase = Phase.Synced;
  }

  #finishSnapshot(): void {
    const batch = this.batch;
    if (batch.count + 2 > batch.capacity) return;
    const instrument = this.#offered;
    this.#waits[instrument]!.syncedNs = this.#nowNs;
    this.#status(instrument, BookState.Synced);
    this.#phase = Phase.None;
    this.#offered = -1;
    this.#pool.drop(instrument);
  }

  /** A diff that came after the snapshot was taken does not follow: start over. */
  #gapWhileReplaying(): void {
    const instrument = this.#offered;
    this.counters[FeedCounter.Gaps]! += 1;
    this.counters[FeedCounter.Resyncs]! += 1;
    this.#abandonSnapshot();
    this.#pool.drop(instrument);
    this.#retryLater(this.#waits[instrument]!);
  }

  #abandonSnapshot(): void {
    this.#phase = Phase.None;
    this.#offered = -1;
  }
}
