/**
 * frame-memory: where market frames lie in the memory shared by the frame worker and the window.
 *
 * Four slots hold the newest frames; a ring holds every trade, so that a display frame that was not
 * drawn loses no trade. All offsets are here.
 *
 * Writer    workers/frame-worker, through FrameWriter. Reader: the window, through FrameReader.
 * Units     as in contract/frames: a slot is one frame, unchanged.
 * Guard     a slot's sequence is odd while it is written; a reader copies it out and looks again.
 *
 * Imports   contract/frames.
 */
import {
  firstTrade,
  FRAME_TRADES_MAX,
  FrameHeader,
  frameDoubles,
  FrameTrade,
  isFrame,
  MAX_LADDERS,
  TRADE_DOUBLES,
  tradeAt,
} from '../../engine/contract/frames.ts';

/** More instruments than this are refused, with a message; memory is set aside for all of them. */
export const INSTRUMENTS_MAX = 256;
export const SLOT_COUNT = 4;
export const SLOT_DOUBLES = frameDoubles(INSTRUMENTS_MAX, MAX_LADDERS, FRAME_TRADES_MAX);
/** Two seconds of trades at a storm's pace. A power of two, so that `&` wraps it. */
export const TRADE_RING_ROWS = 8192;
const TRADE_RING_MASK = TRADE_RING_ROWS - 1;

/** A row of the ring: the trade as in its frame, and its number (contract: firstTrade). */
export const RingTrade = { ...FrameTrade, Number: TRADE_DOUBLES } as const;
const RING_DOUBLES = TRADE_DOUBLES + 1;

/** Words of the control block. */
const Control = { Latest: 0, TradeCount: 1, Generation: 2, Sequence0: 8 } as const;
const CONTROL_WORDS = 16;
const CONTROL_BYTES = CONTROL_WORDS * Int32Array.BYTES_PER_ELEMENT;

export const FRAME_MEMORY_BYTES =
  CONTROL_BYTES +
  (SLOT_COUNT * SLOT_DOUBLES + TRADE_RING_ROWS * RING_DOUBLES) * Float64Array.BYTES_PER_ELEMENT;

export function createFrameMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(FRAME_MEMORY_BYTES);
}

interface Views {
  readonly control: Int32Array;
  readonly slots: Float64Array;
  readonly trades: Float64Array;
}

function viewsOf(memory: SharedArrayBuffer): Views {
  const doubles = Float64Array.BYTES_PER_ELEMENT;
  const slotsAt = CONTROL_BYTES;
  const tradesAt = slotsAt + SLOT_COUNT * SLOT_DOUBLES * doubles;
  return {
    control: new Int32Array(memory, 0, CONTROL_WORDS),
    slots: new Float64Array(memory, slotsAt, SLOT_COUNT * SLOT_DOUBLES),
    trades: new Float64Array(memory, tradesAt, TRADE_RING_ROWS * RING_DOUBLES),
  };
}

/** The worker's side. */
export class FrameWriter {
  readonly #views: Views;

  constructor(memory: SharedArrayBuffer) {
    this.#views = viewsOf(memory);
  }

  /** A new connection: the reader forgets what it derived from earlier frames. */
  restart(): void {
    Atomics.add(this.#views.control, Control.Generation, 1);
  }

  /** Stores one frame; what is wrong with it in one line, or null. */
  write(bytes: ArrayBuffer): string | null {
    if (bytes.byteLength % Float64Array.BYTES_PER_ELEMENT !== 0) {
      return `a frame of ${bytes.byteLength} bytes is not made of whole doubles`;
    }
    const frame = new Float64Array(bytes);
    if (!isFrame(frame)) return `${bytes.byteLength} bytes are no whole frame of this contract`;
    const instruments = frame[FrameHeader.Instruments] ?? 0;
    if (instruments > INSTRUMENTS_MAX) {
      return `a frame of ${instruments} instruments exceeds ${INSTRUMENTS_MAX}`;
    }
    this.#writeTrades(frame);
    this.#writeSlot(frame);
    return null;
  }

  #writeSlot(frame: Float64Array): void {
    const { control, slots } = this.#views;
    const latest = Atomics.load(control, Control.Latest) + 1;
    const slot = latest % SLOT_COUNT;
    Atomics.add(control, Control.Sequence0 + slot, 1);
    slots.set(frame, slot * SLOT_DOUBLES);
    Atomics.add(control, Control.Sequence0 + slot, 1);
    Atomics.store(control, Control.Latest, latest);
  }

  #writeTrades(frame: Float64Array): void {
    const { control, trades } = this.#views;
    const count = frame[FrameHeader.Trades] ?? 0;
    if (count === 0) return;
    const instruments = frame[FrameHeader.Instruments] ?? 0;
    const ladders = frame[FrameHeader.Ladders] ?? 0;
    const written = Atomics.load(control, Control.TradeCount);
    const first = firstTrade(frame);
    for (let i = 0; i < count; i++) {
      const from = tradeAt(instruments, ladders, i);
      const to = ((written + i) & TRADE_RING_MASK) * RING_DOUBLES;
      for (let field = 0; field < TRADE_DOUBLES; field++) {
        trades[to + field] = frame[from + field] ?? 0;
      }
      trades[to + RingTrade.Number] = first + i;
    }
    Atomics.store(control, Control.TradeCount, (written + count) | 0);
  }
}

/** The window's side: copies out, so that nothing it holds changes under a painter. */
export class FrameReader {
  readonly #views: Views;
  #seen = 0;
  #tradesSeen = 0;
  /** Trades drained since the last restart. */
  #tradesKept = 0;
  #generationSeen = 0;

  /** The newest frame that was read; valid after `readLatest` was true once. */
  readonly frame = new Float64Array(SLOT_DOUBLES);

  constructor(memory: SharedArrayBuffer) {
    this.#views = viewsOf(memory);
  }

  /** True once after each new connection. */
  takeRestart(): boolean {
    const { control } = this.#views;
    const generation = Atomics.load(control, Control.Generation);
    if (generation === this.#generationSeen) return false;
    this.#generationSeen = generation;
    this.#seen = Atomics.load(control, Control.Latest);
    this.#tradesSeen = Atomics.load(control, Control.TradeCount);
    this.#tradesKept = 0;
    return true;
  }

  /** Copies the newest frame; false when there is none newer or the writer was in it. */
  readLatest(): boolean {
    const { control, slots } = this.#views;
    const latest = Atomics.load(control, Control.Latest);
    if (latest === this.#seen) return false;
    const slot = latest % SLOT_COUNT;
    const before = Atomics.load(control, Control.Sequence0 + slot);
    if ((before & 1) === 1) return false;
    const at = slot * SLOT_DOUBLES;
    const frame = this.frame;
    const length = frameDoubles(
      slots[at + FrameHeader.Instruments] ?? 0,
      slots[at + FrameHeader.Ladders] ?? 0,
      slots[at + FrameHeader.Trades] ?? 0,
    );
    frame.set(slots.subarray(at, at + Math.min(length, SLOT_DOUBLES)));
    if (Atomics.load(control, Control.Sequence0 + slot) !== before) return false;
    this.#seen = latest;
    return true;
  }

  /** Calls `visit(ring, offset)` for each trade since the last call, oldest first. */
  drainTrades(visit: (ring: Float64Array, at: number) => void): void {
    const { control, trades } = this.#views;
    const written = Atomics.load(control, Control.TradeCount);
    const missed = (written - this.#tradesSeen) | 0;
    const first = missed > TRADE_RING_ROWS ? (written - TRADE_RING_ROWS) | 0 : this.#tradesSeen;
    const count = (written - first) | 0;
    for (let i = 0; i < count; i++) {
      visit(trades, ((first + i) & TRADE_RING_MASK) * RING_DOUBLES);
    }
    this.#tradesSeen = written;
    this.#tradesKept += count;
  }

  /**
   * Calls `visit` again for what was drained already and is still in the ring, oldest first, at
   * most the newest half of it: the rest may be written over while it is read.
   */
  visitRecent(visit: (ring: Float64Array, at: number) => void): void {
    const { trades } = this.#views;
    const count = Math.min(this.#tradesKept, TRADE_RING_ROWS / 2);
    for (let i = count; i > 0; i--) {
      visit(trades, ((this.#tradesSeen - i) & TRADE_RING_MASK) * RING_DOUBLES);
    }
  }
}
