/**
 * journal-reader: the records of one session, in order, out of all its segments, verified.
 *
 * Torn tail a session that ended by a crash may end in a block that is not whole. The last block of
 *           the last segment is cut off with one warning when it is incomplete or fails its
 *           checksum.
 * Corrupt   anything else that is wrong (a bad block with more behind it, a missing segment or
 *           block between others) is an EngineError 'journal/corrupt' with file and offset.
 * Retention a session whose first segments were deleted starts later: `startsAtSlot` says where.
 * Imports   base, memory, ./record.
 */
import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../base/errors.ts';
import { slotsOfRecord } from '../memory/slot-length.ts';
import { SLOT_BYTES, SLOT_WORDS, SlotKind } from '../memory/slots.ts';
import {
  BLOCK_HEADER_BYTES,
  decodeBlockHeader,
  decodeSegmentHeader,
  parseSegmentName,
  payloadCrc,
  SEGMENT_HEADER_BYTES,
  type BlockHeader,
} from './record.ts';

export interface SessionFiles {
  readonly session: string;
  /** Full paths, in order. */
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Sees one record: its header is at `doubles[at]` and `words[2 × at]`; it takes `slots` slots. */
export type RecordVisitor = (
  words: Int32Array,
  doubles: Float64Array,
  at: number,
  slots: number,
) => void;

/** Sessions with a journal in `folder`, oldest first (ids begin with their UTC start). */
export function listSessions(folder: string): SessionFiles[] {
  const found = new Map<string, { number: number; file: string; bytes: number }[]>();
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const parsed = parseSegmentName(name);
    if (parsed === null) continue;
    const file = path.join(folder, name);
    const list = found.get(parsed.session) ?? [];
    list.push({ number: parsed.number, file, bytes: fs.statSync(file).size });
    found.set(parsed.session, list);
  }
  return [...found.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([session, list]) => ({
      session,
      files: list.toSorted((a, b) => a.number - b.number).map(({ file }) => file),
      bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
    }));
}

export class JournalReader {
  readonly session: string;
  /** What a person should know: at most the line about a torn tail. */
  readonly warnings: string[] = [];
  readonly #files: readonly string[];
  #startWallMs = 0;
  #startsAtSlot = 0;
  #slots = 0;
  #gapSlots = 0;
  #expected: { block: number; slot: number; segment: number } | null = null;

  /** Reads `session` in `folder`; the newest one when it is not named. */
  constructor(folder: string, session?: string) {
    const sessions = listSessions(folder);
    const files =
      session === undefined ? sessions.at(-1) : sessions.find((each) => each.session === session);
    if (files === undefined) {
      const what = session === undefined ? 'no journal' : `no journal of session ${session}`;
      throw new EngineError('input/malformed', `${folder}: ${what}; check the folder`, { folder });
    }
    this.session = files.session;
    this.#files = files.files;
  }

  get startWallMs(): number {
    return this.#startWallMs;
  }

  /** Sequence of the first slot that is still there; 0 unless retention deleted the beginning. */
  get startsAtSlot(): number {
    return this.#startsAtSlot;
  }

  /** Slots read so far. */
  get slots(): number {
    return this.#slots;
  }

  /** Slots that the writer reported as lost (Gap records read so far). */
  get gapSlots(): number {
    return this.#gapSlots;
  }

  /** Visits every record in order. Reads one segment at a time. */
  read(visit: RecordVisitor): void {
    this.#slots = 0;
    this.#gapSlots = 0;
    this.#expected = null;
    this.warnings.length = 0;
    for (const [index, file] of this.#files.entries()) {
      this.#readSegment(file, index === this.#files.length - 1, visit);
    }
  }

  #readSegment(file: string, isLast: boolean, visit: RecordVisitor): void {
    const bytes = alignedFile(file);
    if (!this.#readHeader(file, bytes, isLast)) return;
    let offset = SEGMENT_HEADER_BYTES;
    while (offset < bytes.length) {
      const header = decodeBlockHeader(bytes, offset);
      const end = header === null ? 0 : offset + BLOCK_HEADER_BYTES + header.slots * SLOT_BYTES;
      const problem = header === null ? 'no block' : problemOf(bytes, offset, end, header);
      if (header === null || problem !== null) {
        if (isLast && isTail(bytes, offset, end)) return this.#cut(file, offset, bytes.length);
        throw corrupt(file, offset, problem ?? 'no block');
      }
      this.#expect(file, offset, header);
      this.#visitBlock(file, bytes, offset + BLOCK_HEADER_BYTES, header.slots, visit);
      offset = end;
    }
  }

  /** False when the file ends within its header, which a crash while opening it leaves behind. */
  #readHeader(file: string, bytes: Uint8Array, isLast: boolean): boolean {
    const header = decodeSegmentHeader(bytes);
    if (typeof header === 'string') {
      if (isLast && bytes.length <= SEGMENT_HEADER_BYTES) {
        this.#cut(file, 0, bytes.length);
        return false;
      }
      throw corrupt(file, 0, header);
    }
    if (header.session !== this.session) {
      throw corrupt(file, 0, `it belongs to session ${header.session}`);
    }
    this.#startWallMs = header.startWallMs;
    const expected = this.#expected;
    if (expected === null) {
      this.#startsAtSlot = header.firstSlot;
      this.#expected = { block: -1, slot: header.firstSlot, segment: header.number + 1 };
    } else if (header.number !== expected.segment || header.firstSlot !== expected.slot) {
      throw corrupt(file, 0, `segment ${expected.segment} is missing before it`);
    } else {
      expected.segment++;
    }
    return true;
  }

  #expect(file: string, offset: number, { number, firstSlot, slots }: BlockHeader): void {
    const expected = this.#expected!;
    const isNext = expected.block < 0 || number === expected.block;
    if (!isNext || firstSlot !== expected.slot) {
      throw corrupt(file, offset, `block ${number} follows where ${expected.block} should`);
    }
    expected.block = number + 1;
    expected.slot = firstSlot + slots;
  }

  #visitBlock(
    file: string,
    bytes: Uint8Array,
    offset: number,
    count: number,
    visit: RecordVisitor,
  ): void {
    const words = new Int32Array(bytes.buffer, offset, count * SLOT_WORDS);
    const doubles = new Float64Array(bytes.buffer, offset, words.length / 2);
    for (let slot = 0; slot < count;) {
      const word = slot * SLOT_WORDS;
      const slots = slotsOfRecord(words, word);
      if (slots < 1 || slot + slots > count) {
        throw corrupt(file, offset + slot * SLOT_BYTES, `a record of ${slots} slots`);
      }
      if ((words[word]! & 0xff) === SlotKind.Gap) this.#gapSlots += doubles[word / 2 + 1]!;
      visit(words, doubles, word / 2, slots);
      slot += slots;
    }
    this.#slots += count;
  }

  #cut(file: string, offset: number, length: number): void {
    this.warnings.push(
      `${file}: the last ${length - offset} bytes, from byte ${offset}, are no whole block ` +
        '(the session ended abruptly); they are left out',
    );
  }
}

/** What is wrong with the block, or null. */
function problemOf(
  bytes: Uint8Array,
  offset: number,
  end: number,
  header: BlockHeader,
): string | null {
  if (end > bytes.length) return 'the block is longer than the file';
  const payload = bytes.subarray(offset + BLOCK_HEADER_BYTES, end);
  return payloadCrc(payload) === header.payloadCrc ? null : 'the checksum of the block is wrong';
}

/** True when nothing that is a block stands behind the bad one. */
function isTail(bytes: Uint8Array, offset: number, end: number): boolean {
  if (end >= bytes.length) return true;
  for (let at = offset + SLOT_BYTES; at < bytes.length; at += SLOT_BYTES) {
    if (decodeBlockHeader(bytes, at) !== null) return false;
  }
  return true;
}

/** A file in memory of its own, so that doubles in it are aligned. */
function alignedFile(file: string): Uint8Array<ArrayBuffer> {
  const handle = fs.openSync(file, 'r');
  try {
    const bytes = new Uint8Array(fs.fstatSync(handle).size);
    let at = 0;
    while (at < bytes.length) {
      const read = fs.readSync(handle, bytes, at, bytes.length - at, at);
      if (read === 0) return bytes.slice(0, at);
      at += read;
    }
    return bytes;
  } finally {
    fs.closeSync(handle);
  }
}

function corrupt(file: string, offset: number, problem: string): EngineError {
  return new EngineError(
    'journal/corrupt',
    `${file}: ${problem} at byte ${offset}; what follows cannot be trusted, restore the file`,
    { file, offset },
  );
}
