/**
 * book-view: the newest market frame as painters read it: one row per instrument, watched ladders.
 *
 * Writer    live/live-market, once per display frame. Readers: painters, the hidden tables.
 * Units     ticks, lots, engine ns; as in contract/frames.
 * Version   moves when a new frame is in; 0 means that no frame has come since the link was made.
 *
 * Imports   contract/frames.
 */
import {
  FrameHeader,
  FrameInstrument,
  FrameLadder,
  instrumentAt,
  ladderAt,
} from '../../engine/contract/frames.ts';

const SYNCED = 3;

export class BookView {
  readonly #frame: Float64Array;
  version = 0;

  constructor(frame: Float64Array) {
    this.#frame = frame;
  }

  get frame(): Float64Array {
    return this.#frame;
  }

  get instrumentCount(): number {
    return this.version === 0 ? 0 : (this.#frame[FrameHeader.Instruments] ?? 0);
  }

  get nowNs(): number {
    return this.#frame[FrameHeader.NowNs] ?? 0;
  }

  get wallMs(): number {
    return this.#frame[FrameHeader.WallMs] ?? 0;
  }

  clear(): void {
    this.version = 0;
  }

  /** One field of an instrument's row. */
  field(instrument: number, field: number): number {
    return this.#frame[instrumentAt(instrument) + field] ?? 0;
  }

  /** True when the instrument's book may be believed: synced and neither empty nor crossed. */
  isValid(instrument: number): boolean {
    if (instrument >= this.instrumentCount) return false;
    const state = this.field(instrument, FrameInstrument.BookState);
    return state === SYNCED && this.field(instrument, FrameInstrument.Valid) === 1;
  }

  /** Offset of an instrument's ladder block in `frame`, or −1 when it is not watched. */
  ladderOffset(instrument: number): number {
    if (this.version === 0) return -1;
    const instruments = this.#frame[FrameHeader.Instruments] ?? 0;
    const ladders = this.#frame[FrameHeader.Ladders] ?? 0;
    for (let i = 0; i < ladders; i++) {
      const at = ladderAt(instruments, i);
      if (this.#frame[at + FrameLadder.Instrument] === instrument) return at;
    }
    return -1;
  }
}
