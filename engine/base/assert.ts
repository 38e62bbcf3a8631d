/**
 * assert: checks that stay on in production.
 *
 * A failed assertion is a programmer's error: the core trips the kill switch, cancels and stops.
 * Messages are built by the caller only on failure paths; never put one in an inner loop.
 *
 * Imports   nothing.
 */

/** A broken invariant. Never caught to go on trading. */
export class AssertionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssertionError';
  }
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Ends a `switch` over a closed set. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value ${String(value)}`);
}

/** The value, or an assertion failure naming it when it is missing. */
export function must<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new AssertionError(`${name} is missing`);
  return value;
}
