/**
 * kill-desk: KILL, the watchdog's answer to a thread that does not obey, and the orderly end.
 *
 * KILL      raises the bit that the trading thread reads first in every turn; it blocks, cancels
 *           and latches HALTED. The host then looks with the venue until nothing rests. Blocked,
 *           cancelled and verified are reported apart, with what is left.
 * Take-over when KILL stays unanswered or the thread stops beating: the fence goes up first of all
 *           (no placement passes it), HALTED is latched on disk, the cancel-only session works,
 *           and the hung thread is ended.
 *
 * Writer    host thread. Imports base, contract, core, domain, execution, memory, runtime.
 */
import { messageOf } from '../base/errors.ts';
import type { KillReport } from '../contract/status.ts';
import { CommandCode } from '../core/command-codes.ts';
import { TradingState } from '../domain/modes.ts';
import type { CancelReport } from '../execution/venues/binance-usdm/cancel-only.ts';
import { CommandBit } from '../memory/shared-words.ts';
import type { EngineHost } from './engine-host.ts';
import { KILL_ACK_MS } from './watchdog.ts';

const ACK_POLL_MS = 5;
const FLAT_WITHIN_MS = 15_000;
const TAPE_WITHIN_MS = 1_000;
const FLAT_POLL_MS = 50;
const GUARD = 'nothing below is live and positions are unguarded: start the engine again';

export class KillDesk {
  readonly #engine: EngineHost;
  report: KillReport | null = null;
  /** The trading thread is gone or was ended: only a restart trades again. */
  isThreadDead = false;
  #takingOver: Promise<void> | null = null;
  #isKilling: Promise<KillReport> | null = null;
  /** Counts looks with the venue: an older one that ends late says nothing any more. */
  #looks = 0;

  constructor(engine: EngineHost) {
    this.#engine = engine;
  }

  /**
   * Block, cancel, verify. Asked again while one is under way it waits for the same answer, unless
   * RESUME has let go of that one meanwhile: then it is another KILL.
   */
  kill(): Promise<KillReport> {
    const stands = (this.#engine.views.words.bits() & CommandBit.Kill) !== 0;
    if (this.#isKilling !== null && stands) return this.#isKilling;
    const killing = this.#kill().finally(() => {
      if (this.#isKilling === killing) this.#isKilling = null;
    });
    this.#isKilling = killing;
    return killing;
  }

  async #kill(): Promise<KillReport> {
    const engine = this.#engine;
    const { words } = engine.views;
    // The bit before anything that may be slow or fail.
    words.raise(CommandBit.Kill);
    if (!this.isThreadDead) engine.watchdog.killRaised(performance.now());
    engine.latchHalt('HALTED: KILL');
    engine.alerts.add('danger', 'kill', 'KILL: blocked; cancelling everything');
    if (this.isThreadDead) return this.#verify('watchdog', true, 'the trading thread is gone');
    const isAnswered = await this.#acknowledged();
    if (!isAnswered) await this.takeOver('kill-unanswered');
    if (this.isThreadDead) return this.report!;
    engine.watchdog.killAnswered();
    return this.#verify('trading-thread', true, '');
  }

  async #acknowledged(): Promise<boolean> {
    const { words } = this.#engine.views;
    const until = performance.now() + KILL_ACK_MS;
    while (performance.now() < until) {
      if (words.killAcknowledged()) return true;
      await pause(ACK_POLL_MS);
    }
    return words.killAcknowledged();
  }

  /** The trading thread does not obey or does not beat: the host does it without it. */
  takeOver(why: 'stalled' | 'kill-unanswered'): Promise<void> {
    if (this.isThreadDead && this.#takingOver === null) return Promise.resolve();
    this.#takingOver ??= this.#takeOver(why);
    return this.#takingOver;
  }

  async #takeOver(why: 'stalled' | 'kill-unanswered'): Promise<void> {
    const engine = this.#engine;
    engine.views.words.raise(CommandBit.Fence | CommandBit.Kill);
    const text =
      why === 'stalled'
        ? 'the trading thread has stopped beating'
        : 'the trading thread did not answer KILL';
    engine.latchHalt(`HALTED: ${text}`);
    engine.alerts.add('danger', 'watchdog', `${text}: fence up, cancelling by a way of its own`);
    this.#lost();
    await this.#verify('watchdog', true, `${text}; ${GUARD}`);
    await engine.thread.end();
    engine.alerts.add('danger', 'watchdog', 'the hung thread was ended; start the engine again');
  }

  /** It ended by itself (a failed assertion, out of memory): nothing may rest unattended. */
  async threadDied(reason: string): Promise<void> {
    if (this.isThreadDead) return;
    this.#lost();
    const engine = this.#engine;
    engine.views.words.raise(CommandBit.Fence | CommandBit.Kill);
    engine.latchHalt(`HALTED: the trading thread died: ${reason}`);
    engine.alerts.add('danger', 'thread-died', engine.stateReason);
    await this.#verify('watchdog', true, `${reason}; ${GUARD}`);
  }

  #lost(): void {
    this.isThreadDead = true;
    this.#engine.views.isThreadLost = true;
  }

  async #verify(by: KillReport['by'], isBlocked: boolean, detail: string): Promise<KillReport> {
    const look = ++this.#looks;
    this.#show({ by, blocked: isBlocked, cancelled: false, verified: false, residual: 0, detail });
    const result = await this.#engine.start.venue.cancelEverything(isBlocked);
    if (this.isThreadDead) {
      this.#engine.views.isBare = result.verified && result.residual.length === 0;
    }
    if (look !== this.#looks) return this.report!;
    const words = [detail, ...result.errors, ...result.residual.map(residualText)];
    return this.#show({
      by,
      blocked: result.blocked,
      cancelled: result.cancelled,
      verified: result.verified,
      residual: result.residual.length,
      detail: words.filter((word) => word !== '').join('; '),
    });
  }

  #show(parts: {
    readonly by: KillReport['by'];
    readonly blocked: boolean;
    readonly cancelled: boolean;
    readonly verified: boolean;
    readonly residual: number;
    readonly detail: string;
  }): KillReport {
    const { residual, ...rest } = parts;
    this.report = { atMs: Date.now(), residualOrders: residual, ...rest };
    this.#engine.statusNow();
    return this.report;
  }

  /** What a restart after a crash found resting, and what became of it. */
  reportLeftovers(result: CancelReport): void {
    const left = result.residual.length;
    const text = result.verified
      ? 'orders of the session before were cancelled; the venue shows none'
      : `orders of the session before: ${left} could not be cancelled`;
    this.#engine.alerts.add(result.verified ? 'warn' : 'danger', 'leftovers', text);
  }

  /** The marker of a crash may go only when no take-over is under way. */
  mayForget(): boolean {
    return this.#takingOver === null && !this.isThreadDead && this.#isKilling === null;
  }

  /** The orderly end: one line for everything that is left. */
  async wind(flatten: boolean): Promise<readonly string[]> {
    const engine = this.#engine;
    if (!this.isThreadDead) {
      await engine.relay.send({ code: CommandCode.Disarm });
      await engine.relay.send({ code: CommandCode.UnlockLadder, values: [0] });
      if (flatten) await engine.relay.send({ code: CommandCode.Flatten });
      if (flatten) await this.#untilFlat();
    }
    engine.views.refresh();
    const isIdle = engine.isFlat() && engine.state === TradingState.Disarmed;
    if (isIdle && !this.isThreadDead) return [];
    const result = await engine.start.venue.cancelEverything(false);
    const left = result.residual.map(residualText);
    if (!result.verified) left.push('the venue could not be asked whether orders are left');
    return [...left, ...(await this.#positionsLeft())];
  }

  async #positionsLeft(): Promise<string[]> {
    try {
      const positions = await this.#engine.start.venue.positions();
      return positions.map(
        (each) => `position ${each.symbol} ${each.amount} at ${each.entryPrice}`,
      );
    } catch (error) {
      return [`the venue could not be asked for positions: ${messageOf(error)}`];
    }
  }

  async #untilFlat(): Promise<void> {
    const engine = this.#engine;
    // A tape that has ended gives no price to close at: only its cancels are waited for.
    const isTape = engine.options.replay !== null;
    const until = performance.now() + (isTape ? TAPE_WITHIN_MS : FLAT_WITHIN_MS);
    while (performance.now() < until) {
      engine.views.refresh();
      if (engine.isFlat()) return;
      await pause(FLAT_POLL_MS);
    }
  }
}

function residualText(order: CancelReport['residual'][number]): string {
  const { symbol, clientOrderId, side, quantity, price } = order;
  return `order ${clientOrderId}: ${side} ${quantity} ${symbol} at ${price}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
