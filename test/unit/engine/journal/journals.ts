/**
 * journals: what the journal's tests share: numbered records, and a disk that can be made to fail.
 *
 * Imports   engine/journal, engine/memory.
 */
import fs from 'node:fs';
import path from 'node:path';
import { nodeFs, type JournalFs } from '../../../../engine/journal/journal-fs.ts';
import type { JournalReader } from '../../../../engine/journal/journal-reader.ts';
import {
  JournalWriter,
  type JournalWriterOptions,
} from '../../../../engine/journal/journal-writer.ts';
import { SlotBuffer } from '../../../../engine/memory/slot-buffer.ts';
import { SlotKind } from '../../../../engine/memory/slots.ts';
import type { SlotSink } from '../../../../engine/memory/slots.ts';

export const SESSION = '20261122-121314-test';

/** A record of `slots` slots whose every double says its number. */
export function writeNumbered(sink: SlotSink, number: number, slots: number): boolean {
  const at = sink.claim(slots);
  if (at < 0) return false;
  sink.words[at * 2] = SlotKind.Blob;
  sink.words[at * 2 + 1] = slots;
  for (let i = 1; i < slots * 4; i++) sink.doubles[at + i] = number + i / 1024;
  return true;
}

/** Numbers of all records, each checked to be whole. */
export function numbersIn(reader: JournalReader): number[] {
  const numbers: number[] = [];
  reader.read((_words, doubles, at, slots) => {
    const number = Math.floor(doubles[at + 1]!);
    for (let i = 1; i < slots * 4; i++) {
      if (doubles[at + i] !== number + i / 1024) throw new Error(`record ${number} is not whole`);
    }
    numbers.push(number);
  });
  return numbers;
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Writes records 0 … count − 1, flushing after each `flushEvery`. */
export function writeJournal(
  folder: string,
  count: number,
  options: Partial<JournalWriterOptions> & { flushEvery?: number } = {},
): JournalWriter {
  const { flushEvery = 7, ...rest } = options;
  const writer = new JournalWriter({ folder, session: SESSION, startWallMs: 1000, ...rest });
  const sink = new SlotBuffer(256, (words, _doubles, slots) => writer.append(words, 0, slots));
  for (let number = 0; number < count; number++) {
    writeNumbered(sink, number, 1 + (number % 13));
    if (number % flushEvery !== flushEvery - 1) continue;
    sink.flush();
    writer.flush();
  }
  sink.flush();
  return writer;
}

export function segmentFiles(folder: string): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.tdj'))
    .toSorted()
    .map((name) => path.join(folder, name));
}

/** A disk of `bytes` bytes: a write beyond it takes what fits and then fails with `code`. */
export function smallDisk(bytes: number, code: string): JournalFs {
  let left = bytes;
  return {
    ...nodeFs,
    openSync: (file, flags, mode) => fs.openSync(file, flags, mode),
    writeSync: (file, buffer, offset, length) => {
      const fits = Math.min(left, length);
      if (fits === 0) throw Object.assign(new Error(code), { code });
      left -= fits;
      return fs.writeSync(file, buffer, offset, fits);
    },
  };
}
