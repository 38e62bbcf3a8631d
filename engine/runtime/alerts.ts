/**
 * alerts: what a person should be told, newest first, a bounded list.
 *
 * Writer    host thread. Imports contract.
 */
import type { Alert } from '../contract/status.ts';

const KEPT = 50;
/** The same code and text again within this is not repeated. */
const REPEAT_MS = 10_000;

export class Alerts {
  readonly #list: Alert[] = [];
  readonly #once = new Set<string>();
  readonly #tell: (alert: Alert) => void;

  constructor(tell: (alert: Alert) => void) {
    this.#tell = tell;
  }

  add(level: Alert['level'], code: string, text: string): void {
    const atMs = Date.now();
    const same = this.#list.find((alert) => alert.code === code && alert.text === text);
    if (same !== undefined && atMs - same.atMs < REPEAT_MS) return;
    const alert: Alert = { atMs, level, code, text };
    this.#list.unshift(alert);
    this.#list.length = Math.min(this.#list.length, KEPT);
    this.#tell(alert);
  }

  /** Told at most once in the life of this engine. */
  once(level: Alert['level'], code: string, text: string): void {
    if (this.#once.has(code)) return;
    this.#once.add(code);
    this.add(level, code, text);
  }

  list(): readonly Alert[] {
    return this.#list;
  }
}
