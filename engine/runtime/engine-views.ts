/**
 * engine-views: the host's side of the shared memory: copies of what the trading thread publishes.
 *
 * Writer of the memory: trading and journal threads. This only reads, and keeps the last whole
 * copy.
 * Imports   core, memory, telemetry, contract.
 */
import type { StageLatency } from '../contract/status.ts';
import { LADDER_DOUBLES } from '../contract/frames.ts';
import {
  EngineHead,
  EngineRow,
  EngineViewLayout,
  INSTRUMENT_VIEW_DOUBLES,
} from '../core/published.ts';
import { HOST_RING } from '../core/trading-job.ts';
import { CounterBlock, CounterReader } from '../memory/counters.ts';
import { LatestReader } from '../memory/latest-ring.ts';
import { RegionName } from '../memory/memory-plan.ts';
import type { SharedMemory } from '../memory/memory-plan.ts';
import { SharedWords } from '../memory/shared-words.ts';
import { ViewReader } from '../memory/slot-view.ts';
import { RingReader, RingWriter } from '../memory/spsc-ring.ts';
import { COUNTER_COUNT } from '../telemetry/counters.ts';
import { HistogramReader } from '../telemetry/histogram.ts';
import type { Percentiles } from '../telemetry/histogram.ts';
import { Stage, STAGE_COUNT, STAGE_NAMES } from '../telemetry/stages.ts';
import { TradeTape } from './frame-publisher.ts';
import { strikeEngine, strikeMarket } from './lost-thread.ts';

/** Budgets of the 99th percentile in ns, where one is set. */
const BUDGETS: Readonly<Partial<Record<number, number>>> = {
  [Stage.Decode]: 700,
  [Stage.Signals]: 150,
  [Stage.ReceiveToSent]: 5000,
};

export class EngineViews {
  readonly layout: EngineViewLayout;
  readonly words: SharedWords;
  readonly commands: RingWriter;
  readonly snapshots: RingWriter;
  readonly hostRing: RingReader;
  readonly tape: TradeTape;
  /** Last whole copies. */
  readonly engine: Float64Array;
  readonly markets: readonly Float64Array[];
  readonly counters: CounterReader;
  /** The trading thread is gone: its last words are struck out of every copy. */
  isThreadLost = false;
  /** The venue has said that no order of the lost thread is left. */
  isBare = false;
  readonly #engineReader: ViewReader;
  readonly #marketReaders: readonly ViewReader[];
  readonly #deepReaders: readonly ViewReader[];
  readonly #deep: readonly Float64Array[];
  readonly #histograms: HistogramReader;
  readonly #percentiles: Percentiles = { p50Ns: 0, p99Ns: 0, p999Ns: 0, maxNs: 0, count: 0 };

  constructor(memory: SharedMemory, instruments: number) {
    const { buffer } = memory;
    const at = (name: string): number => memory.offsetOf(name);
    const each = <T>(make: (index: number) => T): T[] =>
      Array.from({ length: instruments }, (_, index) => make(index));
    this.layout = new EngineViewLayout(instruments);
    this.words = new SharedWords(buffer, at(RegionName.sharedWords()));
    this.commands = new RingWriter(buffer, at(RegionName.commands()));
    this.snapshots = new RingWriter(buffer, at(RegionName.snapshots()));
    this.hostRing = new RingReader(buffer, at(HOST_RING));
    this.tape = new TradeTape(new LatestReader(buffer, at(RegionName.trades())));
    this.engine = new Float64Array(this.layout.doubles);
    this.markets = each(() => new Float64Array(INSTRUMENT_VIEW_DOUBLES));
    this.#engineReader = new ViewReader(buffer, at(RegionName.engineView()));
    this.#marketReaders = each((i) => new ViewReader(buffer, at(RegionName.marketView(i))));
    this.#deepReaders = each((i) => new ViewReader(buffer, at(RegionName.deepView(i))));
    this.#deep = each(() => new Float64Array(LADDER_DOUBLES));
    const block = new CounterBlock(buffer, COUNTER_COUNT, at(RegionName.counters()));
    this.counters = new CounterReader(block);
    this.#histograms = new HistogramReader(buffer, STAGE_COUNT, at(RegionName.histograms()));
  }

  /** Takes newer copies of what changed; true when the engine view did. */
  refresh(): boolean {
    for (let i = 0; i < this.markets.length; i++) {
      const reader = this.#marketReaders[i]!;
      if (reader.changed()) reader.read(this.markets[i]!);
      if (this.isThreadLost) strikeMarket(this.markets[i]!);
    }
    const isNewer = this.#engineReader.changed() && this.#engineReader.read(this.engine);
    if (this.isThreadLost) strikeEngine(this.engine, this.layout, this.isBare);
    return isNewer;
  }

  /** Another session: what was published last is of the one before, and is not read again. */
  forget(): void {
    this.refresh();
    for (const market of this.markets) market.fill(0);
    this.engine.fill(0);
  }

  /** True when nothing rests and nobody holds anything. */
  isFlat(): boolean {
    const { engine, layout } = this;
    if (engine[EngineHead.OpenOrders] !== 0) return false;
    return this.markets.every((_, i) => {
      const owners = layout.row(i) + EngineRow.ScalperLots;
      return engine[owners] === 0 && engine[owners + 1] === 0 && engine[owners + 2] === 0;
    });
  }

  /** The ladder's window of a watched instrument, or null before the first. */
  ladder(instrument: number): Float64Array | null {
    const reader = this.#deepReaders[instrument];
    const copy = this.#deep[instrument];
    if (reader === undefined || copy === undefined) return null;
    if (reader.changed()) reader.read(copy);
    return reader.publication === 0 ? null : copy;
  }

  /** Percentiles of the last minute, by stage. */
  latency(): StageLatency[] {
    return STAGE_NAMES.map((stage, index) => {
      this.#histograms.window(index, this.#percentiles);
      const p = this.#percentiles;
      return {
        stage,
        unit: 'ns',
        count: p.count,
        p50: Math.round(p.p50Ns),
        p99: Math.round(p.p99Ns),
        p999: Math.round(p.p999Ns),
        max: Math.round(p.maxNs),
        budget: BUDGETS[index] ?? null,
      };
    });
  }
}
