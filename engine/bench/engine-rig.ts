/**
 * engine-rig: the trading thread without its sockets: feed session, frame, pipeline, rings, views.
 *
 * Whoever drives it says what time it is, hands over frames, and answers the orders through the
 * gateway it gave. What other threads would read is read here, so that rings do not fill.
 *
 * Writer    benchmarks and the allocation gate. Units: engine ns.
 * Hot path: receive, turn, read. No allocation.
 * Imports   base, core, domain, feeds, memory, risk, ./rig-job.
 */
import { assert } from '../base/assert.ts';
import { CommandCode } from '../core/command-codes.ts';
import { writeCommand } from '../core/command-desk.ts';
import { LoopFrame } from '../core/loop-frame.ts';
import type { LoopFrameParts } from '../core/loop-frame.ts';
import { MessageTurn } from '../core/message-turn.ts';
import { monotonicStamp } from '../core/monotonic-stamp.ts';
import type { PipelineOptions } from '../core/pipeline-options.ts';
import { JOURNAL_VERSION } from '../core/pipeline-options.ts';
import { HOST_RING } from '../core/trading-job.ts';
import type { InstrumentSpec } from '../domain/instrument.ts';
import { Mode, TradingState } from '../domain/modes.ts';
import { E8, Side } from '../domain/units.ts';
import { FeedRoute } from '../feeds/feed-route.ts';
import { FeedSession } from '../feeds/feed-session.ts';
import { parseDepthSnapshot } from '../feeds/market-metadata.ts';
import { RegionName } from '../memory/memory-plan.ts';
import type { SharedMemory } from '../memory/memory-plan.ts';
import { SlotKind, TurnKind } from '../memory/slots.ts';
import { RingReader, RingWriter } from '../memory/spsc-ring.ts';
import { simLimitValues } from '../risk/limits.ts';
import { rigJob } from './rig-job.ts';

export interface EngineRigParts {
  readonly specs: readonly InstrumentSpec[];
  readonly anchorWallMs: number;
  /** Overrides of parameters, limits and the rest. */
  readonly pipeline: Partial<PipelineOptions>;
  /** Makes the venue. */
  readonly gateway: (
    parts: Parameters<LoopFrameParts['gateway']>[0],
    options: PipelineOptions,
  ) => ReturnType<LoopFrameParts['gateway']>;
}

/** A depth snapshot as the venue answers it. */
export interface RigSnapshot {
  readonly instrument: number;
  readonly body: string;
}

const WALLET = 100_000;
/** Turns between two looks of the journal's and the host's reader. */
const READ_MASK = 63;
/** Turns between two epochs of the histograms. */
const EPOCH_MASK = 0xffff;

export class EngineRig {
  readonly frame: LoopFrame;
  readonly feed: FeedSession;
  /** The memory that the trading thread shares with the others. */
  readonly memory: SharedMemory;
  /** now[0]: the time of the next turn. */
  readonly now = new Float64Array(1);
  readonly #clock = new Float64Array(1);
  readonly messages: MessageTurn;
  readonly #commands: RingWriter;
  readonly #readers: readonly RingReader[];
  #turns = 0;
  #commandId = 0;

  constructor(parts: EngineRigParts) {
    const options = rigOptions(parts);
    const { job, memory } = rigJob(options);
    this.memory = memory;
    const live = monotonicStamp(parts.anchorWallMs);
    this.frame = new LoopFrame({
      job,
      stamp: (into, index) => {
        // What a live stamp costs, though the time is the driver's.
        live(this.#clock, 0);
        into[index] = this.now[0]!;
      },
      gateway: (made) => parts.gateway(made, options),
    });
    const { buffer } = memory;
    this.#commands = new RingWriter(buffer, memory.offsetOf(RegionName.commands()));
    const rings = [RegionName.journal(), HOST_RING];
    this.#readers = rings.map((name) => new RingReader(buffer, memory.offsetOf(name)));
    this.feed = new FeedSession({
      venue: 'binance-usdm',
      instruments: this.frame.core.pipeline.instruments,
      requestSnapshot: () => undefined,
    });
    this.messages = new MessageTurn(this.frame, this.feed);
    this.frame.watch([0]);
  }

  /** Brings the books in sync, as after a connection. */
  connect(snapshots: readonly RigSnapshot[]): void {
    const { feed } = this;
    if (feed.connectionUp(FeedRoute.Book) > 0) this.#records(TurnKind.Message);
    feed.connectionUp(FeedRoute.Trades);
    const { instruments } = this.frame.core.pipeline;
    for (const { instrument, body } of snapshots) {
      const snapshot = parseDepthSnapshot(body, instruments[instrument]!);
      feed.offerSnapshotBegin(instrument, snapshot.lastUpdateId);
      for (const [ticks, lots] of snapshot.bids) feed.offerSnapshotLevel(Side.Buy, ticks, lots);
      for (const [ticks, lots] of snapshot.asks) feed.offerSnapshotLevel(Side.Sell, ticks, lots);
      feed.offerSnapshotEnd();
      while (feed.nextBatch() > 0) this.#records(TurnKind.Snapshot);
    }
  }

  /** Arms a strategy on an instrument, −1 for all, in a turn of its own. */
  arm(strategy = -1, instrument = -1): void {
    const ring = this.#commands;
    const at = ring.claim(2);
    const id = ++this.#commandId;
    const command = { code: CommandCode.Arm, id, strategy, instrument };
    writeCommand(ring.words, ring.doubles, at, command, SlotKind.Command);
    ring.publish();
    this.turn(TurnKind.Command);
    const { states } = this.frame.core.pipeline;
    assert(states.global[0] === TradingState.Armed, 'the rig could be armed');
  }

  /** The turn of one market frame; how many records it gave. */
  receive(bytes: Uint8Array, start: number, end: number): number {
    return this.messages.receive(bytes, start, end, 0);
  }

  /** A turn without a market frame: timer, order events, commands. */
  turn(kind: number): void {
    this.frame.begin(kind, 0);
    this.frame.finish();
  }

  /** Now and then: what the other threads read, and what the driver does on its timer. */
  read(): void {
    this.#turns = (this.#turns + 1) & 0x3fff_ffff;
    if ((this.#turns & READ_MASK) !== 0) return;
    for (let k = 0; k < this.#readers.length; k++) drain(this.#readers[k]!);
    this.frame.copyCounters();
    if ((this.#turns & EPOCH_MASK) === 0) this.frame.probe.rotate();
  }

  #records(kind: number): void {
    this.now[0] = this.now[0]! + 1;
    this.frame.begin(kind, 0);
    this.frame.core.market(this.feed.batch);
    this.frame.finish();
    for (const reader of this.#readers) drain(reader);
  }
}

/** Takes everything from a ring, as its reader's thread does. */
function drain(reader: RingReader): void {
  for (let count = reader.batch(); count > 0; count = reader.batch()) {
    reader.pass(count);
    reader.release();
  }
}

function rigOptions({ specs, anchorWallMs, pipeline }: EngineRigParts): PipelineOptions {
  return {
    version: JOURNAL_VERSION,
    mode: Mode.Sim,
    session: 'rig',
    prefix: 'rig00000',
    anchorWallMs,
    initialState: TradingState.Disarmed,
    specs,
    equityE8: WALLET * E8,
    signals: {},
    scalper: {},
    exits: {},
    quoter: {},
    limits: simLimitValues(),
    freshness: { ageMs: 3000, venueLagMs: 500, loopLagMs: 50 },
    receiveWindowMs: 1000,
    ...pipeline,
  };
}
