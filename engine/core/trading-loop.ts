/**
 * trading-loop: turns from real sockets. Owns the market and order sockets of its instruments and
 * does everything from the received buffer to the order request in one call chain. It wakes nobody.
 *
 * A turn is one socket message or one 10 ms timer tick. First of all in each: the shared command word
 * (KILL, fence, lease, journal), then the ring of commands; they act before any market data.
 *
 * Writer    the trading thread. Readers of what it publishes: host, journal thread.
 * Units     engine ns of `stamp`.
 * Hot path: #message and #turn; what `ws` allocates per message is its own.
 * Imports   core, book, domain, execution, feeds, memory, telemetry.
 */
import { NS_PER_MS } from '../base/clock.ts';
import { SeededRandom } from '../base/random.ts';
import { BookState } from '../domain/modes.ts';
import { ClientIds } from '../execution/client-ids.ts';
import { EVENT_STRIDE, OrderEventQueue } from '../execution/order-events.ts';
import { UsdmDecoder } from '../execution/venues/binance-usdm/decode.ts';
import { OrderEncoder } from '../execution/venues/binance-usdm/encode.ts';
import { UsdmGateway } from '../execution/venues/binance-usdm/gateway.ts';
import { UsdmSession } from '../execution/venues/binance-usdm/session.ts';
import { ed25519Signer } from '../execution/venues/binance-usdm/sign.ts';
import { FeedCounter } from '../feeds/feed-counters.ts';
import type { FeedRoute } from '../feeds/feed-route.ts';
import { FeedSession } from '../feeds/feed-session.ts';
import { MarketSockets } from '../feeds/market-sockets.ts';
import { usdmStreamPlan } from '../feeds/venues/binance-usdm/streams.ts';
import { LatestWriter } from '../memory/latest-ring.ts';
import { flagsOf, kindOf, MessageClass, RecordKind } from '../memory/market-record.ts';
import { RECORD_DOUBLES, RECORD_WORDS } from '../memory/market-record.ts';
import { RegionName, SharedMemory } from '../memory/memory-plan.ts';
import { Beat, CommandBit, SharedWords } from '../memory/shared-words.ts';
import { ViewWriter } from '../memory/slot-view.ts';
import { Health, OrderEventField, SlotKind, TurnKind } from '../memory/slots.ts';
import { RingReader, RingWriter } from '../memory/spsc-ring.ts';
import { CounterBlock } from '../memory/counters.ts';
import { Counter, COUNTER_COUNT } from '../telemetry/counters.ts';
import { HistogramWriter } from '../telemetry/histogram.ts';
import { Stage, STAGE_COUNT } from '../telemetry/stages.ts';
import { ClockField } from './clock-field.ts';
import { CommandCode } from './command-codes.ts';
import { writeCommand } from './command-desk.ts';
import { DeferredGateway } from './deferred-gateway.ts';
import { Probe } from './probe.ts';
import { Publisher } from './publisher.ts';
import { SnapshotIntake } from './snapshot-intake.ts';
import { TradingCore } from './trading-core.ts';
import { HOST_RING } from './trading-job.ts';
import type { SocketState, TradingJob, TradingMessage } from './trading-job.ts';

const TIMER_MS = 10;
const EPOCH_TURNS = 1000;
const SNAPSHOT_BATCHES_PER_TURN = 64;

export class TradingLoop {
  readonly #job: TradingJob;
  readonly #tell: (message: TradingMessage) => void;
  readonly #core: TradingCore;
  readonly #feed: FeedSession;
  readonly #sockets: MarketSockets;
  readonly #session: UsdmSession;
  readonly #events = new OrderEventQueue();
  readonly #words: SharedWords;
  readonly #commands: RingReader;
  readonly #snapshots: SnapshotIntake;
  readonly #journal: RingWriter;
  readonly #host: RingWriter;
  readonly #trades: LatestWriter;
  readonly #counters: CounterBlock;
  readonly #publisher: Publisher;
  readonly #probe: Probe;
  readonly #encoder: OrderEncoder;
  /** [now, last timer, loop lag, span start, span end]. */
  readonly #times = new Float64Array(8);
  readonly #offsetMs: number;
  readonly #scratch = new Int32Array(16);
  readonly #scratchDoubles = new Float64Array(this.#scratch.buffer);
  #timer: NodeJS.Timeout | null = null;
  #timerTurns = 0;
  #isInTurn = false;
  #killSeen = 0;
  #hasLeaseLost = false;
  #marketState: SocketState = 'connecting';
  #ordersState: SocketState = 'connecting';
  #userState: SocketState = 'connecting';

  constructor(job: TradingJob, tell: (message: TradingMessage) => void) {
    this.#job = job;
    this.#tell = tell;
    this.#offsetMs = performance.timeOrigin - job.options.anchorWallMs;
    const memory = new SharedMemory(job.memory.buffer, job.memory.plan);
    const at = (name: string): number => memory.offsetOf(name);
    const { buffer } = memory;
    this.#words = new SharedWords(buffer, at(RegionName.sharedWords()));
    this.#journal = new RingWriter(buffer, at(RegionName.journal()));
    this.#host = new RingWriter(buffer, at(HOST_RING));
    this.#commands = new RingReader(buffer, at(RegionName.commands()));
    this.#trades = new LatestWriter(buffer, at(RegionName.trades()));
    this.#counters = new CounterBlock(buffer, COUNTER_COUNT, at(RegionName.counters()));
    const histograms = new HistogramWriter(buffer, STAGE_COUNT, at(RegionName.histograms()));
    this.#probe = new Probe(histograms, (into, index) => this.#stamp(into, index));
    TradingCore.writeHeader(this.#journal, job.options);

    const made: { encoder: OrderEncoder | null; decoder: UsdmDecoder | null } = {
      encoder: null,
      decoder: null,
    };
    const clientIds = new ClientIds(job.options.prefix);
    this.#core = new TradingCore(job.options, {
      journal: this.#journal,
      host: this.#host,
      probe: this.#probe,
      gateway: (table, instruments) => {
        const encoder = new OrderEncoder({
          table,
          instruments,
          clientIds,
          receiveWindowMs: job.options.receiveWindowMs,
          anchorWallMs: job.options.anchorWallMs,
        });
        encoder.offset[0] = job.clockOffsetMs;
        made.encoder = encoder;
        made.decoder = new UsdmDecoder({ instruments, clientIds, table, events: this.#events });
        const gateway = new UsdmGateway({
          encoder,
          send: (bytes, length) => this.#send(bytes, length),
          fence: this.#words.fenceWord,
        });
        return new DeferredGateway(gateway, table, this.#events, () => this.#probe.sent());
      },
    });
    this.#encoder = made.encoder!;
    const { pipeline } = this.#core;
    const count = pipeline.instruments.length;
    this.#publisher = new Publisher(pipeline, {
      engine: new ViewWriter(buffer, at(RegionName.engineView())),
      markets: range(count, (i) => new ViewWriter(buffer, at(RegionName.marketView(i)))),
      deep: range(count, (i) => new ViewWriter(buffer, at(RegionName.deepView(i)))),
    });
    this.#feed = new FeedSession({
      venue: 'binance-usdm',
      instruments: pipeline.instruments,
      requestSnapshot: (instrument) => tell({ kind: 'snapshotWanted', instrument }),
    });
    this.#snapshots = new SnapshotIntake(
      new RingReader(buffer, at(RegionName.snapshots())),
      this.#feed,
    );
    this.#sockets = this.#makeSockets();
    this.#session = this.#makeSession(made.decoder!);
  }

  start(): void {
    this.#stamp(this.#times, 0);
    this.#times[1] = this.#times[0]!;
    this.#session.start();
    this.#sockets.start();
    this.#timer = setInterval(() => this.#onTimer(), TIMER_MS);
    this.#tell({ kind: 'ready' });
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#sockets.stop();
    this.#session.stop();
    this.#journal.publish();
    this.#host.publish();
  }

  watch(instruments: readonly number[]): void {
    this.#publisher.watched.fill(0);
    for (const index of instruments) {
      this.#publisher.watched[index] = 1;
      this.#core.pipeline.touched[index] = 1;
    }
  }

  setClockOffset(ms: number): void {
    this.#encoder.offset[0] = ms;
  }

  snapshotFailed(instrument: number): void {
    this.#feed.snapshotFailed(instrument);
  }

  #makeSockets(): MarketSockets {
    const { job, feed } = { job: this.#job, feed: this.#feed };
    const symbols = job.options.specs.map((spec) => spec.symbol);
    const status = (route: FeedRoute, rows: number, state: SocketState): void => {
      this.#socketState(state, this.#ordersState, this.#userState);
      if (rows > 0) this.#records(TurnKind.Message);
      void route;
    };
    return new MarketSockets({
      endpoint: job.marketStream,
      routes: usdmStreamPlan(symbols, { depthSpeed: job.depthSpeed }),
      random: new SeededRandom(job.jitterSeed),
      onMessage: (frame) => this.#message(frame),
      onOpening: (route) => status(route, feed.connectionOpening(route), 'connecting'),
      onUp: (route) => status(route, feed.connectionUp(route), 'up'),
      onLost: (route) => status(route, feed.connectionLost(route), 'down'),
      onAlert: (alert) => {
        this.#counters.bump(Counter.Reconnects);
        const level = alert.trouble === 'renewal' ? 'info' : 'warn';
        this.#tell({ kind: 'notice', level, code: `feed/${alert.trouble}`, text: alert.message });
      },
    });
  }

  #makeSession(decoder: UsdmDecoder): UsdmSession {
    const job = this.#job;
    return new UsdmSession({
      endpoints: job.endpoints,
      signer: ed25519Signer(job.apiKey, job.privateKeyPem),
      table: this.#core.pipeline.table,
      decoder,
      events: this.#events,
      nowNs: () => this.#nowNs(),
      venueMs: () => performance.timeOrigin + performance.now() + this.#encoder.offset[0]!,
      receiveWindowMs: job.options.receiveWindowMs,
      isLoopbackOnly: job.isLoopbackOnly,
      onRows: () => this.#orderRows(),
      onNotice: (text) => this.#tell({ kind: 'notice', level: 'info', code: 'venue/session', text }),
      ...(job.isLoopbackOnly
        ? { onUserFrame: (bytes: Uint8Array): void => obeyFault(bytes) }
        : {}),
    });
  }

  /** Engine ns of now into `into[index]`. */
  #stamp(into: Float64Array, index: number): void {
    into[index] = (performance.now() + this.#offsetMs) * NS_PER_MS;
  }

  #nowNs(): number {
    return (performance.now() + this.#offsetMs) * NS_PER_MS;
  }

  #send(bytes: Uint8Array, length: number): boolean {
    const isSent = this.#session.send(bytes, length);
    if (isSent) this.#counters.bump(Counter.OrdersSent);
    return isSent;
  }

  /** One frame of a market socket. */
  #message(frame: Buffer): void {
    this.#counters.bump(Counter.Messages);
    this.#begin(TurnKind.Message);
    const rows = this.#feed.receive(frame, 0, frame.length);
    if (this.#probe.isSampling) this.#probe.mark(Stage.Decode);
    if (rows > 0) {
      this.#core.market(this.#feed.batch);
      this.#noteTrades();
    }
    this.#finish();
  }

  /** Records that the feed has in its batch, as a turn of their own. */
  #records(kind: number): void {
    this.#begin(kind);
    this.#core.market(this.#feed.batch);
    this.#finish();
  }

  /** The order session has rows, or its health changed. */
  #orderRows(): void {
    this.#sessionState();
    if (this.#events.count === 0 || this.#isInTurn) return;
    this.#begin(TurnKind.Order);
    this.#finish();
  }

  #onTimer(): void {
    const times = this.#times;
    this.#stamp(times, 0);
    const late = times[0]! - times[1]! - TIMER_MS * NS_PER_MS;
    times[1] = times[0]!;
    times[2] = late > 0 ? late : 0;
    this.#probe.record(Stage.LoopLag, times, 2);
    this.#words.beat(Beat.Trading);
    this.#feed.tick(times[0]!);
    this.#takeSnapshots();
    this.#begin(TurnKind.Timer);
    this.#finish();
    this.#timerTurns = (this.#timerTurns + 1) | 0;
    if (this.#timerTurns % EPOCH_TURNS === 0) this.#probe.rotate();
    this.#copyCounters();
  }

  /** Snapshots that the host has put into its ring, batch by batch. */
  #takeSnapshots(): void {
    if (!this.#snapshots.take()) return;
    for (let k = 0; k < SNAPSHOT_BATCHES_PER_TURN && this.#feed.nextBatch() > 0; k++) {
      this.#records(TurnKind.Snapshot);
    }
  }

  #begin(kind: number): void {
    this.#isInTurn = true;
    const { clock } = this.#core;
    this.#stamp(clock, ClockField.NowNs);
    clock[ClockField.LoopLagNs] = this.#times[2]!;
    const bits = this.#words.bits();
    clock[ClockField.Health] = this.#health(bits);
    this.#probe.begin(clock);
    this.#core.begin(kind);
    if (bits !== 0) this.#obey(bits);
    this.#takeCommands();
    if (this.#events.count > 0) this.#takeOrderEvents();
  }

  #finish(): void {
    this.#core.decide();
    const { clock } = this.#core;
    this.#stamp(clock, ClockField.EndNs);
    this.#probe.end(clock);
    this.#core.end();
    this.#publisher.publish();
    this.#isInTurn = false;
  }

  /** What the pipeline may not know by itself, as the bits of the turn's record. */
  #health(bits: number): number {
    let health = this.#session.health;
    if (!this.#sockets.isUp) health |= Health.MarketSocketDown;
    if (this.#sockets.bufferedAmount > 0) health |= Health.SocketBusy;
    if (this.#journal.isLosing) health |= Health.JournalRingFull;
    if ((bits & CommandBit.JournalFailed) !== 0) health |= Health.JournalFailed;
    if ((bits & CommandBit.LeaseLost) !== 0) health |= Health.LeaseLost;
    if ((bits & CommandBit.Fence) !== 0) health |= Health.Fence;
    return health;
  }

  /** The command word: KILL and a lost lease become journaled commands. */
  #obey(bits: number): void {
    const request = this.#words.killRequest();
    if ((bits & CommandBit.Kill) !== 0 && request !== this.#killSeen) {
      this.#killSeen = request;
      this.#command(CommandCode.Kill, request);
      this.#words.acknowledgeKill(request);
    }
    const isLost = (bits & CommandBit.LeaseLost) !== 0;
    if (isLost && !this.#hasLeaseLost) this.#command(CommandCode.LeaseLost, 0);
    this.#hasLeaseLost = isLost;
  }

  #command(code: number, id: number): void {
    writeCommand(this.#scratch, this.#scratchDoubles, 0, { code, id }, SlotKind.Command);
    this.#core.command(this.#scratch, this.#scratchDoubles, 0);
  }

  #takeCommands(): void {
    const ring = this.#commands;
    for (let at = ring.peek(); at >= 0; at = ring.peek()) {
      const kind = ring.words[at * 2]! & 0xff;
      if (kind === SlotKind.Command) this.#core.command(ring.words, ring.doubles, at);
      else if (kind === SlotKind.SlowResult) this.#core.restoreScalp(ring.words, ring.doubles, at);
      ring.advance();
    }
  }

  #takeOrderEvents(): void {
    const events = this.#events;
    const { clock, pipeline } = this.#core;
    for (let row = 0; row < events.count; row++) {
      const base = row * EVENT_STRIDE;
      // The turn's stamp, so that a replay sees one time in one turn.
      events.doubles[base + OrderEventField.NowNs] = clock[ClockField.NowNs]!;
      this.#spanOf(pipeline.table.slotOf(events.doubles[base + OrderEventField.ClientSequence]!));
      this.#core.orderEvent(events.words, events.doubles, base);
    }
    events.clear();
  }

  /** Sent → acknowledged and acknowledged → filled, from the stamps in the order table. */
  #spanOf(slot: number): void {
    if (slot < 0) return;
    const { table } = this.#core.pipeline;
    const times = this.#times;
    times[4] = this.#core.clock[ClockField.NowNs]!;
    if (table.ackNs[slot] === 0) {
      times[3] = table.sentNs[slot]!;
      this.#probe.recordSpan(Stage.SentToAck, times, 3, 4);
    } else if (table.filledLots[slot] === 0) {
      times[3] = table.ackNs[slot]!;
      this.#probe.recordSpan(Stage.AckToFill, times, 3, 4);
    }
  }

  /** Trades of the batch go to the screen's ring. */
  #noteTrades(): void {
    const { batch } = this.#feed;
    const last = batch.count - 1;
    const header = batch.words[last * RECORD_WORDS]!;
    if (kindOf(header) !== RecordKind.EndOfMessage || flagsOf(header) !== MessageClass.Trade) return;
    const nowNs = this.#core.clock[ClockField.NowNs]!;
    for (let row = 0; row < last; row++) {
      const at = this.#trades.claim();
      this.#trades.words[at * 2] = batch.words[row * RECORD_WORDS]!;
      this.#trades.words[at * 2 + 1] = batch.words[row * RECORD_WORDS + 1]!;
      this.#trades.doubles[at + 1] = batch.doubles[row * RECORD_DOUBLES + 1]!;
      this.#trades.doubles[at + 2] = batch.doubles[row * RECORD_DOUBLES + 2]!;
      this.#trades.doubles[at + 3] = nowNs;
      this.#trades.commit();
      this.#counters.bump(Counter.Trades);
    }
    this.#trades.publish();
  }

  #copyCounters(): void {
    const from = this.#feed.counters;
    const { pipeline } = this.#core;
    const to = this.#counters;
    to.set(Counter.Gaps, from[FeedCounter.Gaps]!);
    to.set(Counter.Resyncs, from[FeedCounter.Resyncs]!);
    to.set(Counter.Malformed, from[FeedCounter.Malformed]!);
    to.set(Counter.DecodeFallbacks, from[FeedCounter.Fallback]!);
    to.set(Counter.Drops, from[FeedCounter.Overflow]!);
    to.set(Counter.Records, pipeline.recordCount);
    to.set(Counter.Turns, pipeline.turnCount);
    to.set(Counter.Decisions, pipeline.decisionCount);
    to.set(Counter.Fills, pipeline.desk.counts.fills);
    to.set(Counter.JournalSlotsLost, this.#journal.lostSlots);
    let crossed = 0;
    for (const state of pipeline.books.states) crossed += state.crossedCount;
    to.set(Counter.CrossedBooks, crossed);
    this.#sessionState();
  }

  #sessionState(): void {
    const health = this.#session.health;
    const orders = (health & Health.OrderSocketDown) !== 0 ? 'down' : 'up';
    const user = (health & Health.UserStreamDown) !== 0 ? 'down' : 'up';
    this.#socketState(this.#marketState, orders, user);
  }

  #socketState(market: SocketState, orders: SocketState, user: SocketState): void {
    const isSame = market === this.#marketState && orders === this.#ordersState;
    if (isSame && user === this.#userState) return;
    this.#marketState = market;
    this.#ordersState = orders;
    this.#userState = user;
    this.#tell({ kind: 'sockets', market, orders, user });
  }

  /** True once every book is in sync. */
  get isSynced(): boolean {
    const { instruments } = this.#core.pipeline;
    return instruments.every((_, i) => this.#feed.bookState(i) === BookState.Synced);
  }
}

function range<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** SIM only: a fault of the simulated exchange that hangs this thread for a while. */
function obeyFault(bytes: Uint8Array): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const match = /"e":"simFault".*"f":"hangTradingThread".*"ms":(\d{1,7})/.exec(text);
  if (match === null) return;
  const until = performance.now() + Number(match[1]);
  while (performance.now() < until) {
    // The thread hangs: that is the fault.
  }
}

