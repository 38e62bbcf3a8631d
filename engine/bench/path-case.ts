/**
 * path-case: from the received buffer to the encoded order, inside one turn.
 *
 * Depth updates of 20 × 2 levels move the market so far that the quoter replaces its quotes: one
 * message's turn ends in a cancel, the next one's in a new order. Only the latter are counted,
 * from before the turn to the moment the first placement is encoded. Messages come 50 µs apart
 * and the thread waits busily in between, as in a lively market. The venue answers at once;
 * kernel and network are not in the figure.
 *
 * Percentiles are taken over windows and their median told, so that what else the machine does
 * for a while does not stand for the engine.
 *
 * Imports   base, core, domain, execution, memory, risk, ./depth-walk, ./engine-rig, ./measure.
 */
import { assert } from '../base/assert.ts';
import { NS_PER_MS } from '../base/clock.ts';
import { SeededRandom } from '../base/random.ts';
import { OrderEventKind } from '../domain/order.ts';
import { ClientIds } from '../execution/client-ids.ts';
import type { Gateway } from '../execution/gateway.ts';
import type { OrderEventQueue } from '../execution/order-events.ts';
import type { OrderTable } from '../execution/order-table.ts';
import { OrderEncoder } from '../execution/venues/binance-usdm/encode.ts';
import { OrderEventField, TurnKind } from '../memory/slots.ts';
import { simLimitValues } from '../risk/limits.ts';
import { DepthWalk, WALK_SPEC, WALK_START_MS } from './depth-walk.ts';
import { EngineRig } from './engine-rig.ts';
import { stampNs, summaryOf } from './measure.ts';
import type { BenchCase } from './measure.ts';

const WINDOW = 500;
const WINDOWS = 4;
const GAP_NS = 50_000n;
/** Engine time from one message to the next. */
const STEP_NS = 100 * NS_PER_MS;
const WARM_MESSAGES = 30_000;
/** Messages in which a window must be full. */
const PATIENCE = 20 * WINDOW;

/** Quotes follow the market at once and are never pulled. */
const EAGER_QUOTER = {
  minEdgeBp: 0,
  halfSpreadSigmas: 0,
  requoteIntervalMs: 150,
  lateFillMs: 0,
  burstMax: 1000,
  jumpSigmas: 100,
  volatilityRatioMax: 100,
  spreadRatioMax: 1000,
  flowPull: 1,
  pullHoldMs: 0,
};

/** No trade is played, so the collar does without one; the budget of orders is never the point. */
const WIDE_LIMITS = {
  ...simLimitValues(),
  collarReferences: 5,
  ordersPerSecond: 1000,
  orderBurst: 1000,
};

const Stamp = { Start: 0, Encoded: 1, Now: 2 } as const;

interface VenueParts {
  readonly stamps: BigInt64Array;
  readonly encoder: OrderEncoder;
  readonly table: OrderTable;
  readonly events: OrderEventQueue;
}

/** Encodes each request, notes when the first was, and answers by the next turn. */
class InstantVenue implements Gateway {
  /** Set by the first placement of a turn; the driver takes it back. */
  hasEncoded = false;
  readonly #parts: VenueParts;

  constructor(parts: VenueParts) {
    this.#parts = parts;
  }

  place(slot: number): boolean {
    this.#parts.encoder.encodePlace(slot);
    if (!this.hasEncoded) stampNs(this.#parts.stamps, Stamp.Encoded);
    this.hasEncoded = true;
    this.#answer(OrderEventKind.Accepted, slot);
    return true;
  }

  cancel(slot: number): boolean {
    this.#parts.encoder.encodeCancel(slot);
    this.#answer(OrderEventKind.Canceled, slot);
    return true;
  }

  query(): boolean {
    return true;
  }

  #answer(kind: number, slot: number): void {
    const { table, events } = this.#parts;
    const base = events.claim(kind, table.instrument[slot]!, table.clientSequence[slot]!);
    if (base >= 0) events.doubles[base + OrderEventField.Lots] = table.lots[slot]!;
  }
}

export class PathBench implements BenchCase {
  readonly ids = ['path.inline.p50', 'path.inline.p99'];
  readonly #engine: EngineRig;
  readonly #venue: InstantVenue;
  readonly #walk = new DepthWalk(new SeededRandom(9));
  readonly #stamps = new BigInt64Array(3);
  readonly #wall = new Float64Array(1);
  readonly #window = new Float64Array(WINDOW);

  constructor() {
    const made: { venue?: InstantVenue } = {};
    this.#engine = new EngineRig({
      specs: [WALK_SPEC],
      anchorWallMs: WALK_START_MS,
      pipeline: {
        quoter: EAGER_QUOTER,
        signals: { warmUpTrades: 0 },
        limits: WIDE_LIMITS,
      },
      gateway: ({ table, instruments, events }, options) => {
        const { receiveWindowMs, anchorWallMs, prefix } = options;
        const clientIds = new ClientIds(prefix);
        const all = { table, instruments, clientIds, receiveWindowMs, anchorWallMs };
        const encoder = new OrderEncoder(all);
        made.venue = new InstantVenue({ stamps: this.#stamps, encoder, table, events });
        return made.venue;
      },
    });
    this.#venue = made.venue!;
    this.#engine.connect([this.#walk.snapshot]);
    this.#engine.receive(this.#walk.mark, 0, this.#walk.mark.length);
    this.#engine.arm();
    for (let k = 0; k < WARM_MESSAGES; k++) this.#message();
  }

  round(): readonly number[] {
    const p50: number[] = [];
    const p99: number[] = [];
    for (let k = 0; k < WINDOWS; k++) {
      this.#fill();
      const sorted = this.#window.toSorted();
      p50.push(sorted[WINDOW >> 1]!);
      p99.push(sorted[Math.floor(WINDOW * 0.99)]!);
    }
    return [summaryOf('', p50).median, summaryOf('', p99).median];
  }

  #fill(): void {
    let count = 0;
    for (let k = 0; count < WINDOW; k++) {
      assert(k < PATIENCE, 'the quoter answers a moved market with orders');
      this.#pause();
      if (!this.#message()) continue;
      const spanNs = this.#stamps[Stamp.Encoded]! - this.#stamps[Stamp.Start]!;
      this.#window[count++] = Number(spanNs);
    }
  }

  /** Waits until the gap since the last message's start is over. */
  #pause(): void {
    const stamps = this.#stamps;
    const due = stamps[Stamp.Start]! + GAP_NS;
    do stampNs(stamps, Stamp.Now);
    while (stamps[Stamp.Now]! < due);
  }

  /** One update and what the venue answers; true when its turn ended in an order. */
  #message(): boolean {
    const engine = this.#engine;
    const { now } = engine;
    now[0] = now[0]! + STEP_NS;
    this.#wall[0] = WALK_START_MS + now[0] / NS_PER_MS;
    this.#walk.next(this.#wall);
    const { bytes } = this.#walk;
    this.#venue.hasEncoded = false;
    stampNs(this.#stamps, Stamp.Start);
    engine.receive(bytes, 0, bytes.length);
    const hasEncoded = this.#venue.hasEncoded;
    if (engine.frame.events.count > 0) {
      now[0] = now[0] + 1;
      engine.turn(TurnKind.Order);
    }
    engine.read();
    return hasEncoded;
  }
}
