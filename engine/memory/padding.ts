/**
 * padding: how far apart two words must lie that different threads write.
 *
 * A SharedArrayBuffer's first byte is aligned to 16 bytes only (it comes from calloc), so "starts a
 * cache line" cannot be had by offsets. What can be had is distance: words at least 128 bytes apart
 * never share a 64-byte line, nor the pair of lines that x64 prefetches together (or one line of
 * Apple's 128-byte machines), wherever the buffer starts.
 *
 * Imports   nothing.
 */

/** Bytes of a cache line: the alignment of regions and slots inside a buffer. */
export const LINE_BYTES = 64;
export const LINE_WORDS = 16;

/** Bytes kept between words of different writers. */
export const PAD_BYTES = 128;
export const PAD_WORDS = 32;

/** Cursors and publication numbers count modulo 2^30: a small integer in every build of V8. */
export const CURSOR_MASK = 0x3fff_ffff;

/** `value` rounded up to a multiple of `step`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** The smallest power of two that is not below `value`. */
export function powerOfTwoAtLeast(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}
