/**
 * capture: what every importer makes of a foreign file: a stream of visits with receive times.
 *
 * Imports   base, domain.
 */
import { EngineError } from '../../base/errors.ts';
import type { Venue } from '../../domain/instrument.ts';

/** Where a reader stands. One object, changed in place before every visit. */
export class CapturePosition {
  readonly path: string;
  line = 0;
  /** clock[0]: ns since the first line; never goes backwards. */
  readonly clock = new Float64Array(1);
  /** Epoch ms of the first line. */
  anchorWallMs = 0;
  /** Lines whose receive time lay before that of the line before. */
  stepsBack = 0;
  /** Reading ends with an error once it is aborted. */
  readonly signal: AbortSignal | undefined;

  constructor(path: string, signal?: AbortSignal) {
    this.path = path;
    this.signal = signal;
  }

  /** Sets the clock to `ns` since the first line, or leaves it when that is in the past. */
  moveTo(ns: number): void {
    if (ns < this.clock[0]!) this.stepsBack++;
    else this.clock[0] = ns;
  }

  error(code: 'input/malformed' | 'input/truncated', problem: string): EngineError {
    const message = `${this.path} line ${this.line}: ${problem}`;
    return new EngineError(code, message, { path: this.path, line: this.line });
  }
}

export interface CaptureVisitor {
  /** A frame received from a market stream: bytes[start, end). */
  frame(bytes: Buffer, start: number, end: number): void;
  /** The answer to a depth request; no symbol when the capture does not say. */
  snapshot(symbol: string | null, text: string): void;
  exchangeInfo(text: string): void;
  /** The capture says which venue it is of. */
  venue(venue: Venue): void;
}

/** Reads a capture from beginning to end; how many lines it has. */
export type CaptureReader = (
  position: CapturePosition,
  visitor: CaptureVisitor,
  onProgress?: (part: number) => void,
) => Promise<number>;
