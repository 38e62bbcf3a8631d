/**
 * engine-commands: what a terminal or a command line asks, checked, done, and answered once.
 *
 * Arming needs the lease, a journal that writes, a marker on disk and the venue's dead-man's
 * switch, in that order; only then does the trading thread hear of it. Disarm and kill are never
 * refused.
 *
 * Writer    host thread. Imports contract, core, domain, runtime.
 */
import { isByHand, isRestricting } from '../contract/commands.ts';
import type { Ack, Command, HandCommand, StrategyName } from '../contract/commands.ts';
import { CommandCode, STRATEGY_MARKET_MAKING, STRATEGY_SCALPER } from '../core/command-codes.ts';
import { TradingState } from '../domain/modes.ts';
import { CommandBit } from '../memory/shared-words.ts';
import { REDUCING_WAIT_MS } from './engine-options.ts';
import type { EngineHost } from './engine-host.ts';
import { exposing, exposingBar } from './exposing.ts';
import type { RelayedCommand } from './command-relay.ts';
import { HandOrders } from './hand-orders.ts';
import { applied, refused, relayed, type Outcome } from './outcome.ts';
import type { ReplayCommand } from './replay-desk.ts';
import { verdictName } from './status-builder.ts';

export const RESUME_WORD = 'RESUME';

export class EngineCommands {
  readonly #engine: EngineHost;
  readonly #hand: HandOrders;

  constructor(engine: EngineHost) {
    this.#engine = engine;
    this.#hand = new HandOrders(engine);
  }

  async execute(command: Command, holdsLease: boolean): Promise<Ack> {
    const reason = await this.#run(command, holdsLease);
    return {
      id: command.id,
      kind: command.kind,
      outcome: reason.isRefused ? 'refused' : 'applied',
      reason: reason.text,
    };
  }

  #run(command: Command, holdsLease: boolean): Promise<Outcome> {
    if (this.#engine.replay?.isRewinding === true && !isRestricting(command)) {
      return Promise.resolve(refused(exposingBar(this.#engine)!));
    }
    if (isByHand(command)) return this.#byHand(command, holdsLease);
    switch (command.kind) {
      case 'arm':
        return this.#arm(command.strategy, command.symbol, holdsLease);
      case 'disarm':
        return this.#disarm(command.strategy, command.symbol);
      case 'kill':
        return this.#kill();
      case 'flatten':
        return this.#flatten(command.symbol, holdsLease);
      case 'closeScalp':
        return this.#closeScalp(command.scalpId, holdsLease);
      case 'resume':
        return this.#resume(command.typed, holdsLease);
      case 'replay':
        return Promise.resolve(this.#replay(command, holdsLease));
      case 'watch':
        return Promise.resolve(refused('watch belongs to a terminal'));
    }
  }

  /** Locking is never refused; everything else by hand needs the lease. */
  #byHand(command: HandCommand, holdsLease: boolean): Promise<Outcome> {
    const isLocking = command.kind === 'unlockLadder' && !command.unlocked;
    if (!holdsLease && !isLocking) return Promise.resolve(refused(this.#leaseText()));
    if (command.kind === 'cancelOrder') return this.#hand.cancel(command.clientId);
    const instrument = this.#instrument(command.symbol);
    if (instrument === null) {
      return Promise.resolve(refused(`unknown instrument ${command.symbol}`));
    }
    switch (command.kind) {
      case 'unlockLadder':
        return this.#hand.unlock(instrument, command.unlocked);
      case 'placeOrder':
        return this.#hand.place(command, instrument);
      case 'cancelOrders':
        return this.#hand.cancelAll(command, instrument);
    }
  }

  async #arm(
    strategy: StrategyName | null,
    symbol: string | null,
    holdsLease: boolean,
  ): Promise<Outcome> {
    const engine = this.#engine;
    if (!holdsLease) return refused(this.#leaseText());
    const instrument = this.#instrument(symbol);
    if (instrument === null) return refused(`unknown instrument ${symbol}`);
    const scope = { strategy: strategyNumber(strategy), instrument };
    return exposing(engine, () => this.#armCovered(scope));
  }

  /** Marker and switch are set: now the trading thread. */
  async #armCovered(scope: { strategy: number; instrument: number }): Promise<Outcome> {
    const engine = this.#engine;
    const answer = await engine.relay.send({ code: CommandCode.Arm, ...scope });
    if (!answer.answered) {
      // What was not answered in time may still be applied: not without its disarm behind it.
      void engine.relay.send({ code: CommandCode.Disarm, ...scope });
      return refused('the trading thread did not answer; look at the status');
    }
    return answer.refused ? refused(verdictName(answer.verdict)) : applied('');
  }

  /** Whatever the scope: at worst everything is disarmed, never nothing. */
  async #disarm(strategy: StrategyName | null, symbol: string | null): Promise<Outcome> {
    const instrument = this.#instrument(symbol) ?? -1;
    const command = { code: CommandCode.Disarm, strategy: strategyNumber(strategy), instrument };
    const outcome = await this.#relay(command);
    if (!outcome.isRefused) return outcome;
    // The thread did not answer: the bit that it reads first in every turn cannot be overlooked.
    this.#engine.views.words.raise(CommandBit.LeaseLost);
    return applied('the trading thread did not answer; entries are blocked');
  }

  async #kill(): Promise<Outcome> {
    const report = await this.#engine.kill.kill();
    const text =
      `blocked ${yesNo(report.blocked)}, cancelled ${yesNo(report.cancelled)}, ` +
      `verified ${yesNo(report.verified)}, ${report.residualOrders} orders left`;
    return applied(text);
  }

  async #flatten(symbol: string | null, holdsLease: boolean): Promise<Outcome> {
    if (!holdsLease) return refused(this.#leaseText());
    const instrument = this.#instrument(symbol);
    if (instrument === null) return refused(`unknown instrument ${symbol}`);
    return this.#relay({ code: CommandCode.Flatten, instrument });
  }

  #closeScalp(id: number, holdsLease: boolean): Promise<Outcome> {
    if (!holdsLease) return Promise.resolve(refused(this.#leaseText()));
    return this.#relay({ code: CommandCode.CloseScalp, values: [id] });
  }

  async #resume(typed: string, holdsLease: boolean): Promise<Outcome> {
    const engine = this.#engine;
    if (!holdsLease) return refused(this.#leaseText());
    if (typed !== RESUME_WORD) return refused(`type ${RESUME_WORD} to go on`);
    const bar = exposingBar(engine);
    if (bar !== null) return refused(bar);
    const waitedMs = Date.now() - engine.restrictedAtMs;
    if (engine.state === TradingState.Reducing && waitedMs < REDUCING_WAIT_MS) {
      const left = Math.ceil((REDUCING_WAIT_MS - waitedMs) / 1000);
      return refused(`REDUCING may be left in ${left} s`);
    }
    const { words } = engine.views;
    const kills = words.killRequest();
    const outcome = await this.#relay({ code: CommandCode.Resume });
    if (outcome.isRefused) return outcome;
    // A KILL of this moment is not undone by the answer to what was asked before it.
    if (words.killRequest() !== kills) return refused('KILL was pressed meanwhile');
    words.lower(CommandBit.Kill | CommandBit.Fence);
    engine.clearHalt();
    return outcome;
  }

  #replay(command: ReplayCommand, holdsLease: boolean): Outcome {
    const engine = this.#engine;
    if (engine.replay === null) return refused('there is no tape: start a replay with --tape FILE');
    if (!holdsLease) return refused(this.#leaseText());
    if (engine.kill.isThreadDead)
      return refused('the trading thread is gone; start the engine again');
    return engine.replay.command(command);
  }

  #relay(command: RelayedCommand): Promise<Outcome> {
    return relayed(this.#engine, command);
  }

  /** Index of a symbol; −1 for all; null for one that is not ours. */
  #instrument(symbol: string | null): number | null {
    if (symbol === null) return -1;
    const index = this.#engine.indexOf(symbol);
    return index < 0 ? null : index;
  }

  #leaseText(): string {
    const holder = this.#engine.lease.holder;
    return holder === null
      ? 'take control first: nobody holds the lease'
      : `${holder} is in control; take control there first`;
  }
}

function strategyNumber(strategy: StrategyName | null): number {
  if (strategy === null) return -1;
  return strategy === 'scalper' ? STRATEGY_SCALPER : STRATEGY_MARKET_MAKING;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
