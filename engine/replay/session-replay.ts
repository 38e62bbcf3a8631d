/**
 * session-replay: a session's own journal through the pipeline again. The inputs go in; what comes
 * out is compared with what the journal says came out, slot by slot, byte by byte.
 *
 * A Gap ends a replay: from there on the pipeline read something that nobody has. The gateway is
 * deaf: whatever the venue answered is in the journal.
 *
 * Errors    EngineError 'journal/corrupt' for a journal without its head.
 * Imports   core, execution, journal, memory.
 */
import { EngineError } from '../base/errors.ts';
import { ClockField } from '../core/clock-field.ts';
import { parsePipelineOptions } from '../core/pipeline-options.ts';
import type { PipelineOptions } from '../core/pipeline-options.ts';
import { noProbe } from '../core/probe.ts';
import { TradingCore } from '../core/trading-core.ts';
import type { Gateway } from '../execution/gateway.ts';
import { BlobKind, readBlob } from '../journal/blob.ts';
import { flagsOf, MarketBatch, RECORD_DOUBLES, RECORD_WORDS } from '../memory/market-record.ts';
import { SlotBuffer } from '../memory/slot-buffer.ts';
import { slotsOfRecord } from '../memory/slot-length.ts';
import { SLOT_BYTES, SLOT_DOUBLES, SLOT_WORDS, SlotKind } from '../memory/slots.ts';

/** Sends nothing and says that it did: every answer comes from the journal. */
export const deafGateway: Gateway = { place: () => true, cancel: () => true, query: () => true };

export interface ReplayReport {
  readonly turns: number;
  readonly slots: number;
  readonly decisions: number;
  readonly orders: number;
  readonly fills: number;
  /** The journal had a hole; what follows it was not replayed. */
  readonly endedByGap: boolean;
  /** First difference in words, or null: the same to the byte. */
  readonly difference: string | null;
}

const MARKET_KINDS_MAX = 15;
const OUT_SLOTS = 262_144;

export class SessionReplay {
  #core: TradingCore | null = null;
  readonly #batch = new MarketBatch();
  readonly #out: SlotBuffer;
  /** What came out and is not compared yet. */
  #produced: Uint8Array[] = [];
  #expected: Uint8Array[] = [];
  #turns = 0;
  #slots = 0;
  #difference: string | null = null;
  #endedByGap = false;
  #isInTurn = false;
  options: PipelineOptions | null = null;

  constructor() {
    this.#out = new SlotBuffer(OUT_SLOTS, (words, _doubles, count) => {
      const bytes = new Uint8Array(words.buffer, words.byteOffset, count * SLOT_BYTES);
      this.#produced.push(bytes.slice());
    });
  }

  /** One run of whole records. False when there is no use in feeding more. */
  feed(words: Int32Array, doubles: Float64Array, slotCount: number): boolean {
    let slot = 0;
    while (slot < slotCount) {
      const count = slotsOfRecord(words, slot * SLOT_WORDS);
      if (count < 1 || slot + count > slotCount) {
        throw new EngineError('journal/corrupt', `a record of ${count} slots breaks its block`);
      }
      if (!this.#record(words, doubles, slot, count)) return false;
      slot += count;
    }
    return this.#difference === null;
  }

  /** A last turn without its end (a gap, a torn tail) has nothing to be compared with. */
  finish(): ReplayReport {
    if (!this.#isInTurn) this.#compare();
    const pipeline = this.#core?.pipeline;
    return {
      turns: this.#turns,
      slots: this.#slots,
      decisions: pipeline?.decisionCount ?? 0,
      orders: pipeline?.desk.counts.placed ?? 0,
      fills: pipeline?.desk.counts.fills ?? 0,
      endedByGap: this.#endedByGap,
      difference: this.#difference,
    };
  }

  #record(words: Int32Array, doubles: Float64Array, slot: number, count: number): boolean {
    const header = words[slot * SLOT_WORDS]!;
    const kind = header & 0xff;
    if (kind === SlotKind.Gap) {
      this.#endedByGap = true;
      return false;
    }
    this.#slots += count;
    const from = words.byteOffset + slot * SLOT_BYTES;
    this.#expected.push(new Uint8Array(words.buffer, from, count * SLOT_BYTES).slice());
    if (kind === SlotKind.Blob && flagsOf(header) === BlobKind.SessionHeader) {
      this.#open(readBlob(words, doubles, slot * SLOT_DOUBLES).text);
      return true;
    }
    const core = this.#core;
    if (core === null) {
      throw new EngineError(
        'journal/corrupt',
        'the journal does not begin with its session record',
      );
    }
    if (kind <= MARKET_KINDS_MAX) this.#market(words, doubles, slot);
    else this.#input(core, kind, words, doubles, slot);
    return this.#difference === null;
  }

  #open(text: string): void {
    if (this.#core !== null) {
      throw new EngineError('journal/corrupt', 'the journal holds two session records');
    }
    this.options = parsePipelineOptions(text);
    TradingCore.writeHeader(this.#out, this.options);
    this.#core = new TradingCore(this.options, {
      journal: this.#out,
      host: null,
      probe: noProbe(),
      gateway: () => deafGateway,
    });
  }

  #market(words: Int32Array, doubles: Float64Array, slot: number): void {
    const batch = this.#batch;
    if (batch.count === batch.capacity) this.#flush();
    const row = batch.count++;
    batch.words[row * RECORD_WORDS] = words[slot * SLOT_WORDS]!;
    batch.words[row * RECORD_WORDS + 1] = words[slot * SLOT_WORDS + 1]!;
    for (let k = 1; k < RECORD_DOUBLES; k++) {
      batch.doubles[row * RECORD_DOUBLES + k] = doubles[slot * SLOT_DOUBLES + k]!;
    }
  }

  #flush(): void {
    if (this.#batch.count === 0) return;
    this.#core!.market(this.#batch);
    this.#batch.clear();
  }

  #input(
    core: TradingCore,
    kind: number,
    words: Int32Array,
    doubles: Float64Array,
    slot: number,
  ): void {
    const base = slot * SLOT_DOUBLES;
    if (kind !== SlotKind.TurnBegin) this.#flush();
    switch (kind) {
      case SlotKind.TurnBegin:
        core.clock[ClockField.NowNs] = doubles[base + 1]!;
        core.clock[ClockField.LoopLagNs] = doubles[base + 2]!;
        core.clock[ClockField.Health] = doubles[base + 3]!;
        core.begin(words[slot * SLOT_WORDS + 1]!);
        this.#isInTurn = true;
        return;
      case SlotKind.Command:
        core.command(words, doubles, base);
        return;
      case SlotKind.SlowResult:
        core.restoreScalp(words, doubles, base);
        return;
      case SlotKind.OrderEvent:
        core.orderEvent(words, doubles, base);
        return;
      case SlotKind.TurnEnd:
        core.decide();
        core.clock[ClockField.EndNs] = doubles[base + 1]!;
        core.end();
        core.pipeline.touched.fill(0);
        this.#turns++;
        this.#isInTurn = false;
        this.#compare();
        return;
      default:
        // An output: it must come out by itself.
        return;
    }
  }

  /** Compares a whole turn; a difference stops the replay. */
  #compare(): void {
    if (this.#difference !== null) return;
    this.#out.flush();
    const produced = joined(this.#produced);
    const expected = joined(this.#expected);
    this.#produced = [];
    this.#expected = [];
    if (Buffer.compare(produced, expected) === 0) return;
    this.#difference = describeDifference(expected, produced, this.#turns);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function describeDifference(expected: Uint8Array, produced: Uint8Array, turn: number): string {
  const most = Math.min(expected.length, produced.length);
  let at = 0;
  while (at < most && expected[at] === produced[at]) at++;
  const start = at - (at % SLOT_BYTES);
  const kindThere = start < expected.length ? expected[start] : 'nothing';
  const kindHere = start < produced.length ? produced[start] : 'nothing';
  const slot = start / SLOT_BYTES;
  return (
    `turn ${turn}, slot ${slot} of the turn, byte ${at - start}: ` +
    `the journal has kind ${kindThere}, the replay kind ${kindHere} ` +
    `(${expected.length / SLOT_BYTES} and ${produced.length / SLOT_BYTES} slots)`
  );
}
