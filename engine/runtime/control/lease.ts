/**
 * lease: who is in charge. A person must be there while anything is armed: one terminal holds a
 * lease of a few seconds and renews it; everybody else reads.
 *
 * Pure: time comes as an argument.
 *
 *   from    by                                   to
 *   free    acquire by A                         held by A            'acquired'
 *   held A  acquire by A, renew by A             held by A, anew
 *   held A  acquire by B                         held by A            refused with A and the time
 *   left held A  release by A, or A's line is gone    free                 'released'
 *   held A  time runs out                        free                 'expired'
 *   any     renew by who does not hold it        unchanged            refused: acquire again
 *
 * There is no taking over from a living holder: it releases, or it expires. A lease that ended
 * never comes back by a renewal, because what was armed under it has been stood down meanwhile.
 * Imports   nothing.
 */
export type LeaseEnd = 'released' | 'expired';

export interface LeaseGrant {
  readonly granted: boolean;
  /** Why not, in one line; '' when granted. */
  readonly reason: string;
}

export const LEASE_MS_DEFAULT = 3_000;
const GRANTED: LeaseGrant = { granted: true, reason: '' };

export class Lease {
  readonly durationMs: number;
  readonly #onEnd: (end: LeaseEnd, who: string) => void;
  #holder: string | null = null;
  #endsAtMs = 0;
  /** Leases that have ended: what was asked under one is not done under the next. */
  endedCount = 0;

  /** `onEnd` is told when a lease ends, once a lease. */
  constructor(durationMs: number, onEnd: (end: LeaseEnd, who: string) => void) {
    this.durationMs = durationMs;
    this.#onEnd = onEnd;
  }

  acquire(who: string, nowMs: number): LeaseGrant {
    this.expire(nowMs);
    if (this.#holder !== null && this.#holder !== who) {
      const left = (this.leftMs(nowMs) / 1000).toFixed(1);
      return {
        granted: false,
        reason: `${this.#holder} is in charge (its lease has ${left} s left); release it there`,
      };
    }
    this.#holder = who;
    this.#endsAtMs = nowMs + this.durationMs;
    return GRANTED;
  }

  /** False when `who` does not hold the lease (any more). */
  renew(who: string, nowMs: number): boolean {
    this.expire(nowMs);
    if (this.#holder !== who) return false;
    this.#endsAtMs = nowMs + this.durationMs;
    return true;
  }

  /** By the holder, or on its behalf when its connection is gone. */
  release(who: string): void {
    if (this.#holder === who) this.#end('released');
  }

  /** Ends a lease whose time is over. Called in every round of the host. */
  expire(nowMs: number): void {
    if (this.#holder !== null && nowMs >= this.#endsAtMs) this.#end('expired');
  }

  holder(nowMs: number): string | null {
    this.expire(nowMs);
    return this.#holder;
  }

  leftMs(nowMs: number): number {
    return this.#holder === null ? 0 : Math.max(0, this.#endsAtMs - nowMs);
  }

  #end(end: LeaseEnd): void {
    const who = this.#holder;
    if (who === null) return;
    this.#holder = null;
    this.#endsAtMs = 0;
    this.endedCount++;
    this.#onEnd(end, who);
  }
}
