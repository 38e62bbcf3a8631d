/**
 * session-marks: what a session leaves on disk for the next start: the marker that orders may
 * exist, the latch of HALTED, and the day's result.
 *
 * The marker is written before anything is armed and goes only when nothing is open and nobody is
 * arming. A disk that refuses is said in an alert; it stops arming, never what halts or cancels.
 *
 * Writer    host thread. Replays leave nothing.
 * Imports   base, core, domain, journal, runtime.
 */
import { messageOf } from '../base/errors.ts';
import { EngineHead } from '../core/published.ts';
import { Mode } from '../domain/modes.ts';
import { DayPnlFile, utcDay } from '../journal/day-pnl.ts';
import type { DayPnl } from '../journal/day-pnl.ts';
import { exposureLatch, haltLatch } from '../journal/latch-file.ts';
import type { Session } from '../journal/session.ts';
import type { Alerts } from './alerts.ts';

export interface SessionMarksParts {
  readonly folder: string;
  readonly mode: Mode;
  readonly session: Session;
  readonly alerts: Alerts;
  /** The day's result before this session. */
  readonly dayPnl: DayPnl;
}

export class SessionMarks {
  readonly #parts: SessionMarksParts;
  readonly #exposure;
  readonly #halt;
  readonly #dayFile: DayPnlFile;
  #savedDay = '';
  #arming = 0;
  /** The marker on disk names this session. */
  isOurs = false;
  /** A marker lies on disk, of this session or of one before it. */
  isExposed: boolean;

  constructor(parts: SessionMarksParts) {
    this.#parts = parts;
    this.#exposure = exposureLatch(parts.folder);
    this.#halt = haltLatch(parts.folder);
    this.#dayFile = new DayPnlFile(parts.folder);
    this.isExposed = this.#exposure.read() !== null;
  }

  /** While `work` arms, the marker stays though nothing is armed yet. */
  async arming<T>(work: () => Promise<T>): Promise<T> {
    this.#arming++;
    try {
      if (!this.isOurs) this.expose();
      return await work();
    } finally {
      this.#arming--;
    }
  }

  /** Orders and positions of this session may exist from now on. Synced when this returns. */
  expose(): void {
    const { mode, session } = this.#parts;
    if (mode === Mode.Replay) return;
    this.#exposure.set({
      session: session.id,
      orderPrefix: session.orderPrefix,
      mode,
      atWallMs: Date.now(),
      processId: process.pid,
    });
    this.isExposed = true;
    this.isOurs = true;
  }

  /** Nothing is open: the marker goes, unless somebody is arming. */
  forget(): void {
    if (!this.isExposed || this.#arming > 0) return;
    try {
      this.#exposure.clear();
      this.isExposed = false;
      this.isOurs = false;
    } catch (error) {
      const text = `the next start is HALTED: ${messageOf(error)}`;
      this.#parts.alerts.once('warn', 'marker-not-cleared', text);
    }
  }

  /** HALTED survives a restart. */
  halt(reason: string): void {
    const { mode, session, alerts } = this.#parts;
    if (mode === Mode.Replay) return;
    try {
      this.#halt.set({ session: session.id, reason, atWallMs: Date.now() });
    } catch (error) {
      alerts.add('danger', 'halt-not-saved', `HALTED is not on disk: ${messageOf(error)}`);
    }
  }

  clearHalt(): void {
    try {
      this.#halt.clear();
    } catch (error) {
      const text = `the next start is HALTED: ${messageOf(error)}`;
      this.#parts.alerts.add('warn', 'halt-not-cleared', text);
    }
  }

  /** The day's result from a copy of the engine view; `isLast` writes even what is known. */
  saveDay(head: Float64Array, isLast: boolean): void {
    const { mode, dayPnl, alerts } = this.#parts;
    if (mode === Mode.Replay || head[EngineHead.Turns] === 0) return;
    const day = utcDay(Date.now());
    const before = day === dayPnl.day ? dayPnl.fills : 0;
    const pnl = {
      day,
      realisedE8: Math.round(head[EngineHead.RealisedE8]!),
      feesE8: Math.round(head[EngineHead.FeesE8]!),
      fills: head[EngineHead.Fills]! + before,
    };
    const text = JSON.stringify(pnl);
    if (text === this.#savedDay && !isLast) return;
    try {
      this.#dayFile.save(pnl);
      this.#savedDay = text;
    } catch (error) {
      alerts.once('warn', 'day-pnl', `the day's result is not saved: ${messageOf(error)}`);
    }
  }
}
