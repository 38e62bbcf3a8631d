/**
 * weight-budget: how much of the venue's request weight a minute may still cost, counted by us and
 * corrected by what the venue reports; a part is kept for cancels and the dead-man's switch.
 *
 * Units     weight per minute; wall ms.
 * Imports   nothing.
 */
const MINUTE_MS = 60_000;

export class WeightBudget {
  readonly perMinute: number;
  readonly reserve: number;
  #minute = -1;
  #used = 0;
  #blockedUntilMs = 0;

  constructor(perMinute: number, reserve: number) {
    this.perMinute = perMinute;
    this.reserve = reserve;
  }

  used(nowMs: number): number {
    this.#roll(nowMs);
    return this.#used;
  }

  /**
   * Ms to wait before asking again, 0 when the weight was spent. Vital requests use the reserve.
   */
  spend(weight: number, nowMs: number, isVital: boolean): number {
    this.#roll(nowMs);
    if (nowMs < this.#blockedUntilMs) return this.#blockedUntilMs - nowMs;
    const most = isVital ? this.perMinute : this.perMinute - this.reserve;
    if (this.#used + weight > most) return MINUTE_MS - (nowMs % MINUTE_MS);
    this.#used += weight;
    return 0;
  }

  /** The venue's own count for this minute. */
  report(used: number, nowMs: number): void {
    this.#roll(nowMs);
    if (Number.isFinite(used) && used > this.#used) this.#used = used;
  }

  /** 429 or 418: nothing more until then. */
  block(untilMs: number): void {
    if (untilMs > this.#blockedUntilMs) this.#blockedUntilMs = untilMs;
  }

  #roll(nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#used = 0;
  }
}
