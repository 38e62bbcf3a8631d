/**
 * errors: failures that a correct engine still meets.
 *
 * Match on `code`; `message` is one line for people: what, where, what to do. An EngineError is
 * never thrown across a thread or a process; send `toWire()` instead.
 *
 * Imports   nothing.
 */

export type ErrorCode =
  | 'config/invalid'
  | 'usage/invalid'
  | 'input/malformed'
  | 'input/truncated'
  | 'input/unknown-symbol'
  | 'feed/gap'
  | 'feed/stale'
  | 'feed/malformed'
  | 'venue/unreachable'
  | 'venue/rejected'
  | 'venue/rate-limited'
  | 'venue/not-allowed'
  | 'journal/write-failed'
  | 'journal/corrupt'
  | 'runtime/port-in-use'
  | 'runtime/already-running'
  | 'runtime/not-running'
  | 'runtime/unauthorised'
  | 'runtime/lease-held'
  | 'runtime/thread-died'
  | 'runtime/not-available';

export type ErrorFacts = Readonly<Record<string, string | number>>;

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly facts: ErrorFacts;
}

export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EngineError';
    this.code = code;
    this.facts = facts;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, facts: this.facts };
  }
}

/** One line for a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
