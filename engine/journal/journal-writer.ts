/**
 * journal-writer: appends slots to the segment files of one session. Pure file logic, no thread.
 *
 * Used by the journal thread and by runs under virtual time. `append` takes runs of whole records
 * as they lie in a ring or a slot buffer, leaves Pads out and gathers them in a block; `flush`
 * writes the block with one write; `sync` makes it durable. A block never splits a record.
 * Retention closed segments are deleted, oldest first, while the session takes more than
 *           `retainBytes` in all; the newest closed one and the open one always stay.
 * Failure   the first error closes the file, cut back to its last whole block, and latches
 *           `failure`; from then on everything is counted in `lostSlots`. Nothing is thrown.
 * Imports   base, memory, ./record, ./journal-fs.
 */
import path from 'node:path';
import { assert } from '../base/assert.ts';
import { slotsOfRecord } from '../memory/slot-length.ts';
import { SLOT_BYTES, SLOT_WORDS, SlotKind } from '../memory/slots.ts';
import { errorCodeOf, nodeFs, syncFolder, writeFully, type JournalFs } from './journal-fs.ts';
import {
  BLOCK_HEADER_BYTES,
  encodeSegmentHeader,
  sealBlock,
  SEGMENT_HEADER_BYTES,
  segmentName,
} from './record.ts';

export interface JournalWriterOptions {
  readonly folder: string;
  readonly session: string;
  readonly startWallMs: number;
  /** A segment is closed when it is at least this long. */
  readonly segmentBytes?: number;
  /** Bound of the whole session on disk. */
  readonly retainBytes?: number;
  readonly disk?: JournalFs;
}

export const SEGMENT_BYTES_DEFAULT = 16 * 1024 * 1024;
export const RETAIN_BYTES_DEFAULT = 2 * 1024 * 1024 * 1024;

/** Slots gathered before a block is written anyway: 128 KB. */
const BLOCK_SLOTS = 4096;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

interface ClosedSegment {
  readonly file: string;
  readonly bytes: number;
}

export class JournalWriter {
  readonly #options: JournalWriterOptions;
  readonly #disk: JournalFs;
  readonly #segmentBytes: number;
  readonly #retainBytes: number;
  #block: Uint8Array<ArrayBuffer>;
  #blockSlots = 0;
  #blockNumber = 0;
  #file = -1;
  #fileName = '';
  #fileBytes = 0;
  #segmentNumber = 0;
  #closed: ClosedSegment[] = [];
  #closedBytes = 0;
  #isDirty = false;
  #deletedSegments = 0;
  #slots = 0;
  #lostSlots = 0;
  #failure: string | null = null;
  /** The source of the last append, seen as bytes. */
  #sourceWords: Int32Array | null = null;
  #sourceBytes: Uint8Array = new Uint8Array(0);

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#disk = options.disk ?? nodeFs;
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES_DEFAULT;
    this.#retainBytes = options.retainBytes ?? RETAIN_BYTES_DEFAULT;
    this.#block = new Uint8Array(BLOCK_HEADER_BYTES + BLOCK_SLOTS * SLOT_BYTES);
    this.#attempt(() => {
      this.#disk.mkdirSync(options.folder, { recursive: true, mode: FOLDER_MODE });
      this.#openSegment();
    });
  }

  /** What went wrong first (ENOSPC, EIO …), or null. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Bytes of the session on disk. */
  get bytes(): number {
    return this.#closedBytes + this.#fileBytes;
  }

  get segments(): number {
    return this.#closed.length + (this.#file >= 0 ? 1 : 0);
  }

  get deletedSegments(): number {
    return this.#deletedSegments;
  }

  /** Slots that reached the file (not counting the block being gathered). */
  get slots(): number {
    return this.#slots;
  }

  /** Slots given to a writer that had failed. */
  get lostSlots(): number {
    return this.#lostSlots;
  }

  /** Takes `count` slots from slot `from` of `words`: whole records, Pads allowed. */
  append(words: Int32Array, from: number, count: number): void {
    const end = from + count;
    let runStart = from;
    let at = from;
    while (at < end) {
      const slots = slotsOfRecord(words, at * SLOT_WORDS);
      assert(slots > 0 && at + slots <= end, `journal record of ${slots} slots at ${at} of ${end}`);
      const isPad = (words[at * SLOT_WORDS]! & 0xff) === SlotKind.Pad;
      if (isPad || this.#blockSlots + (at - runStart) + slots > BLOCK_SLOTS) {
        this.#take(words, runStart, at - runStart);
        if (!isPad) this.flush();
        runStart = isPad ? at + slots : at;
      }
      at += slots;
    }
    this.#take(words, runStart, end - runStart);
  }

  /** Writes the gathered block. Durable only after `sync`. */
  flush(): void {
    const slots = this.#blockSlots;
    if (slots === 0) return;
    this.#blockSlots = 0;
    if (this.#failure !== null) {
      this.#lostSlots += slots;
      return;
    }
    const bytes = this.#block.subarray(0, BLOCK_HEADER_BYTES + slots * SLOT_BYTES);
    sealBlock(bytes, this.#blockNumber, this.#slots);
    this.#attempt(() => {
      if (this.#fileBytes >= this.#segmentBytes) this.#nextSegment();
      writeFully(this.#disk, this.#file, bytes);
      this.#fileBytes += bytes.length;
      this.#isDirty = true;
      this.#blockNumber++;
      this.#slots += slots;
    });
    if (this.#failure !== null) this.#lostSlots += slots;
  }

  /** Makes everything flushed so far durable. False when it is not. */
  sync(): boolean {
    if (this.#failure !== null) return false;
    if (!this.#isDirty) return true;
    this.#attempt(() => this.#disk.fdatasyncSync(this.#file));
    if (this.#failure === null) this.#isDirty = false;
    return this.#failure === null;
  }

  /** Flushes, syncs and closes. The writer is done. */
  close(): void {
    this.flush();
    this.sync();
    this.#closeFile();
  }

  #take(words: Int32Array, from: number, count: number): void {
    if (count === 0) return;
    if (this.#blockSlots + count > BLOCK_SLOTS) this.flush();
    this.#reserve(this.#blockSlots + count);
    if (this.#sourceWords !== words) {
      this.#sourceWords = words;
      this.#sourceBytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    }
    const bytes = this.#sourceBytes.subarray(from * SLOT_BYTES, (from + count) * SLOT_BYTES);
    this.#block.set(bytes, BLOCK_HEADER_BYTES + this.#blockSlots * SLOT_BYTES);
    this.#blockSlots += count;
  }

  /** A record longer than a usual block gets a block of its own. */
  #reserve(slots: number): void {
    const bytes = BLOCK_HEADER_BYTES + slots * SLOT_BYTES;
    if (bytes <= this.#block.length) return;
    assert(this.#blockSlots === 0, 'only a single long record outgrows a block');
    this.#block = new Uint8Array(bytes);
  }

  #openSegment(): void {
    const { folder, session, startWallMs } = this.#options;
    this.#fileName = path.join(folder, segmentName(session, this.#segmentNumber));
    this.#file = this.#disk.openSync(this.#fileName, 'wx', FILE_MODE);
    this.#fileBytes = 0;
    const number = this.#segmentNumber;
    const header = { session, startWallMs, number, firstSlot: this.#slots };
    writeFully(this.#disk, this.#file, encodeSegmentHeader(header));
    this.#fileBytes = SEGMENT_HEADER_BYTES;
    this.#isDirty = true;
    syncFolder(this.#disk, folder);
  }

  #nextSegment(): void {
    this.#disk.fdatasyncSync(this.#file);
    this.#disk.closeSync(this.#file);
    this.#file = -1;
    this.#closed.push({ file: this.#fileName, bytes: this.#fileBytes });
    this.#closedBytes += this.#fileBytes;
    this.#fileBytes = 0;
    this.#segmentNumber++;
    this.#openSegment();
    this.#deleteOldest();
  }

  #deleteOldest(): void {
    while (this.#closed.length > 1 && this.bytes > this.#retainBytes) {
      const oldest = this.#closed.shift()!;
      this.#disk.unlinkSync(oldest.file);
      this.#closedBytes -= oldest.bytes;
      this.#deletedSegments++;
    }
  }

  /** Runs one step on the disk; its failure is latched and ends the file. */
  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#failure = errorCodeOf(error);
      this.#closeFile();
    }
  }

  #closeFile(): void {
    const file = this.#file;
    if (file < 0) return;
    this.#file = -1;
    try {
      // What a failed write left behind the last whole block.
      if (this.#failure !== null) this.#disk.ftruncateSync(file, this.#fileBytes);
      this.#disk.closeSync(file);
    } catch (error) {
      this.#failure ??= errorCodeOf(error);
    }
    this.#closed.push({ file: this.#fileName, bytes: this.#fileBytes });
    this.#closedBytes += this.#fileBytes;
    this.#fileBytes = 0;
  }
}
