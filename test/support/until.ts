/**
 * until: waits for a condition, with a deadline. The only way in which a test waits.
 *
 * Units     milliseconds.
 * Imports   nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** After this long the wait fails. */
  readonly timeoutMs?: number;
  /** Time between two looks. */
  readonly pollMs?: number;
  /** What is waited for, for the message: "waited 5000 ms for the book to sync". */
  readonly what: string;
}

const TIMEOUT_MS = 5_000;
const POLL_MS = 5;

/** Looks again and again until `look` answers something true, and answers that. */
export async function until<T>(
  look: () => T | Promise<T>,
  { timeoutMs = TIMEOUT_MS, pollMs = POLL_MS, what }: UntilOptions,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (isTrue(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(pollMs);
  }
}

function isTrue<T>(seen: T): seen is NonNullable<T> {
  return Boolean(seen);
}
