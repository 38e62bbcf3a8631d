/**
 * recorder: writes what the pipeline reads and decides into slots, in the order it happened.
 *
 * Everything goes to the journal sink. Outputs that a person wants to see (decisions, fills, acks,
 * state changes) are copied to the host sink as well. Nothing here waits: a full sink
 * counts what it lost and leaves a gap marker. `tell` speaks to the host alone: what a screen asks
 * for and a journal can work out.
 *
 * Writer    the thread that owns the pipeline. Readers: journal thread, host thread.
 * Hot path: one scratch record, copied into each sink.
 * Imports   domain, memory.
 */
import { DECISION_SIZE } from '../domain/decision.ts';
import { QUOTE_SIZE } from '../domain/quote.ts';
import { SCALP_SIZE } from '../domain/scalp.ts';
import type { MarketBatch } from '../memory/market-record.ts';
import { copySlots } from '../memory/slot-length.ts';
import { FillField, SLOT_DOUBLES, SLOT_WORDS, SLOTS_OF_KIND, SlotKind } from '../memory/slots.ts';
import type { SlotSink } from '../memory/slots.ts';

const SCRATCH_SLOTS = 16;

export class Recorder {
  readonly #journal: SlotSink;
  readonly #host: SlotSink | null;
  /** The record being built: callers of `emit` fill `doubles` from index 1 on. */
  readonly words: Int32Array;
  readonly doubles: Float64Array;

  constructor(journal: SlotSink, host: SlotSink | null) {
    this.#journal = journal;
    this.#host = host;
    const buffer = new ArrayBuffer(SCRATCH_SLOTS * SLOT_WORDS * 4);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  turnBegin(kind: number, clock: Float64Array): void {
    const d = this.doubles;
    d[1] = clock[0]!;
    d[2] = clock[1]!;
    d[3] = clock[2]!;
    this.emit(SlotKind.TurnBegin, 0, 0, kind, false);
  }

  turnEnd(records: number, clock: Float64Array): void {
    const d = this.doubles;
    d[1] = clock[3]!;
    d[2] = 0;
    d[3] = 0;
    this.emit(SlotKind.TurnEnd, 0, 0, records, false);
  }

  /** Copies rows [from, to) of a batch as they are. */
  market(batch: MarketBatch, from: number, to: number): void {
    const sink = this.#journal;
    let row = from;
    while (row < to) {
      const run = Math.min(to - row, 256);
      const base = sink.claim(run, true);
      if (base >= 0) place(batch.words, batch.doubles, row, sink, base, run);
      row += run;
    }
  }

  /**
   * An input of `count` slots that already lies as slots in `source` (an order event, a command).
   */
  input(source: Float64Array, sourceWords: Int32Array, base: number, count: number): void {
    const at = this.#journal.claim(count, true);
    if (at >= 0) place(sourceWords, source, base / SLOT_DOUBLES, this.#journal, at, count);
  }

  decision(decision: Float64Array, instrument: number): void {
    const d = this.doubles;
    for (let i = 0; i < DECISION_SIZE; i++) d[SLOT_DOUBLES + i] = decision[i]!;
    d[1] = 0;
    d[2] = 0;
    d[3] = 0;
    this.emit(SlotKind.Decision, 0, instrument, 0, true);
  }

  scalp(rows: Float64Array, slot: number, instrument: number): void {
    const d = this.doubles;
    const base = slot * SCALP_SIZE;
    for (let i = 0; i < SCALP_SIZE; i++) d[SLOT_DOUBLES + i] = rows[base + i]!;
    d[1] = 0;
    d[2] = 0;
    d[3] = 0;
    this.emit(SlotKind.ScalpChange, 0, instrument, slot, false);
  }

  quote(rows: Float64Array, instrument: number): void {
    const d = this.doubles;
    const base = instrument * QUOTE_SIZE;
    for (let i = 0; i < QUOTE_SIZE; i++) d[SLOT_DOUBLES + i] = rows[base + i]!;
    d[1] = 0;
    d[2] = 0;
    d[3] = 0;
    this.emit(SlotKind.QuoteChange, 0, instrument, 0, false);
  }

  commandAck(
    kind: number,
    id: number,
    refused: boolean,
    verdict: number,
    clock: Float64Array,
  ): void {
    const d = this.doubles;
    d[1] = id;
    d[2] = verdict;
    d[3] = clock[0]!;
    this.emit(SlotKind.CommandAck, kind, 0, refused ? 1 : 0, true);
  }

  stateChange(
    scope: number,
    state: number,
    strategy: number,
    reason: number,
    clock: Float64Array,
  ): void {
    const d = this.doubles;
    d[1] = clock[0]!;
    d[2] = reason;
    d[3] = strategy;
    for (let i = 4; i < 8; i++) d[i] = 0;
    this.emit(SlotKind.StateChange, state, 0, scope, true);
  }

  /** `fill` is laid out as FillField from index 0; the host's copy carries its running number. */
  fill(fill: Float64Array, instrument: number, orderSlot: number, sequence: number): void {
    const d = this.doubles;
    for (let i = 1; i < 4 * SLOT_DOUBLES; i++) d[i] = i <= FillField.NowNs ? fill[i]! : 0;
    this.emit(SlotKind.Fill, 0, instrument, orderSlot, false);
    d[FillField.Sequence] = sequence;
    this.tell(SlotKind.Fill, instrument, orderSlot);
  }

  /** Writes the scratch record with its header; `toHost` copies it to the host as well. */
  emit(kind: number, flags: number, instrument: number, argument: number, toHost: boolean): void {
    const count = SLOTS_OF_KIND[kind]!;
    this.words[0] = kind | ((flags & 0xff) << 8) | ((instrument & 0xffff) << 16);
    this.words[1] = argument;
    const journal = this.#journal;
    const base = journal.claim(count, true);
    if (base >= 0) place(this.words, this.doubles, 0, journal, base, count);
    if (toHost) this.#toHost(count);
  }

  /** Gives the scratch record to the host and not to the journal. */
  tell(kind: number, instrument: number, argument: number): void {
    this.words[0] = kind | ((instrument & 0xffff) << 16);
    this.words[1] = argument;
    this.#toHost(SLOTS_OF_KIND[kind]!);
  }

  #toHost(count: number): void {
    const host = this.#host;
    if (host === null) return;
    const base = host.claim(count, true);
    if (base >= 0) place(this.words, this.doubles, 0, host, base, count);
  }

  publish(): void {
    this.#journal.publish();
    if (this.#host !== null) this.#host.publish();
  }
}

/** Copies `count` slots from slot `from` of a source to double index `base` of a sink. */
function place(
  words: Int32Array,
  doubles: Float64Array,
  from: number,
  sink: SlotSink,
  base: number,
  count: number,
): void {
  copySlots(words, doubles, from, sink.words, sink.doubles, base / SLOT_DOUBLES, count);
}
