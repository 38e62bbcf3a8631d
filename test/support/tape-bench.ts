/**
 * tape-bench: a tape loop in this thread, with a host that drains its rings, and the state of its
 * run as one hash: the journal from its first byte, and every view.
 *
 * Imports   engine (core, journal, memory, runtime, tape).
 */
import { createHash } from 'node:crypto';
import { CommandCode, COMMAND_SLOTS } from '../../engine/core/command-codes.ts';
import { writeCommand } from '../../engine/core/command-desk.ts';
import { JOURNAL_VERSION, type PipelineOptions } from '../../engine/core/pipeline-options.ts';
import { EngineViewLayout } from '../../engine/core/published.ts';
import { TapeLoop } from '../../engine/core/tape-loop.ts';
import { HOST_RING, type ReplayOrder } from '../../engine/core/trading-job.ts';
import type { TradingMessage } from '../../engine/core/trading-job.ts';
import { Mode, TradingState } from '../../engine/domain/modes.ts';
import { SlotHash } from '../../engine/journal/slot-hash.ts';
import { allocate, RegionName, type SharedMemory } from '../../engine/memory/memory-plan.ts';
import { SLOT_DOUBLES, SlotKind } from '../../engine/memory/slots.ts';
import { ViewReader } from '../../engine/memory/slot-view.ts';
import { RingReader, RingWriter } from '../../engine/memory/spsc-ring.ts';
import { simLimitValues } from '../../engine/risk/limits.ts';
import { planEngineMemory } from '../../engine/runtime/engine-memory.ts';
import { SIM_SCALPER_VALUES } from '../../engine/strategies/scalper/parameters.ts';
import { TapeReader } from '../../engine/tape/tape-reader.ts';

const ROUNDS_MAX = 100_000;
/** Signals are warm after a second, so that short tapes bring decisions. */
const EAGER = { warmUpS: 1, warmUpTrades: 0 };

export class TapeBench {
  readonly loop: TapeLoop;
  readonly told: TradingMessage[] = [];
  readonly startNs: number;
  readonly endNs: number;
  freshRuns = 0;
  #wallMs = 0;
  #hash = new SlotHash();
  readonly #memory: SharedMemory;
  readonly #journal: RingReader;
  readonly #host: RingReader;
  readonly #commands: RingWriter;
  readonly #options: PipelineOptions;
  #commandId = 0;
  #isFreshDue = false;

  constructor(tape: string, speed = 1) {
    const reader = new TapeReader(tape);
    const { header } = reader;
    ({ startNs: this.startNs, endNs: this.endNs } = reader.span());
    reader.close();
    this.#options = pipelineOptions(header.instruments, header.anchorWallMs);
    this.#memory = allocate(planEngineMemory(header.instruments.length));
    const { buffer } = this.#memory;
    this.#journal = new RingReader(buffer, this.#memory.offsetOf(RegionName.journal()));
    this.#host = new RingReader(buffer, this.#memory.offsetOf(HOST_RING));
    this.#commands = new RingWriter(buffer, this.#memory.offsetOf(RegionName.commands()));
    const job = {
      options: this.#options,
      memory: { buffer, plan: this.#memory.plan },
      endpoints: { rest: '', wsApi: '', privateStream: '' },
      marketStream: '',
      depthSpeed: '100ms',
      apiKey: '',
      privateKeyPem: '',
      clockOffsetMs: 0,
      isLoopbackOnly: false,
      tape,
      speed,
      jitterSeed: 1,
    } as const;
    this.loop = new TapeLoop(job, tape, (message) => this.#tell(message));
    this.loop.begin(0);
  }

  /** What the host does: a seek backward gets another session, its journal begins anew. */
  #tell(message: TradingMessage): void {
    this.told.push(message);
    if (message.kind !== 'replay' || !message.isClosed) return;
    this.drain();
    this.#hash = new SlotHash();
    this.freshRuns++;
    this.#isFreshDue = true;
  }

  order(order: ReplayOrder): void {
    this.loop.handle({ kind: 'replay', order });
  }

  command(code: number): void {
    const base = this.#commands.claim(COMMAND_SLOTS);
    const { words, doubles } = this.#commands;
    writeCommand(words, doubles, base, { code, id: ++this.#commandId }, SlotKind.Command);
    this.#commands.publish();
  }

  arm(): void {
    this.command(CommandCode.Arm);
  }

  /** One round after `ms` of wall time. */
  round(ms: number): void {
    this.#wallMs += ms;
    this.loop.round(this.#wallMs);
    this.drain();
    if (!this.#isFreshDue) return;
    this.#isFreshDue = false;
    const firstCommand = this.#commandId + 1;
    this.loop.handle({ kind: 'fresh', options: this.#options, firstCommand });
  }

  /** Rounds without wall time until nothing more is due. */
  settle(): void {
    for (let k = 0; k < ROUNDS_MAX; k++) {
      const before = this.loop.nowNs;
      this.round(0);
      const { state, nowNs } = this.loop;
      if (state === 'ended' || (state !== 'seeking' && nowNs === before)) return;
    }
    throw new Error('the tape does not come to rest');
  }

  /** Plays at the speed of the wall clock until the tape's time is `ns`. */
  playTo(ns: number): void {
    this.round(ns / 1e6 - this.#wallMs);
    this.settle();
  }

  seek(ns: number): void {
    this.order({ action: 'seek', value: ns });
    this.settle();
  }

  drain(): void {
    for (let count = this.#journal.batch(); count > 0; count = this.#journal.batch()) {
      const { words, batchStart } = this.#journal;
      this.#hash.update(words, batchStart / SLOT_DOUBLES, count);
      this.#journal.pass(count);
    }
    for (let count = this.#host.batch(); count > 0; count = this.#host.batch()) {
      this.#host.pass(count);
    }
  }

  /** Everything that the run is: what it journaled, and what it shows. */
  state(): { readonly journal: string; readonly views: string; readonly nowNs: number } {
    const { frame, nowNs } = this.loop;
    frame.watch(frame.core.pipeline.instruments.map((_, index) => index));
    frame.publisher.flush();
    this.drain();
    const views = createHash('sha256');
    const count = this.#options.specs.length;
    const names = [RegionName.engineView()];
    for (let i = 0; i < count; i++) names.push(RegionName.marketView(i), RegionName.deepView(i));
    for (const name of names) {
      const reader = new ViewReader(this.#memory.buffer, this.#memory.offsetOf(name));
      const copy = new Float64Array(reader.payloadDoubles);
      if (!reader.read(copy)) throw new Error(`the view ${name} could not be read`);
      if (name === RegionName.engineView()) clearOldOrders(copy, count);
      views.update(new Uint8Array(copy.buffer));
    }
    return { journal: this.#hash.digest(), views: views.digest('hex'), nowNs };
  }

  close(): void {
    this.loop.stop();
  }
}

/** Rows beyond the count hold what was there before; nobody reads them. */
function clearOldOrders(view: Float64Array, instruments: number): void {
  const layout = new EngineViewLayout(instruments);
  view.fill(0, layout.order(view[layout.orderCount]!));
}

function pipelineOptions(specs: PipelineOptions['specs'], anchorWallMs: number): PipelineOptions {
  return {
    version: JOURNAL_VERSION,
    mode: Mode.Replay,
    session: 'tape-bench',
    prefix: 'abcdefgh',
    anchorWallMs,
    initialState: TradingState.Disarmed,
    specs,
    equityE8: 1e13,
    signals: EAGER,
    scalper: SIM_SCALPER_VALUES,
    exits: {},
    quoter: {},
    limits: simLimitValues(),
    freshness: { ageMs: 3000, venueLagMs: 500, loopLagMs: 50 },
    receiveWindowMs: 1000,
  };
}
