/**
 * tape-format: how recorded market data lies in a file.
 *
 *   file    magic 8 bytes · header length u32 · header crc32 u32 · header JSON, padded with spaces
 *           to a multiple of 32 · blocks · end block
 *   block   mark u32 · slots u32 · crc32 of the slots u32 · turns so far, this block included, u32
 *           · file position of the block f64 · 8 bytes 0 · then the slots, 32 bytes each
 *
 * Slots are those of the journal: a turn is a TurnBegin slot (turn kind, receive time in ns since
 * the first turn) and the market records that the pipeline gets in that turn. Turns never span
 * blocks. A file that ends without its end block was cut off: everything before the cut is good.
 *
 * Units     little endian as the machine; ns since the wall anchor; anchor in epoch ms.
 * Imports   base, domain, memory.
 */
import { EngineError, messageOf } from '../base/errors.ts';
import type { InstrumentSpec, Venue } from '../domain/instrument.ts';
import { BATCH_RECORDS } from '../memory/market-record.ts';
import { SLOT_BYTES } from '../memory/slots.ts';

export const TAPE_MAGIC = 'TICKTAPE';
export const TAPE_VERSION = 1;

export const BLOCK_MARK = 0x4b4c4254;
export const END_MARK = 0x444e4554;
export const BLOCK_HEAD_BYTES = 32;
/** A block holds at least one turn of the largest size. */
export const BLOCK_SLOTS = 2 * BATCH_RECORDS;
export const BLOCK_BYTES_MAX = BLOCK_HEAD_BYTES + BLOCK_SLOTS * SLOT_BYTES;
export const HEADER_BYTES_MAX = 16 * 1024 * 1024;

/** Where tick and lot size of an instrument come from. */
export type IncrementSource = 'exchangeInfo' | 'inferred';

export interface TapeHeader {
  readonly version: typeof TAPE_VERSION;
  readonly venue: Venue;
  /** Numbered in this order in the records. */
  readonly instruments: readonly InstrumentSpec[];
  /** By symbol. */
  readonly increments: Readonly<Record<string, IncrementSource>>;
  /** Epoch ms at time 0 of the tape. */
  readonly anchorWallMs: number;
  /** What it was made from, e.g. a file name. */
  readonly source: string;
}

const VENUES: readonly string[] = ['binance-usdm', 'binance-spot'];

export function parseTapeHeader(text: string, path: string): TapeHeader {
  let header: Partial<TapeHeader>;
  try {
    header = JSON.parse(text) as Partial<TapeHeader>;
  } catch (error) {
    throw tapeError('input/malformed', path, `its header is not JSON (${messageOf(error)})`);
  }
  if (header.version !== TAPE_VERSION) {
    const found = String(header.version);
    throw tapeError('input/malformed', path, `version ${found} cannot be read; import it again`);
  }
  const { venue, instruments } = header;
  if (!VENUES.includes(String(venue)) || !Array.isArray(instruments) || instruments.length === 0) {
    throw tapeError('input/malformed', path, 'its header names no venue or no instruments');
  }
  return {
    increments: {},
    anchorWallMs: 0,
    source: '',
    ...header,
  } as TapeHeader;
}

export function tapeError(
  code: 'input/malformed' | 'input/truncated' | 'journal/write-failed',
  path: string,
  problem: string,
): EngineError {
  return new EngineError(code, `tape ${path}: ${problem}`, { path });
}
