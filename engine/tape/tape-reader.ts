/**
 * tape-reader: reads a tape turn by turn.
 *
 *   while (reader.next()) books.applyMessage(reader.batch, 0, reader.clock) …
 *
 * A damaged block ends in an EngineError. A last block that was cut off, as when the writer was
 * killed, ends the tape one block early; `warning` then says so.
 *
 * Units     ns since the tape's time 0.
 * Allocation none by next() but for what reading a block (a quarter of a megabyte) costs.
 * Imports   node:fs, node:zlib, base, domain, memory, tape.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { assert } from '../base/assert.ts';
import { messageOf } from '../base/errors.ts';
import { Instrument } from '../domain/instrument.ts';
import { BATCH_RECORDS, MarketBatch, RECORD_WORDS } from '../memory/market-record.ts';
import { SLOT_BYTES, SLOT_DOUBLES, SLOT_WORDS, SlotKind } from '../memory/slots.ts';
import { BLOCK_BYTES_MAX, BLOCK_HEAD_BYTES, BLOCK_MARK, BLOCK_SLOTS } from './tape-format.ts';
import {
  END_MARK,
  HEADER_BYTES_MAX,
  TAPE_MAGIC,
  parseTapeHeader,
  tapeError,
} from './tape-format.ts';
import type { TapeHeader } from './tape-format.ts';

export class TapeReader {
  readonly path: string;
  readonly header: TapeHeader;
  readonly instruments: readonly Instrument[];
  /** Records of the turn that next() moved to. */
  readonly batch = new MarketBatch(BATCH_RECORDS);
  /** clock[0]: receive time of that turn. */
  readonly clock = new Float64Array(1);
  turnKind = 0;
  turnCount = 0;
  /** One line when the tape was cut off; null while it is not known to be. */
  warning: string | null = null;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #sizeBytes: number;
  readonly #firstBlock: number;
  #file: number | null;
  #position = 0;
  #slot = 0;
  #slots = 0;
  #isAtEnd = false;

  constructor(path: string) {
    this.path = path;
    this.#file = openTape(path);
    this.#sizeBytes = fstatSync(this.#file).size;
    const buffer = new ArrayBuffer(BLOCK_BYTES_MAX);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    try {
      const head = this.#readHeader();
      this.header = parseTapeHeader(head.text, path);
      this.instruments = this.header.instruments.map((spec, index) => new Instrument(index, spec));
      this.#firstBlock = head.end;
    } catch (error) {
      this.close();
      throw error;
    }
    this.#position = this.#firstBlock;
  }

  get nowNs(): number {
    return this.clock[0]!;
  }

  /** Moves to the next turn; false at the end of the tape. */
  next(): boolean {
    if (this.#slot === this.#slots && !this.#readBlock()) return false;
    const words = this.#words;
    const first = BLOCK_HEAD_BYTES / SLOT_BYTES + this.#slot;
    let word = first * SLOT_WORDS;
    if ((words[word]! & 0xff) !== SlotKind.TurnBegin) {
      throw tapeError('input/malformed', this.path, `turn ${this.turnCount} does not begin as one`);
    }
    this.turnKind = words[word + 1]!;
    this.clock[0] = this.#doubles[first * SLOT_DOUBLES + 1]!;
    const out = this.batch.words;
    const end = (BLOCK_HEAD_BYTES / SLOT_BYTES + this.#slots) * SLOT_WORDS;
    let to = 0;
    word += SLOT_WORDS;
    while (word < end && (words[word]! & 0xff) !== SlotKind.TurnBegin) {
      for (let i = 0; i < RECORD_WORDS; i++) out[to + i] = words[word + i]!;
      to += RECORD_WORDS;
      word += SLOT_WORDS;
    }
    this.batch.count = to / RECORD_WORDS;
    this.#slot += 1 + this.batch.count;
    this.turnCount++;
    return true;
  }

  /** Back to the first turn. */
  rewind(): void {
    this.#position = this.#firstBlock;
    this.#slot = 0;
    this.#slots = 0;
    this.turnCount = 0;
    this.#isAtEnd = false;
    this.warning = null;
  }

  /** Times of the first and the last turn. Hops from block to block; the place is not moved. */
  span(): { readonly startNs: number; readonly endNs: number } {
    const head = Buffer.alloc(BLOCK_HEAD_BYTES + SLOT_BYTES);
    let startNs = Number.NaN;
    let last = { at: 0, bytes: 0 };
    for (let at = this.#firstBlock; at + head.length <= this.#sizeBytes;) {
      this.#read(head, head.length, at);
      const slots = head.readUInt32LE(4);
      const bytes = slots * SLOT_BYTES;
      const isBlock = head.readUInt32LE(0) === BLOCK_MARK && slots > 0 && slots <= BLOCK_SLOTS;
      if (!isBlock || at + BLOCK_HEAD_BYTES + bytes > this.#sizeBytes) break;
      if (Number.isNaN(startNs)) startNs = head.readDoubleLE(BLOCK_HEAD_BYTES + 8);
      last = { at: at + BLOCK_HEAD_BYTES, bytes };
      at += BLOCK_HEAD_BYTES + bytes;
    }
    if (Number.isNaN(startNs)) return { startNs: 0, endNs: 0 };
    const block = Buffer.alloc(last.bytes);
    this.#read(block, last.bytes, last.at);
    let from = last.bytes - SLOT_BYTES;
    while (from > 0 && (block.readInt32LE(from) & 0xff) !== SlotKind.TurnBegin) from -= SLOT_BYTES;
    return { startNs, endNs: block.readDoubleLE(from + 8) };
  }

  /** Part of the file read so far, 0 to 1. */
  get progress(): number {
    return this.#sizeBytes === 0 ? 1 : this.#position / this.#sizeBytes;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #readHeader(): { readonly text: string; readonly end: number } {
    const head = Buffer.alloc(16);
    this.#read(head, 16, 0);
    if (this.#sizeBytes < 16 || head.toString('latin1', 0, 8) !== TAPE_MAGIC) {
      const hint = 'it is no tape; make one with "tickdeck import"';
      throw tapeError('input/malformed', this.path, hint);
    }
    const length = head.readUInt32LE(8);
    if (length > HEADER_BYTES_MAX || 16 + length > this.#sizeBytes) {
      throw tapeError('input/truncated', this.path, 'it ends within its header; import it again');
    }
    const text = Buffer.alloc(length);
    this.#read(text, length, 16);
    if ((crc32(text) | 0) !== head.readInt32LE(12)) {
      throw tapeError('input/malformed', this.path, 'its header is damaged; import it again');
    }
    return { text: text.toString('utf8'), end: 16 + length };
  }

  /** Reads the next block; false at the end. */
  #readBlock(): boolean {
    if (this.#isAtEnd) return false;
    const left = this.#sizeBytes - this.#position;
    if (left < BLOCK_HEAD_BYTES) return this.#cutOff();
    this.#read(this.#bytes, BLOCK_HEAD_BYTES, this.#position);
    const mark = this.#words[0]!;
    const slots = this.#words[1]!;
    if (this.#doubles[2] !== this.#position) throw this.#damaged();
    if (mark === END_MARK && slots === 0) return this.#end(this.#words[3]!);
    if (mark !== BLOCK_MARK || slots <= 0 || slots > BLOCK_SLOTS) throw this.#damaged();
    return this.#readSlots(slots, this.#words[2]!, left - BLOCK_HEAD_BYTES);
  }

  #readSlots(slots: number, crc: number, left: number): boolean {
    const bytes = slots * SLOT_BYTES;
    if (left < bytes) return this.#cutOff();
    const body = this.#bytes.subarray(BLOCK_HEAD_BYTES, BLOCK_HEAD_BYTES + bytes);
    this.#read(body, bytes, this.#position + BLOCK_HEAD_BYTES);
    if ((crc32(body) | 0) !== crc) {
      if (left === bytes) return this.#cutOff();
      throw this.#damaged();
    }
    this.#position += BLOCK_HEAD_BYTES + bytes;
    this.#slot = 0;
    this.#slots = slots;
    return true;
  }

  #end(turns: number): boolean {
    if (turns !== this.turnCount) throw this.#damaged();
    this.#isAtEnd = true;
    return false;
  }

  #cutOff(): boolean {
    this.#isAtEnd = true;
    this.warning = `tape ${this.path} was cut off after ${this.turnCount} turns; they are used`;
    return false;
  }

  #damaged(): Error {
    const where = `it is damaged at byte ${this.#position}, after ${this.turnCount} turns`;
    return tapeError('input/malformed', this.path, `${where}; import it again`);
  }

  #read(bytes: Uint8Array, length: number, position: number): void {
    assert(this.#file !== null, 'the tape is open');
    let from = 0;
    while (from < length) {
      const got = readSync(this.#file, bytes, from, length - from, position + from);
      if (got === 0) return;
      from += got;
    }
  }
}

function openTape(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw tapeError('input/malformed', path, `cannot be opened (${messageOf(error)})`);
  }
}
