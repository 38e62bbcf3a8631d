/**
 * watchdog: is the trading thread alive, and has it obeyed KILL? Pure: time comes as an argument.
 *
 * The thread counts a beat on its 10 ms timer. A beat that stands still for STALL_MS, or a KILL not
 * acknowledged within KILL_ACK_MS, makes the host act by itself: fence up, HALTED, cancel-only.
 *
 * Imports   nothing.
 */
export const KILL_ACK_MS = 250;
/** Longer than any pause seen of a healthy thread (garbage collection, a busy machine). */
export const STALL_MS = 2000;
/** When our own looks come this late, the machine slept or was starved: judge afresh. */
export const OWN_PAUSE_MS = 500;

export type WatchdogVerdict = 'fine' | 'stalled' | 'kill-unanswered';

export class Watchdog {
  #beat = -1;
  #beatAtMs = 0;
  #killAtMs = -1;
  #lookedAtMs = 0;

  /** KILL was raised now. */
  killRaised(nowMs: number): void {
    if (this.#killAtMs < 0) this.#killAtMs = nowMs;
  }

  killAnswered(): void {
    this.#killAtMs = -1;
  }

  /** Forgets the past: a fresh thread, or a machine that slept. */
  reset(nowMs: number): void {
    this.#beat = -1;
    this.#beatAtMs = nowMs;
    this.#lookedAtMs = nowMs;
    this.#killAtMs = -1;
  }

  look(nowMs: number, beat: number, isKillAcknowledged: boolean): WatchdogVerdict {
    const ownPauseMs = nowMs - this.#lookedAtMs;
    this.#lookedAtMs = nowMs;
    if (ownPauseMs > OWN_PAUSE_MS) this.#beatAtMs += ownPauseMs;
    if (beat !== this.#beat) {
      this.#beat = beat;
      this.#beatAtMs = nowMs;
    }
    if (isKillAcknowledged) this.#killAtMs = -1;
    if (this.#killAtMs >= 0 && nowMs - this.#killAtMs > KILL_ACK_MS) return 'kill-unanswered';
    return nowMs - this.#beatAtMs > STALL_MS ? 'stalled' : 'fine';
  }

  /** True while the loop's beat advances: only then is the venue's switch renewed. */
  isBeating(nowMs: number): boolean {
    return this.#beat >= 0 && nowMs - this.#beatAtMs <= STALL_MS;
  }
}
