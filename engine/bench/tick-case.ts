/**
 * tick-case: the whole analysis of one message, without decoding it and without orders.
 *
 * Signals → marks of positions → exits (a scalp is open on every instrument) → quotes → entries
 * with their validation → the account's watch, as at each end of a message. The markets that
 * messages left behind are recorded first; putting one in place is timed alone and taken off. The
 * journal takes nothing, so that what is timed is analysis.
 *
 * Imports   core, domain, exits, memory, ./pipeline-rig, ./measure.
 */
import { assert } from '../base/assert.ts';
import { ClockField } from '../core/clock-field.ts';
import { Pipeline } from '../core/pipeline.ts';
import { noProbe } from '../core/probe.ts';
import { Market, MARKET_SIZE } from '../domain/market.ts';
import { Scalp, SCALP_SIZE, ScalpState } from '../domain/scalp.ts';
import { NO_PRICE } from '../domain/units.ts';
import { TurnKind } from '../memory/slots.ts';
import type { SlotSink } from '../memory/slots.ts';
import { timeLoop } from './measure.ts';
import type { BenchCase, BenchLoop } from './measure.ts';
import { PipelineRig } from './pipeline-rig.ts';
import type { RecordedMarket } from './recorded-market.ts';

const MESSAGES = 1 << 14;
/** Signals have their history by then. */
const WARM_MESSAGES = 60_000;
const CALLS = 100_000;
const ROW = MARKET_SIZE + 1;
const TIMES = [Market.NowNs, Market.DepthNs, Market.TouchNs, Market.LastTradeNs] as const;

/** A journal that takes nothing. */
class NoSink implements SlotSink {
  readonly words = new Int32Array(0);
  readonly doubles = new Float64Array(0);

  claim(): number {
    return -1;
  }

  publish(): void {
    // Nothing was taken.
  }
}

export class TickBench implements BenchCase {
  readonly ids = ['tick.full'];
  readonly #pipeline: Pipeline;
  /** Markets as messages left them: MARKET_SIZE doubles and the instrument. */
  readonly #rows = new Float64Array(MESSAGES * ROW);
  readonly #spanNs: number;
  readonly #offset = new Float64Array(1);
  #at = 0;
  #placed = 0;

  constructor(market: RecordedMarket) {
    const rig = new PipelineRig(market);
    for (let k = 0; k < WARM_MESSAGES; k++) rig.step();
    for (let k = 0; k < MESSAGES; k++) this.#record(rig, k);
    this.#spanNs = this.#rows[(MESSAGES - 1) * ROW]! - this.#rows[0]! + 1e6;
    this.#pipeline = new Pipeline(rig.pipeline.options, {
      journal: new NoSink(),
      host: null,
      probe: noProbe(),
      gateway: () => ({
        place: () => {
          this.#placed++;
          return true;
        },
        cancel: () => true,
        query: () => true,
      }),
    });
    this.#openScalps(rig);
  }

  round(): readonly number[] {
    const before = this.#placed;
    const all = timeLoop(CALLS, this.#analyse);
    const still = timeLoop(CALLS, this.#putOnly);
    // Each scalp's target goes to the venue once, in the first round.
    const { instruments } = this.#pipeline;
    assert(this.#placed - before <= instruments.length, 'the analysis sends no orders');
    return [all - still];
  }

  /** One message, and the market that it left behind. */
  #record(rig: PipelineRig, row: number): void {
    const { messageCounts, books } = rig.pipeline;
    const before = messageCounts.slice();
    rig.step();
    let instrument = 0;
    for (let i = 0; i < before.length; i++) if (messageCounts[i] !== before[i]) instrument = i;
    this.#rows.set(books.states[instrument]!.fields, row * ROW);
    this.#rows[row * ROW + MARKET_SIZE] = instrument;
  }

  /** A scalp on each instrument, far from every exit. */
  #openScalps(rig: PipelineRig): void {
    const pipeline = this.#pipeline;
    const row = new Float64Array(SCALP_SIZE);
    for (let i = 0; i < pipeline.instruments.length; i++) {
      const mid = Math.round(rig.pipeline.books.states[i]!.fields[Market.MidTicks]!);
      row.fill(0);
      row[Scalp.State] = ScalpState.Open;
      row[Scalp.Instrument] = i;
      row[Scalp.Side] = 1;
      row[Scalp.EntryLots] = 100;
      row[Scalp.OpenLots] = 100;
      row[Scalp.AvgEntryTicks] = mid;
      row[Scalp.StopTicks] = Math.round(mid * 0.5);
      row[Scalp.HalfTargetTicks] = Math.round(mid * 1.5);
      row[Scalp.TargetTicks] = Math.round(mid * 1.6);
      row[Scalp.TrailTicks] = NO_PRICE;
      row[Scalp.BestTicks] = mid;
      row[Scalp.DeadlineNs] = Infinity;
      assert(pipeline.exits.restore(row, 0) >= 0, 'a scalp could be opened');
    }
  }

  readonly #analyse: BenchLoop = (from, to) => {
    const pipeline = this.#pipeline;
    for (let call = from; call < to; call++) {
      const instrument = this.#put();
      const fields = pipeline.books.states[instrument]!.fields;
      pipeline.clock[ClockField.NowNs] = fields[Market.NowNs]!;
      pipeline.beginTurn(TurnKind.Message);
      pipeline.signals[instrument]!.update(fields);
      pipeline.pnl.mark(instrument, fields);
      pipeline.touched[instrument] = 1;
      pipeline.decide();
      pipeline.touched[instrument] = 0;
    }
  };

  readonly #putOnly: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) this.#put();
  };

  /** Puts the next recorded market in place; its instrument. */
  #put(): number {
    const rows = this.#rows;
    const at = this.#at;
    const base = at * ROW;
    const instrument = rows[base + MARKET_SIZE]! | 0;
    const fields = this.#pipeline.books.states[instrument]!.fields;
    for (let k = 0; k < MARKET_SIZE; k++) fields[k] = rows[base + k]!;
    const offset = this.#offset[0]!;
    for (let k = 0; k < TIMES.length; k++) fields[TIMES[k]!]! += offset;
    this.#at = at + 1;
    if (this.#at === MESSAGES) {
      this.#at = 0;
      this.#offset[0] = offset + this.#spanNs;
    }
    return instrument;
  }
}
