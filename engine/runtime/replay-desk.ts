/**
 * replay-desk: the host's side of a replay's controls: what a person asks, checked and handed to
 * the trading thread, and what the thread says, as the status shows it.
 *
 * A seek backward is a fresh session over the same tape: its own journal, disarmed, without
 * anything that was done before. The terminals stay; they are greeted anew, so that what they show
 * of the former session goes.
 *
 * Writer    host thread. Units: epoch ms outside, tape ns towards the thread.
 * Imports   contract, core, runtime.
 */
import { messageOf } from '../base/errors.ts';
import type { Command } from '../contract/commands.ts';
import type { ReplayStatus } from '../contract/status.ts';
import type { ReplayOrder, TapeReport } from '../core/trading-job.ts';
import { TradingState } from '../domain/modes.ts';
import type { StartState } from './engine-start.ts';

export type ReplayCommand = Extract<Command, { kind: 'replay' }>;

export interface ReplayHost {
  state(): number;
  /** Wall clock at tape time 0, epoch ms. */
  readonly anchorWallMs: number;
  tell(order: ReplayOrder): void;
  /** Ends the journal, opens another, and starts the run anew. */
  openFresh(): Promise<StartState>;
  /** Says why a replay cannot go on. */
  fail(text: string): void;
  notice(text: string): void;
}

export interface ReplayAnswer {
  readonly isRefused: boolean;
  readonly text: string;
}

const NS_PER_MS = 1e6;
const FRESH = 'a fresh session from the start of the tape, disarmed: nothing done before is in it';

export class ReplayDesk {
  readonly #host: ReplayHost;
  #report: TapeReport | null = null;
  #isRewinding = false;
  #rewinding: Promise<void> = Promise.resolve();

  constructor(host: ReplayHost) {
    this.#host = host;
  }

  /** Between two sessions: whatever is asked now would meet neither. */
  get isRewinding(): boolean {
    return this.#isRewinding;
  }

  status(): ReplayStatus | null {
    const report = this.#report;
    if (report === null) return null;
    const { state, speed, nowNs, startNs, endNs, toNs } = report;
    const wall = (ns: number): number => this.#host.anchorWallMs + ns / NS_PER_MS;
    const share = endNs > startNs ? (nowNs - startNs) / (endNs - startNs) : 1;
    return {
      state,
      speed,
      atMs: wall(nowNs),
      startMs: wall(startNs),
      endMs: wall(endNs),
      seekMs: toNs === null ? null : wall(toNs),
      share: Math.min(1, Math.max(0, share)),
    };
  }

  onReport(report: TapeReport, isClosed: boolean): void {
    this.#report = report;
    if (isClosed && !this.#isRewinding) this.#rewinding = this.#rewind();
  }

  command(command: ReplayCommand): ReplayAnswer {
    const report = this.#report;
    if (report === null) return refused('the tape is not open yet');
    if (this.#isRewinding) return refused('the replay is being put back; wait a moment');
    const hasEnded = report.state === 'ended';
    const isForward = command.action !== 'seek' && command.action !== 'speed';
    if (hasEnded && isForward && command.action !== 'pause') {
      return refused('the tape has ended; seek to an earlier time');
    }
    return command.action === 'seek' ? this.#seek(command.value, report) : this.#plain(command);
  }

  /** Paper orders are answered in tape time: it must go on until they are. */
  async settle(): Promise<void> {
    await this.#rewinding;
    this.#host.tell({ action: 'settle' });
  }

  #plain(command: Exclude<ReplayCommand, { action: 'seek' }>): ReplayAnswer {
    switch (command.action) {
      case 'speed':
        this.#host.tell({ action: 'speed', value: command.value });
        return applied(command.value === 0 ? 'as fast as it goes' : `${command.value}×`);
      case 'step':
        this.#host.tell({ action: 'message' });
        return applied('');
      case 'nextDecision':
        this.#host.tell({ action: 'decision' });
        return applied('');
      case 'nextFill':
        this.#host.tell({ action: 'fill' });
        return applied('');
      case 'play':
      case 'pause':
        this.#host.tell({ action: command.action });
        return applied('');
    }
  }

  #seek(atMs: number, report: TapeReport): ReplayAnswer {
    const atNs = (atMs - this.#host.anchorWallMs) * NS_PER_MS;
    if (atNs < report.startNs - NS_PER_MS || atNs > report.endNs + NS_PER_MS) {
      return refused('that time is not on the tape');
    }
    const isBack = atNs < report.nowNs;
    if (isBack && this.#host.state() === TradingState.Halted) {
      return refused('HALTED is left by typing RESUME, not by going back: resume first');
    }
    this.#host.tell({ action: 'seek', value: atNs });
    return applied(isBack ? FRESH : '');
  }

  /** The trading thread has closed its run. */
  async #rewind(): Promise<void> {
    this.#isRewinding = true;
    try {
      await this.#host.openFresh();
      this.#host.notice(`replay put back: ${FRESH}`);
    } catch (error) {
      this.#host.fail(`the replay could not be put back: ${messageOf(error)}; start it again`);
    } finally {
      this.#isRewinding = false;
    }
  }
}

function refused(text: string): ReplayAnswer {
  return { isRefused: true, text };
}

function applied(text: string): ReplayAnswer {
  return { isRefused: false, text };
}
