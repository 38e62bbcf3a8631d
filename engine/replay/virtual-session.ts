/**
 * virtual-session: the whole engine against the exchange core in one process under virtual time.
 *
 * Same codecs, same feed session, same gateway, same pipeline as live; only clock and transport are
 * swapped. Session id, keys and wall anchor follow from the seed, so one seed gives one journal, to
 * the byte.
 *
 * Order     everything that arrives goes through one inbox and is handled turn by turn; what a turn
 *           causes (a reply without latency, say) is handled after it, never inside it.
 * Units     engine ns = simulation ms × 10^6, strictly increasing.
 * Imports   core, exchange/server, execution, feeds, memory, node:crypto (keys from a seed).
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { assert } from '../base/assert.ts';
import { ClockField } from '../core/clock-field.ts';
import { COMMAND_SLOTS } from '../core/command-codes.ts';
import { writeCommand } from '../core/command-desk.ts';
import { resyncCrossed } from '../core/crossed-books.ts';
import { DeferredGateway } from '../core/deferred-gateway.ts';
import type { PipelineOptions } from '../core/pipeline-options.ts';
import { JOURNAL_VERSION } from '../core/pipeline-options.ts';
import { noProbe } from '../core/probe.ts';
import { TradingCore } from '../core/trading-core.ts';
import type { InstrumentSpec } from '../domain/instrument.ts';
import { Mode, TradingState } from '../domain/modes.ts';
import { E8, Side } from '../domain/units.ts';
import { InProcessExchange } from '../exchange/server/in-process.ts';
import { ClientIds } from '../execution/client-ids.ts';
import { EVENT_STRIDE, OrderEventQueue } from '../execution/order-events.ts';
import { UsdmDecoder } from '../execution/venues/binance-usdm/decode.ts';
import { OrderEncoder } from '../execution/venues/binance-usdm/encode.ts';
import { UsdmGateway } from '../execution/venues/binance-usdm/gateway.ts';
import { ed25519Signer, signedParams } from '../execution/venues/binance-usdm/sign.ts';
import type { Signer } from '../execution/venues/binance-usdm/sign.ts';
import { FeedRoute } from '../feeds/feed-route.ts';
import { FeedSession } from '../feeds/feed-session.ts';
import { instrumentSpecsFromExchangeInfo, parseDepthSnapshot } from '../feeds/market-metadata.ts';
import { OrderEventField, SLOT_BYTES, SlotKind, TurnKind } from '../memory/slots.ts';
import type { SlotSink } from '../memory/slots.ts';
import { simLimitValues } from '../risk/limits.ts';
import { SIM_SCALPER_VALUES } from '../strategies/scalper/parameters.ts';

export interface VirtualSessionOptions {
  readonly seed: number;
  readonly journal: SlotSink;
  /** Market messages a second; the exchange's default when absent. */
  readonly messagesPerSecond?: number;
  readonly symbols?: readonly string[];
  readonly wallet?: string;
  readonly latencies?: {
    readonly orderMs?: number;
    readonly replyMs?: number;
    readonly userMs?: number;
    readonly marketMs?: number;
  };
  /** Overrides of the pipeline's options (parameters, limits…). */
  readonly pipeline?: Partial<PipelineOptions>;
}

const START_WALL_MS = 1_790_000_000_000;
const TIMER_MS = 10;
const DEFAULT_LATENCIES = { orderMs: 2, replyMs: 1, userMs: 1, marketMs: 1 };
const WALLET = '100000';
/** PKCS #8 head of an Ed25519 private key; the 32 seed bytes follow. */
const ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

type Arrival = { readonly kind: 'market' | 'user' | 'reply'; readonly bytes: Buffer };

export class VirtualSession {
  readonly exchange: InProcessExchange;
  readonly core: TradingCore;
  readonly options: PipelineOptions;
  readonly feed: FeedSession;
  readonly #events = new OrderEventQueue();
  readonly #decoder: UsdmDecoder;
  readonly #inbox: Arrival[] = [];
  readonly #command: { words: Int32Array; doubles: Float64Array };
  #isWorking = false;
  #commandId = 0;
  #lastNs = 0;
  /** [now], handed to the feed. */
  readonly #times = new Float64Array(1);

  constructor(options: VirtualSessionOptions) {
    const { seed } = options;
    this.exchange = new InProcessExchange({
      seed,
      startWallMs: START_WALL_MS,
      latencies: options.latencies ?? DEFAULT_LATENCIES,
      ...(options.messagesPerSecond === undefined
        ? {}
        : { messagesPerSecond: options.messagesPerSecond }),
      ...(options.symbols === undefined ? {} : { symbols: options.symbols }),
    });
    const signer = this.#register(seed, options.wallet ?? WALLET);
    const specs = this.#specs(signer);
    this.options = pipelineOptions(options, specs);
    const clientIds = new ClientIds(this.options.prefix);
    TradingCore.writeHeader(options.journal, this.options);
    let decoder: UsdmDecoder | null = null;
    this.core = new TradingCore(this.options, {
      journal: options.journal,
      host: null,
      probe: noProbe(),
      gateway: (table, instruments) => {
        const encoder = new OrderEncoder({
          table,
          instruments,
          clientIds,
          receiveWindowMs: this.options.receiveWindowMs,
          anchorWallMs: START_WALL_MS,
        });
        decoder = new UsdmDecoder({ instruments, clientIds, table, events: this.#events });
        const send = (bytes: Uint8Array, length: number): boolean => this.#send(bytes, length);
        const gateway = new UsdmGateway({ encoder, send });
        return new DeferredGateway(gateway, table, this.#events, () => undefined);
      },
    });
    assert(decoder !== null, 'the pipeline makes its gateway');
    this.#decoder = decoder;
    const buffer = new ArrayBuffer(COMMAND_SLOTS * SLOT_BYTES);
    this.#command = { words: new Int32Array(buffer), doubles: new Float64Array(buffer) };
    this.feed = new FeedSession({
      venue: 'binance-usdm',
      instruments: this.core.pipeline.instruments,
      requestSnapshot: (instrument) => this.#snapshot(instrument),
    });
    this.exchange.onMarket((bytes) => this.#arrive({ kind: 'market', bytes }));
    this.exchange.onUser((text) => this.#arrive({ kind: 'user', bytes: Buffer.from(text) }));
    this.#logOn(signer);
    this.#connect();
  }

  get nowMs(): number {
    return this.exchange.nowMs;
  }

  /** Runs to `ms` of virtual time since the start. */
  runTo(ms: number): void {
    let next = Math.floor(this.nowMs / TIMER_MS) * TIMER_MS + TIMER_MS;
    for (; next <= ms; next += TIMER_MS) {
      this.exchange.advanceTo(next);
      this.#timer();
    }
  }

  /** A person's or the host's command, applied in a turn of its own. */
  command(
    code: number,
    scope: { strategy?: number; instrument?: number } = {},
    values: number[] = [],
  ): void {
    const { words, doubles } = this.#command;
    const id = ++this.#commandId;
    writeCommand(words, doubles, 0, { code, id, ...scope, values }, SlotKind.Command);
    this.#guarded(() => {
      this.#turn(TurnKind.Command, () => this.core.command(words, doubles, 0));
    });
  }

  #register(seed: number, wallet: string): Signer {
    const secret = Buffer.alloc(32);
    secret.writeUInt32LE(seed >>> 0, 0);
    const der = Buffer.concat([ED25519_HEAD, secret]);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const publicKeyPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
    const apiKey = `virtual-${seed}`;
    this.exchange.register({ apiKey, publicKeyPem: String(publicKeyPem), wallet });
    return ed25519Signer(apiKey, privateKey);
  }

  /** Increments as the venue states them, fees as it charges them. */
  #specs(signer: Signer): readonly InstrumentSpec[] {
    const info = this.exchange.rest('GET', '/fapi/v1/exchangeInfo');
    assert(info !== null && info.status === 200, 'the exchange answers exchangeInfo');
    const symbols = this.exchange.service.core.markets.map((market) => market.symbol);
    const specs = instrumentSpecsFromExchangeInfo(info.body, symbols, 'binance-usdm');
    return specs.map((spec) => ({ ...spec, ...this.#fees(signer, spec.symbol) }));
  }

  #fees(signer: Signer, symbol: string): { makerFee: string; takerFee: string } {
    const query = `symbol=${symbol}&timestamp=${this.exchange.wallNowMs}`;
    const signature = encodeURIComponent(signer.sign(query));
    const path = `/fapi/v1/commissionRate?${query}&signature=${signature}`;
    const answer = this.exchange.rest('GET', path, { 'X-MBX-APIKEY': signer.apiKey });
    assert(answer !== null && answer.status === 200, 'the exchange answers commissionRate');
    const fees = JSON.parse(answer.body) as Record<string, string>;
    return { makerFee: fees['makerCommissionRate']!, takerFee: fees['takerCommissionRate']! };
  }

  #logOn(signer: Signer): void {
    const params = signedParams(signer, { timestamp: this.exchange.wallNowMs });
    const text = JSON.stringify({ id: 'logon', method: 'session.logon', params });
    this.exchange.sendWsApi(text, (reply) => {
      assert((JSON.parse(reply) as { status: number }).status === 200, `logon: ${reply}`);
    });
  }

  #connect(): void {
    this.#times[0] = this.#stamp();
    this.feed.tick(this.#times, 0);
    for (const route of [FeedRoute.Book, FeedRoute.Trades]) {
      if (this.feed.connectionUp(route) > 0) {
        this.#turn(TurnKind.Message, () => this.core.market(this.feed.batch));
      }
    }
  }

  #snapshot(index: number): void {
    const instrument = this.core.pipeline.instruments[index]!;
    const path = `/fapi/v1/depth?symbol=${instrument.symbol}&limit=1000`;
    const content = { headers: {}, body: '' };
    this.exchange.sendRest('GET', path, content, (response) => {
      // After the turn that asked: a snapshot is an arrival like any other.
      this.#later(() => this.#offer(index, response.body));
    });
  }

  readonly #jobs: (() => void)[] = [];

  #later(job: () => void): void {
    this.#jobs.push(job);
    this.#work();
  }

  #offer(index: number, body: string): void {
    const instrument = this.core.pipeline.instruments[index]!;
    const snapshot = parseDepthSnapshot(body, instrument);
    this.feed.offerSnapshotBegin(index, snapshot.lastUpdateId);
    for (const [ticks, lots] of snapshot.bids) this.feed.offerSnapshotLevel(Side.Buy, ticks, lots);
    for (const [ticks, lots] of snapshot.asks) this.feed.offerSnapshotLevel(Side.Sell, ticks, lots);
    this.feed.offerSnapshotEnd();
    while (this.feed.nextBatch() > 0) {
      this.#turn(TurnKind.Snapshot, () => this.core.market(this.feed.batch));
    }
  }

  #send(bytes: Uint8Array, length: number): boolean {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
    this.exchange.sendWsApi(text, (reply) => {
      this.#arrive({ kind: 'reply', bytes: Buffer.from(reply) });
    });
    return true;
  }

  #arrive(arrival: Arrival): void {
    this.#inbox.push(arrival);
    this.#work();
  }

  /** Handles what waits, one after the other; never re-entered. */
  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (;;) {
        const job = this.#jobs.shift();
        if (job !== undefined) {
          job();
          continue;
        }
        const arrival = this.#inbox.shift();
        if (arrival === undefined) break;
        this.#handle(arrival);
      }
    } finally {
      this.#isWorking = false;
    }
  }

  #handle(arrival: Arrival): void {
    const { bytes } = arrival;
    if (arrival.kind === 'market') {
      this.#times[0] = this.#lastNs;
      this.feed.tick(this.#times, 0);
      const rows = this.feed.receive(bytes, 0, bytes.length);
      if (rows > 0) this.#turn(TurnKind.Message, () => this.core.market(this.feed.batch));
      return;
    }
    this.#decoder.now[0] = this.#stamp();
    if (arrival.kind === 'user') this.#decoder.onUserEvent(bytes, bytes.length);
    else this.#decoder.onReply(bytes, bytes.length);
    this.#orderEvents();
  }

  /** Everything the gateway told, each as an input of one turn. */
  #orderEvents(): void {
    const events = this.#events;
    if (events.count === 0) return;
    this.#turn(TurnKind.Order, () => {
      const nowNs = this.core.clock[ClockField.NowNs]!;
      for (let row = 0; row < events.count; row++) {
        const base = row * EVENT_STRIDE;
        events.doubles[base + OrderEventField.NowNs] = nowNs;
        this.core.orderEvent(events.words, events.doubles, base);
      }
      events.clear();
    });
  }

  #timer(): void {
    this.#guarded(() => {
      this.#turn(TurnKind.Timer, () => this.feed.tick(this.core.clock, ClockField.NowNs));
      this.#orderEvents();
      resyncCrossed(this.core.pipeline.books.states, this.feed, () => {
        this.#turn(TurnKind.Message, () => this.core.market(this.feed.batch));
      });
    });
    this.exchange.drain();
  }

  /** Turns from outside: what they cause waits until they are over. */
  #guarded(turns: () => void): void {
    this.#isWorking = true;
    turns();
    this.#isWorking = false;
    this.#work();
  }

  #turn(kind: number, inputs: () => void): void {
    const { core } = this;
    core.clock[ClockField.NowNs] = this.#stamp();
    core.clock[ClockField.LoopLagNs] = 0;
    core.clock[ClockField.Health] = 0;
    core.begin(kind);
    inputs();
    core.decide();
    core.clock[ClockField.EndNs] = core.clock[ClockField.NowNs]!;
    core.end();
    core.pipeline.touched.fill(0);
  }

  /** Engine ns of now, never the same twice. */
  #stamp(): number {
    this.#lastNs = Math.max(this.#lastNs + 1, Math.round(this.exchange.nowMs * 1e6));
    return this.#lastNs;
  }
}

function pipelineOptions(
  options: VirtualSessionOptions,
  specs: readonly InstrumentSpec[],
): PipelineOptions {
  const seedText = (options.seed >>> 0).toString(36).padStart(7, '0');
  return {
    version: JOURNAL_VERSION,
    mode: Mode.Sim,
    session: `virtual-${options.seed}`,
    prefix: `v${seedText}`,
    anchorWallMs: START_WALL_MS,
    initialState: TradingState.Disarmed,
    specs,
    equityE8: Math.round(Number(options.wallet ?? WALLET) * E8),
    signals: {},
    scalper: SIM_SCALPER_VALUES,
    exits: {},
    quoter: {},
    limits: simLimitValues(),
    freshness: { ageMs: 3000, venueLagMs: 500, loopLagMs: 50 },
    receiveWindowMs: 1000,
    ...options.pipeline,
  };
}
