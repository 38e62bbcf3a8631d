/**
 * binance-ndts: captures with a line "<receive time> <JSON frame>" a frame.
 *
 * Receive times are integers since the epoch, in ns, µs or ms by their number of digits. A REST
 * snapshot is a line of its own, without "stream". Whether it is spot or USD-M shows in the frames.
 *
 * Imports   tape/importers.
 */
import type { CapturePosition, CaptureReader, CaptureVisitor } from './capture.ts';
import { readLines } from './line-reader.ts';

const SPACE = 32;
const SNAPSHOT_HEAD = Buffer.from('{"lastUpdateId"');
const NS_DIGITS = 19;
/** The seconds of a time in ns, and what is below. */
const SECONDS_DIGITS = 10;

export const readBinanceNdts: CaptureReader = (position, visitor, onProgress) => {
  const time = new ReceiveTime();
  return readLines(
    position.path,
    (bytes, start, end, line) => {
      position.line = line;
      const space = bytes.indexOf(SPACE, start);
      if (space < 0 || space >= end || !time.read(bytes, start, space)) {
        const expected = 'expected "<receive time> <JSON frame>"';
        throw position.error('input/malformed', `${expected}; is it a capture of this format?`);
      }
      if (position.anchorWallMs === 0) position.anchorWallMs = time.startMs;
      position.moveTo(time.ns);
      visit(bytes, space + 1, end, visitor, position);
    },
    { onProgress, signal: position.signal },
  );
};

function visit(
  bytes: Buffer,
  start: number,
  end: number,
  visitor: CaptureVisitor,
  position: CapturePosition,
): void {
  if (bytes[start] !== 0x7b) throw position.error('input/malformed', 'the frame is not JSON');
  const isSnapshot = bytes.compare(SNAPSHOT_HEAD, 0, SNAPSHOT_HEAD.length, start, start + 15) === 0;
  if (isSnapshot) visitor.snapshot(null, bytes.toString('utf8', start, end));
  else visitor.frame(bytes, start, end);
}

/** Receive times, exact although 19 digits exceed a double: seconds and ns apart. */
class ReceiveTime {
  /** ns since the first time read. */
  ns = 0;
  /** Epoch ms of the first time read. */
  startMs = 0;
  #startSeconds = 0;
  #startNs = 0;
  #isStarted = false;

  /** False when bytes[start, end) is no time. */
  read(bytes: Buffer, start: number, end: number): boolean {
    const text = bytes.toString('latin1', start, end);
    if (!/^\d{13}$|^\d{16}$|^\d{19}$/.test(text)) return false;
    const seconds = Number(text.slice(0, SECONDS_DIGITS));
    const nanos = Number(text.slice(SECONDS_DIGITS).padEnd(NS_DIGITS - SECONDS_DIGITS, '0'));
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#startSeconds = seconds;
      this.#startNs = nanos;
      this.startMs = seconds * 1000 + nanos / 1e6;
    }
    this.ns = (seconds - this.#startSeconds) * 1e9 + (nanos - this.#startNs);
    return true;
  }
}
