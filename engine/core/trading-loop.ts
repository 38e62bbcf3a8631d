/**
 * trading-loop: turns from real sockets. Owns the market and order sockets of its instruments and
 * does everything from the received buffer to the order request in one call chain. It wakes nobody.
 *
 * A turn is one socket message or one 10 ms timer tick.
 *
 * Writer    the trading thread. Units: engine ns. What `ws` allocates per message is its own.
 * Imports   core, base, execution, feeds, memory, telemetry.
 */
import { NS_PER_MS } from '../base/clock.ts';
import { SeededRandom } from '../base/random.ts';
import { ClientIds } from '../execution/client-ids.ts';
import type { Gateway } from '../execution/gateway.ts';
import { UsdmDecoder } from '../execution/venues/binance-usdm/decode.ts';
import { OrderEncoder } from '../execution/venues/binance-usdm/encode.ts';
import { UsdmGateway } from '../execution/venues/binance-usdm/gateway.ts';
import { UsdmSession } from '../execution/venues/binance-usdm/session.ts';
import { ed25519Signer } from '../execution/venues/binance-usdm/sign.ts';
import { FeedCounter } from '../feeds/feed-counters.ts';
import { FeedSession } from '../feeds/feed-session.ts';
import { MarketSockets } from '../feeds/market-sockets.ts';
import { usdmStreamPlan } from '../feeds/venues/binance-usdm/streams.ts';
import { Health, TurnKind } from '../memory/slots.ts';
import { Counter } from '../telemetry/counters.ts';
import { Stage } from '../telemetry/stages.ts';
import { resyncCrossed } from './crossed-books.ts';
import { LoopFrame } from './loop-frame.ts';
import type { LoopFrameParts } from './loop-frame.ts';
import { MessageTurn } from './message-turn.ts';
import { monotonicStamp } from './monotonic-stamp.ts';
import { SnapshotIntake } from './snapshot-intake.ts';
import type { HostMessage, SocketState, TradingJob, TradingMessage } from './trading-job.ts';

const TIMER_MS = 10;
const EPOCH_TURNS = 1000;
const SNAPSHOT_BATCHES_PER_TURN = 64;

export class TradingLoop {
  readonly #job: TradingJob;
  readonly #tell: (message: TradingMessage) => void;
  readonly #frame: LoopFrame;
  readonly #feed: FeedSession;
  readonly #turns: MessageTurn;
  readonly #sockets: MarketSockets;
  readonly #session: UsdmSession;
  readonly #snapshots: SnapshotIntake;
  readonly #stamp: (into: Float64Array, index: number) => void;
  readonly #encoder: OrderEncoder;
  /** [now, last timer]. */
  readonly #times = new Float64Array(2);
  #timer: NodeJS.Timeout | null = null;
  #timerTurns = 0;
  #market: SocketState = 'connecting';
  #orders: SocketState = 'connecting';
  #user: SocketState = 'connecting';

  constructor(job: TradingJob, tell: (message: TradingMessage) => void) {
    this.#job = job;
    this.#tell = tell;
    this.#stamp = monotonicStamp(job.options.anchorWallMs);
    const clientIds = new ClientIds(job.options.prefix);
    const made: { encoder?: OrderEncoder; decoder?: UsdmDecoder } = {};
    this.#frame = new LoopFrame({
      job,
      stamp: this.#stamp,
      gateway: (parts) => this.#makeGateway(parts, clientIds, made),
    });
    this.#encoder = made.encoder!;
    const { pipeline } = this.#frame.core;
    this.#feed = new FeedSession({
      venue: 'binance-usdm',
      instruments: pipeline.instruments,
      requestSnapshot: (instrument) => tell({ kind: 'snapshotWanted', instrument }),
    });
    this.#turns = new MessageTurn(this.#frame, this.#feed);
    this.#snapshots = new SnapshotIntake(this.#frame.snapshots, this.#feed);
    this.#sockets = this.#makeSockets();
    this.#session = this.#makeSession(made.decoder!);
  }

  start(): void {
    this.#stamp(this.#times, 1);
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
    this.#frame.close();
  }

  handle(message: HostMessage): void {
    switch (message.kind) {
      case 'watch':
        this.#frame.watch(message.instruments);
        return;
      case 'clockOffset':
        this.#encoder.offset[0] = message.ms;
        return;
      case 'snapshotFailed':
        this.#feed.snapshotFailed(message.instrument);
        return;
      case 'replay':
      case 'fresh':
      case 'stop':
        return;
    }
  }

  #makeGateway(
    parts: Parameters<LoopFrameParts['gateway']>[0],
    clientIds: ClientIds,
    made: { encoder?: OrderEncoder; decoder?: UsdmDecoder },
  ): Gateway {
    const { table, instruments, events, fence } = parts;
    const { receiveWindowMs, anchorWallMs } = this.#job.options;
    const common = { table, instruments, clientIds };
    const encoder = new OrderEncoder({ ...common, receiveWindowMs, anchorWallMs });
    encoder.offset[0] = this.#job.clockOffsetMs;
    made.encoder = encoder;
    made.decoder = new UsdmDecoder({ ...common, events });
    return new UsdmGateway({
      encoder,
      fence,
      send: (bytes, length) => this.#send(bytes, length),
    });
  }

  #makeSockets(): MarketSockets {
    const { options, marketStream, depthSpeed, jitterSeed } = this.#job;
    const symbols = options.specs.map((spec) => spec.symbol);
    const changed = (rows: number, state: SocketState): void => {
      this.#socketState(state, this.#orders, this.#user);
      if (rows > 0) this.#records(TurnKind.Message);
    };
    return new MarketSockets({
      endpoint: marketStream,
      routes: usdmStreamPlan(symbols, { depthSpeed }),
      random: new SeededRandom(jitterSeed),
      onMessage: (frame) => this.#message(frame),
      onOpening: (route) => changed(this.#feed.connectionOpening(route), 'connecting'),
      onUp: (route) => changed(this.#feed.connectionUp(route), 'up'),
      onLost: (route) => changed(this.#feed.connectionLost(route), 'down'),
      onAlert: (alert) => {
        this.#frame.counters.bump(Counter.Reconnects);
        const level = alert.trouble === 'renewal' ? 'info' : 'warn';
        this.#tell({ kind: 'notice', level, code: `feed/${alert.trouble}`, text: alert.message });
      },
    });
  }

  #makeSession(decoder: UsdmDecoder): UsdmSession {
    const job = this.#job;
    const now = new Float64Array(1);
    return new UsdmSession({
      endpoints: job.endpoints,
      signer: ed25519Signer(job.apiKey, job.privateKeyPem),
      table: this.#frame.core.pipeline.table,
      decoder,
      events: this.#frame.events,
      nowNs: () => {
        this.#stamp(now, 0);
        return now[0]!;
      },
      venueMs: () => performance.timeOrigin + performance.now() + this.#encoder.offset[0]!,
      receiveWindowMs: job.options.receiveWindowMs,
      isLoopbackOnly: job.isLoopbackOnly,
      onRows: () => this.#orderRows(),
      onNotice: (text) =>
        this.#tell({ kind: 'notice', level: 'info', code: 'venue/session', text }),
      ...(job.isLoopbackOnly ? { onUserFrame: obeyFault } : {}),
    });
  }

  #send(bytes: Uint8Array, length: number): boolean {
    const { probe } = this.#frame;
    probe.orderMark(Stage.Encode);
    const isSent = this.#session.send(bytes, length);
    probe.orderMark(Stage.Send);
    if (isSent) this.#frame.counters.bump(Counter.OrdersSent);
    return isSent;
  }

  /** One frame of a market socket. */
  #message(bytes: Buffer): void {
    this.#turns.receive(bytes, 0, bytes.length, this.#health());
  }

  /** Records that the feed has in its batch, as a turn of their own. */
  #records(kind: number): void {
    this.#frame.begin(kind, this.#health());
    this.#frame.core.market(this.#feed.batch);
    this.#frame.finish();
  }

  /** The order session has rows, or its health changed. */
  #orderRows(): void {
    this.#sessionState();
    if (this.#frame.events.count === 0 || this.#frame.isInTurn) return;
    this.#frame.begin(TurnKind.Order, this.#health());
    this.#frame.finish();
  }

  #onTimer(): void {
    const times = this.#times;
    this.#stamp(times, 0);
    const late = times[0]! - times[1]! - TIMER_MS * NS_PER_MS;
    times[1] = times[0]!;
    const frame = this.#frame;
    frame.beat(late);
    this.#feed.tick(times, 0);
    this.#takeSnapshots();
    resyncCrossed(frame.core.pipeline.books.states, this.#feed, (instrument) => {
      this.#records(TurnKind.Message);
      const { symbol } = frame.core.pipeline.instruments[instrument]!;
      const text = `${symbol}: the book stays crossed; starting over from a snapshot`;
      this.#tell({ kind: 'notice', level: 'warn', code: 'feed/crossed', text });
    });
    frame.begin(TurnKind.Timer, this.#health());
    frame.finish();
    this.#timerTurns = (this.#timerTurns + 1) | 0;
    if (this.#timerTurns % EPOCH_TURNS === 0) frame.probe.rotate();
    this.#copyCounters();
  }

  /** Snapshots that the host has put into its ring, batch by batch. */
  #takeSnapshots(): void {
    if (!this.#snapshots.take()) return;
    for (let k = 0; k < SNAPSHOT_BATCHES_PER_TURN && this.#feed.nextBatch() > 0; k++) {
      this.#records(TurnKind.Snapshot);
    }
  }

  /** What the pipeline may not know by itself, as bits of the turn's record. */
  #health(): number {
    let health = this.#session.health;
    if (!this.#sockets.isUp) health |= Health.MarketSocketDown;
    if (this.#sockets.bufferedAmount > 0) health |= Health.SocketBusy;
    return health;
  }

  #copyCounters(): void {
    const from = this.#feed.counters;
    const to = this.#frame.counters;
    to.set(Counter.Gaps, from[FeedCounter.Gaps]!);
    to.set(Counter.Resyncs, from[FeedCounter.Resyncs]!);
    to.set(Counter.Malformed, from[FeedCounter.Malformed]!);
    to.set(Counter.DecodeFallbacks, from[FeedCounter.Fallback]!);
    to.set(Counter.Drops, from[FeedCounter.Overflow]!);
    this.#frame.copyCounters();
    this.#sessionState();
  }

  #sessionState(): void {
    const health = this.#session.health;
    const orders = (health & Health.OrderSocketDown) !== 0 ? 'down' : 'up';
    const user = (health & Health.UserStreamDown) !== 0 ? 'down' : 'up';
    this.#socketState(this.#market, orders, user);
  }

  #socketState(market: SocketState, orders: SocketState, user: SocketState): void {
    if (market === this.#market && orders === this.#orders && user === this.#user) return;
    this.#market = market;
    this.#orders = orders;
    this.#user = user;
    this.#tell({ kind: 'sockets', market, orders, user });
  }
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
