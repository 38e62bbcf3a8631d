/**
 * blob: a text as slots: the session's options at the head of its journal.
 *
 * Slot 0: header, word 1 = slots in all, double 1 = bytes. From slot 1 on: UTF-8, padded with zeros.
 * Imports   base, memory.
 */
import { EngineError } from '../base/errors.ts';
import { SLOT_BYTES, SLOT_DOUBLES, SlotKind } from '../memory/slots.ts';
import type { SlotSink } from '../memory/slots.ts';

/** Kinds of blob, in the header's flags. */
export const BlobKind = { Session: 1 } as const;

/** Writes a text; false when the sink had no room. */
export function writeBlob(sink: SlotSink, kind: number, text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  const slots = 1 + Math.ceil(bytes.length / SLOT_BYTES);
  const base = sink.claim(slots);
  if (base < 0) return false;
  sink.words[base * 2] = SlotKind.Blob | (kind << 8);
  sink.words[base * 2 + 1] = slots;
  sink.doubles[base + 1] = bytes.length;
  const start = (base + SLOT_DOUBLES) * 8;
  const target = new Uint8Array(sink.words.buffer, sink.words.byteOffset);
  target.set(bytes, start);
  sink.publish();
  return true;
}

/** Text of the blob whose header's double 0 is at `base`. */
export function readBlob(words: Int32Array, doubles: Float64Array, base: number): string {
  const slots = words[base * 2 + 1]!;
  const length = doubles[base + 1]!;
  const start = (base + SLOT_DOUBLES) * 8;
  if (!(length >= 0 && length <= (slots - 1) * SLOT_BYTES)) {
    throw new EngineError('journal/corrupt', `a blob of ${slots} slots says it has ${length} bytes`);
  }
  const bytes = new Uint8Array(words.buffer, words.byteOffset + start, length);
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice());
}
