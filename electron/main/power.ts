/**
 * power: sleep, lock and shutdown. A machine that sleeps guards nothing: everything is disarmed
 * before it does, and the person is told when it is back. While something is armed or open the
 * machine is asked not to sleep by itself.
 *
 * Imports   contract, protocol.
 */
import type { DesktopSettings } from '../../engine/contract/bridge.ts';
import type { EngineSummary } from '../protocol/engine-messages.ts';

/** True while sleeping would leave something unguarded. */
export function mustStayAwake(
  power: DesktopSettings['power'],
  summary: EngineSummary | null,
): boolean {
  if (!power.stayAwakeWhileArmed || summary === null) return false;
  return summary.armed > 0 || summary.positions > 0 || summary.openOrders > 0;
}

/** What is said when the machine is back. */
export function wakeText(sleptMs: number): string {
  const seconds = Math.max(1, Math.round(sleptMs / 1000));
  const span = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return (
    `the machine slept for ${span}: the engine was told to disarm before and again now; books ` +
    'and orders are being checked with the venue, look before you arm'
  );
}

/** The parts of Electron's powerMonitor and powerSaveBlocker that are used. */
export interface PowerEvents {
  on(
    event: 'suspend' | 'resume' | 'lock-screen' | 'shutdown',
    listener: (event?: { preventDefault?: () => void }) => void,
  ): unknown;
}
export interface SleepBlocker {
  start(kind: 'prevent-app-suspension'): number;
  stop(id: number): unknown;
}

export interface PowerSurroundings {
  readonly blocker: SleepBlocker;
  readonly power: () => DesktopSettings['power'];
  readonly disarm: (reason: string) => void;
  readonly say: (level: 'info' | 'warn', text: string) => void;
  readonly endNow: () => void;
  readonly nowMs: () => number;
}

export class PowerDesk {
  readonly #around: PowerSurroundings;
  #sleptAtMs: number | null = null;
  /** Number of our blocker while there is one. */
  #blocker: number | null = null;

  constructor(around: PowerSurroundings) {
    this.#around = around;
  }

  listen(powerMonitor: PowerEvents): void {
    powerMonitor.on('suspend', () => this.slept());
    powerMonitor.on('resume', () => this.woke());
    powerMonitor.on('lock-screen', () => this.locked());
    powerMonitor.on('shutdown', (event) => {
      // Asks the system to wait for the orderly end, where it can be asked.
      event?.preventDefault?.();
      this.#around.endNow();
    });
  }

  slept(): void {
    this.#sleptAtMs = this.#around.nowMs();
    this.#around.disarm('the machine goes to sleep');
  }

  woke(): void {
    const sinceMs = this.#around.nowMs() - (this.#sleptAtMs ?? this.#around.nowMs());
    this.#sleptAtMs = null;
    // Once more: what was armed in between by a late message must not stay so.
    this.#around.disarm('the machine has slept');
    this.#around.say('warn', wakeText(sinceMs));
  }

  locked(): void {
    if (!this.#around.power().disarmOnLock) return;
    this.#around.disarm('the screen was locked');
    this.#around.say('info', 'the screen was locked: the engine was told to disarm');
  }

  summaryChanged(summary: EngineSummary | null): void {
    const must = mustStayAwake(this.#around.power(), summary);
    if (must && this.#blocker === null) {
      this.#blocker = this.#around.blocker.start('prevent-app-suspension');
    } else if (!must && this.#blocker !== null) {
      this.#around.blocker.stop(this.#blocker);
      this.#blocker = null;
    }
  }
}
