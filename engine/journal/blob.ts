/**
 * blob: a text of any length as a record: the session's header, alerts.
 *
 *   slot 0      kind Blob, flags = what it is; word 1 slots in all; double 1 bytes
 *   slots 1 …   UTF-8, zero-filled to the end
 *
 * Not for the hot path: it allocates. Imports memory.
 */
import { SLOT_BYTES, SLOT_WORDS, SlotKind, type SlotSink } from '../memory/slots.ts';

export const BlobKind = {
  /** JSON: everything a replay needs to build the same pipeline (config, instruments, versions). */
  SessionHeader: 1,
  /** JSON: {code, text}. */
  Alert: 2,
} as const;
export type BlobKind = (typeof BlobKind)[keyof typeof BlobKind];

/** Writes `text` into the sink. False when it did not fit (the sink has counted it). */
export function writeBlob(sink: SlotSink, kind: BlobKind, text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  const slots = 1 + Math.ceil(bytes.length / SLOT_BYTES);
  const at = sink.claim(slots);
  if (at < 0) return false;
  const word = at * 2;
  sink.words[word] = SlotKind.Blob | (kind << 8);
  sink.words[word + 1] = slots;
  sink.doubles[at + 1] = bytes.length;
  const target = new Uint8Array(sink.words.buffer, sink.words.byteOffset);
  target.set(bytes, (word + SLOT_WORDS) * 4);
  return true;
}

export interface Blob {
  readonly kind: number;
  readonly text: string;
}

/** The blob whose header is at `doubles[at]`. */
export function readBlob(words: Int32Array, doubles: Float64Array, at: number): Blob {
  const word = at * 2;
  const bytes = Math.max(0, Math.min(doubles[at + 1]!, (words[word + 1]! - 1) * SLOT_BYTES));
  const from = words.byteOffset + (word + SLOT_WORDS) * 4;
  // A copy, because a decoder takes no shared memory.
  const copy = new Uint8Array(words.buffer, from, bytes).slice();
  return { kind: (words[word]! >>> 8) & 0xff, text: new TextDecoder().decode(copy) };
}
