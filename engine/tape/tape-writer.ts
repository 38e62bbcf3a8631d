/**
 * tape-writer: writes a tape, so that either a whole tape or nothing appears under its name.
 *
 * Blocks go to a file beside the target, which takes its name when finish() is called; abort()
 * removes it. Whoever makes a writer calls one of the two.
 *
 * Errors    EngineError 'journal/write-failed' when the disk refuses.
 * Imports   node:fs, node:zlib, base, memory, tape.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { assert } from '../base/assert.ts';
import { messageOf } from '../base/errors.ts';
import type { EngineError } from '../base/errors.ts';
import { RECORD_WORDS } from '../memory/market-record.ts';
import type { MarketBatch } from '../memory/market-record.ts';
import { SLOT_BYTES, SLOT_DOUBLES, SLOT_WORDS, SlotKind } from '../memory/slots.ts';
import { BLOCK_BYTES_MAX, BLOCK_HEAD_BYTES, BLOCK_MARK, BLOCK_SLOTS } from './tape-format.ts';
import { END_MARK, TAPE_MAGIC, tapeError } from './tape-format.ts';
import type { TapeHeader } from './tape-format.ts';

const HEAD_SLOTS = BLOCK_HEAD_BYTES / SLOT_BYTES;

export class TapeWriter {
  readonly path: string;
  turnCount = 0;
  recordCount = 0;
  readonly #temporary: string;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  #file: number | null;
  #slots = 0;
  #position = 0;

  constructor(path: string, header: TapeHeader) {
    this.path = path;
    this.#temporary = `${path}.part-${process.pid}`;
    const buffer = new ArrayBuffer(BLOCK_BYTES_MAX);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    try {
      this.#file = openSync(this.#temporary, 'w');
    } catch (error) {
      throw tapeError('journal/write-failed', path, `cannot be created (${messageOf(error)})`);
    }
    this.#write(headerBytes(header));
  }

  /** Adds a turn: clock[0] is its time in ns, the batch its records. */
  writeTurn(turnKind: number, clock: Float64Array, batch: MarketBatch): void {
    const slots = 1 + batch.count;
    assert(slots <= BLOCK_SLOTS, 'a turn fits a block');
    if (this.#slots + slots > BLOCK_SLOTS) this.#flush(BLOCK_MARK);
    const slot = HEAD_SLOTS + this.#slots;
    const word = slot * SLOT_WORDS;
    this.#words.fill(0, word, word + SLOT_WORDS);
    this.#words[word] = SlotKind.TurnBegin;
    this.#words[word + 1] = turnKind;
    this.#doubles[slot * SLOT_DOUBLES + 1] = clock[0]!;
    this.#words.set(batch.words.subarray(0, batch.count * RECORD_WORDS), word + SLOT_WORDS);
    this.#slots += slots;
    this.turnCount++;
    this.recordCount += batch.count;
  }

  /** Completes the tape and gives it its name. */
  finish(): void {
    if (this.#slots > 0) this.#flush(BLOCK_MARK);
    this.#flush(END_MARK);
    const file = this.#file;
    assert(file !== null, 'the tape is open');
    try {
      fsyncSync(file);
      closeSync(file);
      this.#file = null;
      renameSync(this.#temporary, this.path);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Leaves nothing behind. */
  abort(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    rmSync(this.#temporary, { force: true });
  }

  #flush(mark: number): void {
    const bytes = BLOCK_HEAD_BYTES + this.#slots * SLOT_BYTES;
    const slots = this.#bytes.subarray(BLOCK_HEAD_BYTES, bytes);
    this.#words.fill(0, 0, HEAD_SLOTS * SLOT_WORDS);
    this.#words[0] = mark;
    this.#words[1] = this.#slots;
    this.#words[2] = crc32(slots) | 0;
    this.#words[3] = this.turnCount;
    this.#doubles[2] = this.#position;
    this.#write(this.#bytes.subarray(0, bytes));
    this.#slots = 0;
  }

  #write(bytes: Uint8Array): void {
    assert(this.#file !== null, 'the tape is open');
    try {
      let from = 0;
      while (from < bytes.length) from += writeSync(this.#file, bytes, from);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#position += bytes.length;
  }

  #failed(error: unknown): EngineError {
    const reason = `cannot be written (${messageOf(error)}); free space or choose another place`;
    return tapeError('journal/write-failed', this.path, reason);
  }
}

function headerBytes(header: TapeHeader): Uint8Array {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const padded = Buffer.alloc(Math.ceil((16 + json.length) / 32) * 32 - 16, ' ');
  json.copy(padded);
  const head = Buffer.alloc(16);
  head.write(TAPE_MAGIC, 0, 'latin1');
  head.writeUInt32LE(padded.length, 8);
  head.writeInt32LE(crc32(padded) | 0, 12);
  return Buffer.concat([head, padded]);
}
