/**
 * loop-frame: what every driver of a trading thread shares: shared memory, the turn around the
 * core, commands, what is published. Drivers add where records come from (sockets, a tape).
 *
 * First of all in each turn: the shared command word (KILL, fence, lease, journal), then the ring
 * of commands; they act before any market data.
 *
 * Writer    the trading thread. Readers of what it publishes: host, journal thread.
 * Units     engine ns. Hot path: begin, finish, noteTrades. No allocation of their own.
 * Imports   core, domain, execution, memory, telemetry.
 */
import type { MarketState } from '../book/market-state.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Gateway } from '../execution/gateway.ts';
import { EVENT_STRIDE, OrderEventQueue } from '../execution/order-events.ts';
import type { OrderTable } from '../execution/order-table.ts';
import { CounterBlock } from '../memory/counters.ts';
import { LatestWriter } from '../memory/latest-ring.ts';
import type { MarketBatch } from '../memory/market-record.ts';
import { flagsOf, kindOf, MessageClass, RecordKind } from '../memory/market-record.ts';
import { RECORD_DOUBLES, RECORD_WORDS } from '../memory/market-record.ts';
import { RegionName, SharedMemory } from '../memory/memory-plan.ts';
import { Beat, CommandBit, SharedWords } from '../memory/shared-words.ts';
import { ViewWriter } from '../memory/slot-view.ts';
import { Health, OrderEventField, SlotKind } from '../memory/slots.ts';
import { RingReader, RingWriter } from '../memory/spsc-ring.ts';
import { Counter, COUNTER_COUNT } from '../telemetry/counters.ts';
import { HistogramWriter } from '../telemetry/histogram.ts';
import { Stage, STAGE_COUNT } from '../telemetry/stages.ts';
import { ClockField } from './clock-field.ts';
import { CommandCode, CommandField } from './command-codes.ts';
import { writeCommand } from './command-desk.ts';
import { DeferredGateway } from './deferred-gateway.ts';
import { monotonicStamp } from './monotonic-stamp.ts';
import { Probe } from './probe.ts';
import { Publisher } from './publisher.ts';
import { TradingCore } from './trading-core.ts';
import { HOST_RING } from './trading-job.ts';
import type { TradingJob } from './trading-job.ts';

export interface LoopFrameParts {
  readonly job: TradingJob;
  /** Engine ns of now into `into[index]`. */
  readonly stamp: (into: Float64Array, index: number) => void;
  readonly gateway: (parts: {
    readonly table: OrderTable;
    readonly instruments: readonly Instrument[];
    readonly markets: readonly MarketState[];
    readonly events: OrderEventQueue;
    readonly fence: Int32Array;
  }) => Gateway;
}

/** Counts that begin at 0 with every core. */
const GAUGES = [
  Counter.Records,
  Counter.Turns,
  Counter.Decisions,
  Counter.Fills,
  Counter.CrossedBooks,
];

const Time = { Now: 0, LoopLag: 1, Start: 2, End: 3 } as const;

export class LoopFrame {
  readonly core: TradingCore;
  readonly events = new OrderEventQueue();
  readonly words: SharedWords;
  readonly journal: RingWriter;
  readonly counters: CounterBlock;
  readonly publisher: Publisher;
  readonly probe: Probe;
  readonly snapshots: RingReader;
  readonly times = new Float64Array(4);
  isInTurn = false;
  readonly #stamp: (into: Float64Array, index: number) => void;
  readonly #host: RingWriter;
  readonly #commands: RingReader;
  readonly #trades: LatestWriter;
  readonly #scratch = new Int32Array(16);
  readonly #scratchDoubles = new Float64Array(this.#scratch.buffer);
  #killSeen = 0;
  #hasLeaseLost = false;
  #bitsSeen = 0;
  /** What a run before this one, over the same memory, had counted. */
  readonly #before: Readonly<Record<number, number>>;

  constructor(parts: LoopFrameParts) {
    const { job } = parts;
    this.#stamp = parts.stamp;
    const memory = new SharedMemory(job.memory.buffer, job.memory.plan);
    const at = (name: string): number => memory.offsetOf(name);
    const { buffer } = memory;
    this.words = new SharedWords(buffer, at(RegionName.sharedWords()));
    this.journal = new RingWriter(buffer, at(RegionName.journal()));
    this.snapshots = new RingReader(buffer, at(RegionName.snapshots()));
    this.#host = new RingWriter(buffer, at(HOST_RING));
    this.#commands = new RingReader(buffer, at(RegionName.commands()));
    this.#trades = new LatestWriter(buffer, at(RegionName.trades()));
    this.counters = new CounterBlock(buffer, COUNTER_COUNT, at(RegionName.counters()));
    this.#before = Object.fromEntries(GAUGES.map((gauge) => [gauge, this.counters.load(gauge)]));
    const histograms = new HistogramWriter(buffer, STAGE_COUNT, at(RegionName.histograms()));
    const own = monotonicStamp(job.options.anchorWallMs);
    this.probe = new Probe(histograms, own, job.tape === null);
    TradingCore.writeHeader(this.journal, job.options);
    this.core = new TradingCore(job.options, {
      journal: this.journal,
      host: this.#host,
      probe: this.probe,
      gateway: (table, instruments, markets) => {
        const fence = this.words.fenceWord;
        const inner = parts.gateway({ table, instruments, markets, events: this.events, fence });
        return new DeferredGateway(inner, table, this.events, () => this.probe.sent());
      },
    });
    const { pipeline } = this.core;
    const each = <T>(make: (index: number) => T): T[] =>
      pipeline.instruments.map((_, i) => make(i));
    this.publisher = new Publisher(pipeline, {
      engine: new ViewWriter(buffer, at(RegionName.engineView())),
      markets: each((i) => new ViewWriter(buffer, at(RegionName.marketView(i)))),
      deep: each((i) => new ViewWriter(buffer, at(RegionName.deepView(i)))),
    });
  }

  /** Opens a turn: stamp, health (the driver's bits and the host's), commands, order events. */
  begin(kind: number, health: number): void {
    this.isInTurn = true;
    const { clock } = this.core;
    this.#stamp(clock, ClockField.NowNs);
    clock[ClockField.LoopLagNs] = this.times[Time.LoopLag]!;
    const bits = this.words.bits();
    this.#bitsSeen = bits;
    clock[ClockField.Health] = health | this.#hostHealth(bits);
    this.probe.begin(clock);
    this.core.begin(kind);
    this.#obey(bits);
    this.#takeCommands();
    if (this.events.count > 0) this.#takeOrderEvents();
  }

  /** Decides, stamps the end, publishes. */
  finish(): void {
    this.core.decide();
    const { clock } = this.core;
    this.#stamp(clock, ClockField.EndNs);
    this.probe.end(clock);
    this.core.end();
    this.publisher.publish();
    this.isInTurn = false;
  }

  /** Notes how late the timer came; the beat that the watchdog looks at. */
  beat(lateNs: number): void {
    this.times[Time.LoopLag] = lateNs > 0 ? lateNs : 0;
    this.probe.record(Stage.LoopLag, this.times, Time.LoopLag);
    this.words.beat(Beat.Trading);
  }

  watch(instruments: readonly number[]): void {
    this.publisher.watch(instruments);
  }

  /** Somebody waits for a turn: a command, the command word, an answer of the venue. */
  isAsked(): boolean {
    if (this.events.count > 0 || this.words.bits() !== this.#bitsSeen) return true;
    return this.#commands.peek() >= 0;
  }

  /** Passes over commands that were meant for the run before this one. */
  skipCommands(firstNumber: number): void {
    const ring = this.#commands;
    for (let at = ring.peek(); at >= 0; at = ring.peek()) {
      const isCommand = (ring.words[at * 2]! & 0xff) === SlotKind.Command;
      if (isCommand && ring.doubles[at + CommandField.Id]! >= firstNumber) return;
      ring.advance();
    }
  }

  /** The readers of journal and host ring keep up. */
  hasRoom(): boolean {
    const { journal } = this;
    return (
      journal.freeSlots() > journal.capacity >>> 2 &&
      this.#host.freeSlots() > this.#host.capacity >>> 2
    );
  }

  /** Last words go out; whoever comes next reads on from here. */
  close(): void {
    this.journal.publish();
    this.#host.publish();
    this.#commands.release();
    this.snapshots.release();
  }

  /** Trades of a message go to the screen's ring. */
  noteTrades(batch: MarketBatch): void {
    const last = batch.count - 1;
    if (last < 0) return;
    const header = batch.words[last * RECORD_WORDS]!;
    if (kindOf(header) !== RecordKind.EndOfMessage || flagsOf(header) !== MessageClass.Trade)
      return;
    const nowNs = this.core.clock[ClockField.NowNs]!;
    for (let row = 0; row < last; row++) {
      const at = this.#trades.claim();
      this.#trades.words[at * 2] = batch.words[row * RECORD_WORDS]!;
      this.#trades.words[at * 2 + 1] = batch.words[row * RECORD_WORDS + 1]!;
      this.#trades.doubles[at + 1] = batch.doubles[row * RECORD_DOUBLES + 1]!;
      this.#trades.doubles[at + 2] = batch.doubles[row * RECORD_DOUBLES + 2]!;
      this.#trades.doubles[at + 3] = nowNs;
      this.#trades.commit();
      this.counters.bump(Counter.Trades);
    }
    this.#trades.publish();
  }

  /** Counts that stand in the pipeline's own fields. On the timer. */
  copyCounters(): void {
    const { pipeline } = this.core;
    const to = this.counters;
    this.#gauge(Counter.Records, pipeline.recordCount);
    this.#gauge(Counter.Turns, pipeline.turnCount);
    this.#gauge(Counter.Decisions, pipeline.decisionCount);
    this.#gauge(Counter.Fills, pipeline.desk.counts.fills);
    to.set(Counter.JournalSlotsLost, this.journal.lostSlots);
    let crossed = 0;
    for (const state of pipeline.books.states) crossed += state.crossedCount;
    this.#gauge(Counter.CrossedBooks, crossed);
  }

  #gauge(index: number, value: number): void {
    this.counters.set(index, this.#before[index]! + value);
  }

  #hostHealth(bits: number): number {
    let health = 0;
    if (this.journal.isLosing) health |= Health.JournalRingFull;
    if ((bits & CommandBit.JournalFailed) !== 0) health |= Health.JournalFailed;
    if ((bits & CommandBit.LeaseLost) !== 0) health |= Health.LeaseLost;
    if ((bits & CommandBit.Fence) !== 0) health |= Health.Fence;
    return health;
  }

  /** The command word: KILL and a lost lease become journaled commands. */
  #obey(bits: number): void {
    if ((bits & CommandBit.Kill) !== 0) {
      const request = this.words.killRequest();
      if (request !== this.#killSeen) {
        this.#killSeen = request;
        this.#command(CommandCode.Kill, request);
        this.words.acknowledgeKill(request);
      }
    }
    const isLost = (bits & CommandBit.LeaseLost) !== 0;
    if (isLost && !this.#hasLeaseLost) this.#command(CommandCode.LeaseLost, 0);
    this.#hasLeaseLost = isLost;
  }

  #command(code: number, id: number): void {
    writeCommand(this.#scratch, this.#scratchDoubles, 0, { code, id }, SlotKind.Command);
    this.core.command(this.#scratch, this.#scratchDoubles, 0);
  }

  #takeCommands(): void {
    const ring = this.#commands;
    for (let at = ring.peek(); at >= 0; at = ring.peek()) {
      const kind = ring.words[at * 2]! & 0xff;
      if (kind === SlotKind.Command) this.core.command(ring.words, ring.doubles, at);
      else if (kind === SlotKind.SlowResult) this.core.restoreScalp(ring.words, ring.doubles, at);
      ring.advance();
    }
  }

  #takeOrderEvents(): void {
    const { events } = this;
    const { clock, pipeline } = this.core;
    for (let row = 0; row < events.count; row++) {
      const base = row * EVENT_STRIDE;
      // The turn's stamp, so that a replay sees one time in one turn.
      events.doubles[base + OrderEventField.NowNs] = clock[ClockField.NowNs]!;
      this.#spanOf(pipeline.table.slotOf(events.doubles[base + OrderEventField.ClientSequence]!));
      this.core.orderEvent(events.words, events.doubles, base);
    }
    events.clear();
  }

  /** Sent → acknowledged and acknowledged → filled, from the stamps in the order table. */
  #spanOf(slot: number): void {
    if (slot < 0) return;
    const { table } = this.core.pipeline;
    const { times } = this;
    times[Time.End] = this.core.clock[ClockField.NowNs]!;
    if (table.ackNs[slot] === 0) {
      times[Time.Start] = table.sentNs[slot]!;
      this.probe.recordSpan(Stage.SentToAck, times, Time.Start, Time.End);
    } else if (table.filledLots[slot] === 0) {
      times[Time.Start] = table.ackNs[slot]!;
      this.probe.recordSpan(Stage.AckToFill, times, Time.Start, Time.End);
    }
  }
}
