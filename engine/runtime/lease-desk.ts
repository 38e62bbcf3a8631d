/**
 * lease-desk: who is in charge. One terminal (or a command line that stays in the foreground) holds
 * the supervision lease; it must renew it, or it runs out and nobody is in charge.
 *
 * Time comes by the function given, so tests need no clock. Imports contract.
 */
import type { LeaseStatus } from '../contract/status.ts';

export class LeaseDesk {
  readonly #durationMs: number;
  readonly #nowMs: () => number;
  #holder: string | null = null;
  #untilMs = 0;
  #lostAtMs = 0;

  constructor(durationMs: number, nowMs: () => number) {
    this.#durationMs = durationMs;
    this.#nowMs = nowMs;
  }

  get holder(): string | null {
    return this.#holder;
  }

  /** Takes the lease when nobody holds it, or renews one's own. */
  acquire(who: string): { granted: boolean; reason: string } {
    if (this.#holder !== null && this.#holder !== who) {
      return { granted: false, reason: `${this.#holder} is in control` };
    }
    this.#holder = who;
    this.#lostAtMs = 0;
    this.#untilMs = this.#nowMs() + this.#durationMs;
    return { granted: true, reason: '' };
  }

  renew(who: string): boolean {
    if (this.#holder !== who) return false;
    this.#untilMs = this.#nowMs() + this.#durationMs;
    return true;
  }

  /** Gives it back: from now on nobody is in charge, as if it had run out. */
  release(who: string): void {
    if (this.#holder === who) this.#untilMs = this.#nowMs();
  }

  /** 'lost' once, when the lease has just run out. */
  look(): 'held' | 'free' | 'lost' {
    if (this.#holder === null) return 'free';
    if (this.#nowMs() < this.#untilMs) return 'held';
    this.#holder = null;
    this.#lostAtMs = this.#nowMs();
    return 'lost';
  }

  /** How long nobody has been in charge since the lease was lost; 0 while somebody is. */
  lostForMs(): number {
    return this.#lostAtMs === 0 ? 0 : this.#nowMs() - this.#lostAtMs;
  }

  status(): LeaseStatus {
    const isHeld = this.#holder !== null;
    return {
      held: isHeld,
      holder: this.#holder,
      leftMs: isHeld ? Math.max(0, this.#untilMs - this.#nowMs()) : 0,
      mine: false,
    };
  }
}
