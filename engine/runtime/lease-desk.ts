/**
 * lease-desk: the supervision lease of a running engine: control/lease with a clock, and what is
 * told when it ends.
 *
 * Imports   contract, runtime/control.
 */
import type { LeaseStatus } from '../contract/status.ts';
import { Lease } from './control/lease.ts';
import type { LeaseEnd, LeaseGrant } from './control/lease.ts';

export class LeaseDesk {
  readonly #lease: Lease;
  readonly #nowMs: () => number;
  #endedAtMs = 0;

  constructor(
    durationMs: number,
    nowMs: () => number,
    onEnd: (end: LeaseEnd, who: string) => void,
  ) {
    this.#nowMs = nowMs;
    this.#lease = new Lease(durationMs, (end, who) => {
      this.#endedAtMs = nowMs();
      onEnd(end, who);
    });
  }

  get durationMs(): number {
    return this.#lease.durationMs;
  }

  get holder(): string | null {
    return this.#lease.holder(this.#nowMs());
  }

  /** Leases that have ended; one whose time is over counts. */
  get endedCount(): number {
    this.look();
    return this.#lease.endedCount;
  }

  acquire(who: string): LeaseGrant {
    const grant = this.#lease.acquire(who, this.#nowMs());
    if (grant.granted) this.#endedAtMs = 0;
    return grant;
  }

  renew(who: string): boolean {
    return this.#lease.renew(who, this.#nowMs());
  }

  release(who: string): void {
    this.#lease.release(who);
  }

  /** Ends a lease whose time is over. In every round of the host. */
  look(): void {
    this.#lease.expire(this.#nowMs());
  }

  /**
   * How long nobody has been in charge since a lease ended; 0 while somebody is, or nobody ever
   * was.
   */
  lostForMs(): number {
    return this.#endedAtMs === 0 ? 0 : this.#nowMs() - this.#endedAtMs;
  }

  status(): LeaseStatus {
    const holder = this.holder;
    const leftMs = this.#lease.leftMs(this.#nowMs());
    return { held: holder !== null, holder, leftMs, mine: false };
  }
}
