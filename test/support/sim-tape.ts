/**
 * sim-tape: a small tape of the simulated market, made in process from a seed.
 *
 * Imports   engine (memory, replay, tape).
 */
import { MarketBatch, RECORD_DOUBLES, RECORD_WORDS } from '../../engine/memory/market-record.ts';
import { SlotBuffer } from '../../engine/memory/slot-buffer.ts';
import { slotsOfRecord } from '../../engine/memory/slot-length.ts';
import { SLOT_DOUBLES, SLOT_WORDS, SlotKind } from '../../engine/memory/slots.ts';
import { VirtualSession } from '../../engine/replay/virtual-session.ts';
import { TAPE_VERSION } from '../../engine/tape/tape-format.ts';
import { TapeWriter } from '../../engine/tape/tape-writer.ts';

const MARKET_KINDS_MAX = 15;

export interface SimTapeOptions {
  readonly seconds: number;
  readonly seed?: number;
  readonly messagesPerSecond?: number;
  readonly symbols?: readonly string[];
}

/** Writes what a session that only watches has read of the market. */
export function writeSimTape(file: string, options: SimTapeOptions): void {
  const { seconds, seed = 7, messagesPerSecond = 400 } = options;
  const parts: { words: Int32Array; doubles: Float64Array }[] = [];
  const journal = new SlotBuffer(65_536, (words, doubles, count) => {
    parts.push({
      words: words.slice(0, count * SLOT_WORDS),
      doubles: doubles.slice(0, count * SLOT_DOUBLES),
    });
  });
  const symbols = options.symbols ?? ['BTCUSDT', 'ETHUSDT'];
  const session = new VirtualSession({ seed, journal, messagesPerSecond, symbols });
  session.runTo(seconds * 1000);
  journal.flush();
  const writer = new TapeWriter(file, {
    version: TAPE_VERSION,
    venue: 'binance-usdm',
    instruments: session.options.specs,
    increments: {},
    anchorWallMs: session.options.anchorWallMs,
    source: `simulation, seed ${seed}`,
  });
  const turns = new TurnWriter(writer);
  for (const { words, doubles } of parts) turns.take(words, doubles);
  turns.flush();
  writer.finish();
}

class TurnWriter {
  readonly #writer: TapeWriter;
  readonly #batch = new MarketBatch();
  readonly #clock = new Float64Array(1);
  #kind = 0;

  constructor(writer: TapeWriter) {
    this.#writer = writer;
  }

  take(words: Int32Array, doubles: Float64Array): void {
    const slots = words.length / SLOT_WORDS;
    for (let slot = 0; slot < slots; slot += slotsOfRecord(words, slot * SLOT_WORDS)) {
      const kind = words[slot * SLOT_WORDS]! & 0xff;
      if (kind === SlotKind.TurnBegin) {
        this.flush();
        this.#kind = words[slot * SLOT_WORDS + 1]!;
        this.#clock[0] = doubles[slot * SLOT_DOUBLES + 1]!;
      } else if (kind > 0 && kind <= MARKET_KINDS_MAX) this.#record(words, doubles, slot);
    }
  }

  #record(words: Int32Array, doubles: Float64Array, slot: number): void {
    const batch = this.#batch;
    const row = batch.count++;
    batch.words[row * RECORD_WORDS] = words[slot * SLOT_WORDS]!;
    batch.words[row * RECORD_WORDS + 1] = words[slot * SLOT_WORDS + 1]!;
    for (let k = 1; k < RECORD_DOUBLES; k++) {
      batch.doubles[row * RECORD_DOUBLES + k] = doubles[slot * SLOT_DOUBLES + k]!;
    }
  }

  flush(): void {
    if (this.#batch.count > 0) this.#writer.writeTurn(this.#kind, this.#clock, this.#batch);
    this.#batch.clear();
  }
}
