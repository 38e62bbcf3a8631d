/**
 * order-events: what a gateway tells of orders, as rows that are also journal slots.
 *
 * A row is three slots of 32 bytes (memory/slots.ts, OrderEvent): word 0 is
 * SlotKind.OrderEvent | event kind << 8 | instrument << 16, doubles as in OrderEventField. So a row
 * is copied to the journal as it is, and fed back from there as it is.
 *
 * Writer    one gateway. Reader: core, which journals each row and hands it to the order manager.
 * Units     lots, ticks, 1e-8 quote units, engine ns, venue time in epoch ms.
 * Kinds     those of domain/order plus the two below, which concern no single order.
 * Hot path: claim and clear allocate nothing. What does not fit is counted in `dropped`.
 * Imports   base, memory/slots.
 */
import { assert } from '../base/assert.ts';
import { OrderEventField, SLOT_DOUBLES, SlotKind } from '../memory/slots.ts';

export const EVENT_SLOTS = 3;
/** Doubles from one row to the next. */
export const EVENT_STRIDE = EVENT_SLOTS * SLOT_DOUBLES;

/** Event kinds beyond domain/order's OrderEventKind. */
export const VenueEventKind = {
  /** The venue's own signed position: Lots, PriceTicks = its entry price, RealisedE8 = 0. */
  Position: 11,
  /** The private stream is live again after a loss: what happened meanwhile must be asked. */
  StreamResumed: 12,
  /** The private stream is lost. */
  StreamLost: 13,
} as const;

/** Largest instrument index that the header's upper half can carry. */
const INSTRUMENT_MAX = 0x7fff;

export class OrderEventQueue {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly capacity: number;
  /** Rows waiting to be read; row r starts at double r × EVENT_STRIDE. */
  count = 0;
  /** Rows that did not fit. Above zero, every open order must be asked for. */
  dropped = 0;

  constructor(capacity = 1024) {
    assert(capacity > 0, 'an order event queue holds at least one row');
    const buffer = new ArrayBuffer(capacity * EVENT_STRIDE * Float64Array.BYTES_PER_ELEMENT);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.capacity = capacity;
  }

  clear(): void {
    this.count = 0;
  }

  /** Event kind of row `row`. */
  kindOf(row: number): number {
    return eventKindOf(this.words[row * EVENT_STRIDE * 2]!);
  }

  /** Double index of a fresh, zeroed row, or −1 when full. */
  claim(kind: number, instrument: number, clientSequence: number): number {
    const row = this.count;
    if (row >= this.capacity) {
      this.dropped = (this.dropped + 1) | 0;
      return -1;
    }
    this.count = row + 1;
    return this.reset(row, kind, instrument, clientSequence);
  }

  /** Makes row `row` a fresh one of this kind, whatever it was; its base. */
  reset(row: number, kind: number, instrument: number, clientSequence: number): number {
    const base = row * EVENT_STRIDE;
    const doubles = this.doubles;
    for (let i = base; i < base + EVENT_STRIDE; i++) doubles[i] = 0;
    this.words[base * 2] =
      SlotKind.OrderEvent | (kind << 8) | ((instrument & INSTRUMENT_MAX) << 16);
    doubles[base + OrderEventField.ClientSequence] = clientSequence;
    return base;
  }
}

export function eventKindOf(header: number): number {
  return (header >>> 8) & 0xff;
}

export function eventInstrumentOf(header: number): number {
  return header >>> 16;
}
