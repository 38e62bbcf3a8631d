/**
 * record: the bytes of a journal file. The only place that knows an offset of it.
 *
 * A session is a row of segment files `journal-<session>-<nnnnn>.tdj`. A segment is a header of 64
 * bytes, then blocks. A block is a header of 32 bytes, then whole records as 32-byte slots exactly
 * as they lay in the ring (slots.ts), without Pads. Everything is a multiple of 32 bytes, little
 * endian.
 *
 *   segment header   0 magic · 4 version · 8 start wall ms (f64) · 16 segment number ·
 *                    24 sequence of the first slot (f64) · 32 session id (24 ASCII) ·
 *                    60 crc of 0–59
 *   block header     0 magic · 4 block number in the session · 8 sequence of the first slot (f64) ·
 *                    16 slots · 20 crc of the payload · 28 crc of 0–27
 *
 * Block numbers and slot sequences run on through the segments of a session, so a missing block or
 * segment shows. crc is CRC-32 (zlib).
 * Imports   base, memory/slots.
 */
import { crc32 } from 'node:zlib';
import { SLOT_BYTES } from '../memory/slots.ts';

export const JOURNAL_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 64;
export const BLOCK_HEADER_BYTES = 32;
/** A block longer than this is nonsense, whatever its checksum says. */
export const BLOCK_SLOTS_MAX = 1 << 20;
export const SESSION_ID_CHARACTERS = 24;

const SEGMENT_MAGIC = 0x4a4b_4454; // "TDKJ"
const BLOCK_MAGIC = 0x424b_4454; // "TDKB"

const SegmentByte = {
  Magic: 0,
  Version: 4,
  StartWallMs: 8,
  Number: 16,
  FirstSlot: 24,
  Session: 32,
  Crc: 60,
} as const;

const BlockByte = {
  Magic: 0,
  Number: 4,
  FirstSlot: 8,
  Slots: 16,
  PayloadCrc: 20,
  Crc: 28,
} as const;

export interface SegmentHeader {
  readonly session: string;
  readonly startWallMs: number;
  readonly number: number;
  readonly firstSlot: number;
}

export interface BlockHeader {
  readonly number: number;
  readonly firstSlot: number;
  readonly slots: number;
  readonly payloadCrc: number;
}

export function segmentName(session: string, number: number): string {
  return `journal-${session}-${String(number).padStart(5, '0')}.tdj`;
}

/** Session and number of a segment's file name, or null for another file. */
export function parseSegmentName(name: string): { session: string; number: number } | null {
  const match = /^journal-(.+)-(\d{5,})\.tdj$/.exec(name);
  return match === null ? null : { session: match[1]!, number: Number(match[2]) };
}

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(SegmentByte.Magic, SEGMENT_MAGIC, true);
  view.setUint32(SegmentByte.Version, JOURNAL_VERSION, true);
  view.setFloat64(SegmentByte.StartWallMs, header.startWallMs, true);
  view.setUint32(SegmentByte.Number, header.number, true);
  view.setFloat64(SegmentByte.FirstSlot, header.firstSlot, true);
  for (let i = 0; i < header.session.length; i++) {
    bytes[SegmentByte.Session + i] = header.session.charCodeAt(i);
  }
  view.setUint32(SegmentByte.Crc, crc32(bytes.subarray(0, SegmentByte.Crc)), true);
  return bytes;
}

/** The header, or what is wrong with it in a few words. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'the file ends within its header';
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER_BYTES);
  if (view.getUint32(SegmentByte.Magic, true) !== SEGMENT_MAGIC) return 'this is no journal file';
  const version = view.getUint32(SegmentByte.Version, true);
  if (version !== JOURNAL_VERSION) return `version ${version} is not ${JOURNAL_VERSION}`;
  if (view.getUint32(SegmentByte.Crc, true) !== crc32(bytes.subarray(0, SegmentByte.Crc))) {
    return 'the checksum of the file header is wrong';
  }
  let session = '';
  for (let i = 0; i < SESSION_ID_CHARACTERS; i++) {
    const code = bytes[SegmentByte.Session + i]!;
    if (code !== 0) session += String.fromCharCode(code);
  }
  return {
    session,
    startWallMs: view.getFloat64(SegmentByte.StartWallMs, true),
    number: view.getUint32(SegmentByte.Number, true),
    firstSlot: view.getFloat64(SegmentByte.FirstSlot, true),
  };
}

/** Writes the header of the block whose payload follows it in `bytes`. */
export function sealBlock(bytes: Uint8Array, number: number, firstSlot: number): void {
  const payload = bytes.subarray(BLOCK_HEADER_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, BLOCK_HEADER_BYTES);
  bytes.fill(0, 0, BLOCK_HEADER_BYTES);
  view.setUint32(BlockByte.Magic, BLOCK_MAGIC, true);
  view.setUint32(BlockByte.Number, number, true);
  view.setFloat64(BlockByte.FirstSlot, firstSlot, true);
  view.setUint32(BlockByte.Slots, payload.length / SLOT_BYTES, true);
  view.setUint32(BlockByte.PayloadCrc, crc32(payload), true);
  view.setUint32(BlockByte.Crc, crc32(bytes.subarray(0, BlockByte.Crc)), true);
}

/** The block header at `offset`, or null when no whole valid header stands there. */
export function decodeBlockHeader(bytes: Uint8Array, offset: number): BlockHeader | null {
  if (offset + BLOCK_HEADER_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, BLOCK_HEADER_BYTES);
  if (view.getUint32(BlockByte.Magic, true) !== BLOCK_MAGIC) return null;
  const crc = crc32(bytes.subarray(offset, offset + BlockByte.Crc));
  if (view.getUint32(BlockByte.Crc, true) !== crc) return null;
  const slots = view.getUint32(BlockByte.Slots, true);
  if (slots === 0 || slots > BLOCK_SLOTS_MAX) return null;
  return {
    number: view.getUint32(BlockByte.Number, true),
    firstSlot: view.getFloat64(BlockByte.FirstSlot, true),
    slots,
    payloadCrc: view.getUint32(BlockByte.PayloadCrc, true),
  };
}

export function payloadCrc(bytes: Uint8Array): number {
  return crc32(bytes);
}
