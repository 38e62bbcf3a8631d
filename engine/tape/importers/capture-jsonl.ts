/**
 * capture-jsonl: captures with a JSON object a line: header, connect, send, recv, http.
 *
 * `ts` is the receive time in epoch seconds, `data` the exact text received. The header names the
 * exchange; depth snapshots and exchangeInfo are http records, told apart by their URL.
 *
 * Imports   base, domain, tape/importers.
 */
import { messageOf } from '../../base/errors.ts';
import type { Venue } from '../../domain/instrument.ts';
import type { CapturePosition, CaptureReader, CaptureVisitor } from './capture.ts';
import { readLines } from './line-reader.ts';

const VENUES: Readonly<Record<string, Venue>> = {
  BINANCE: 'binance-spot',
  BINANCE_US: 'binance-spot',
  BINANCE_FUTURES: 'binance-usdm',
};

interface CaptureLine {
  readonly t?: unknown;
  readonly exchange?: unknown;
  readonly ts?: unknown;
  readonly url?: unknown;
  readonly data?: unknown;
}

export const readCaptureJsonl: CaptureReader = (position, visitor, onProgress) => {
  let startUs = -1;
  return readLines(
    position.path,
    (bytes, start, end, line) => {
      position.line = line;
      const record = parsedLine(bytes.toString('utf8', start, end), position);
      if (line === 1) {
        visitor.venue(venueOf(record, position));
        return;
      }
      if (record.t !== 'recv' && record.t !== 'http') return;
      if (typeof record.ts !== 'number' || typeof record.data !== 'string') {
        throw position.error('input/malformed', 'the record has no time or no text');
      }
      const us = Math.round(record.ts * 1e6);
      if (startUs < 0) {
        startUs = us;
        position.anchorWallMs = us / 1000;
      }
      position.moveTo((us - startUs) * 1000);
      if (record.t === 'http') visitHttp(record, visitor);
      else {
        const frame = Buffer.from(record.data, 'utf8');
        visitor.frame(frame, 0, frame.length);
      }
    },
    { onProgress, signal: position.signal },
  );
};

function visitHttp(record: CaptureLine, visitor: CaptureVisitor): void {
  const url = typeof record.url === 'string' ? record.url : '';
  const text = record.data as string;
  if (/\/exchangeInfo(\?|$)/.test(url)) visitor.exchangeInfo(text);
  // A refused request (an object with a code) is no snapshot; the client will have asked again.
  if (/\/depth\?/.test(url) && text.includes('"lastUpdateId"')) {
    visitor.snapshot(/[?&]symbol=([^&]+)/.exec(url)?.[1] ?? null, text);
  }
}

function parsedLine(text: string, position: CapturePosition): CaptureLine {
  try {
    const value = JSON.parse(text) as CaptureLine | null;
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    const reason = `the line is not JSON, perhaps cut off (${messageOf(error)})`;
    throw position.error('input/malformed', reason);
  }
  throw position.error('input/malformed', 'the line is not a JSON object');
}

function venueOf(record: CaptureLine, position: CapturePosition): Venue {
  if (record.t !== 'header') {
    throw position.error('input/malformed', 'expected the header; is it a capture of this format?');
  }
  const exchange = typeof record.exchange === 'string' ? record.exchange : '?';
  const venue = VENUES[exchange];
  if (venue !== undefined) return venue;
  const known = Object.keys(VENUES).join(', ');
  throw position.error('input/malformed', `captures of ${exchange} cannot be read; ${known} can`);
}
