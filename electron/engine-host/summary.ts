/**
 * summary: the engine's state in the few figures that the main process needs, told when they
 * change and a few times a second at most.
 *
 * Imports   contract, protocol.
 */
import type { EngineStatus } from '../../engine/contract/status.ts';
import type { EngineSummary } from '../protocol/engine-messages.ts';

export function summaryOf(status: EngineStatus, terminals: number): EngineSummary {
  return {
    mode: status.mode,
    state: status.state,
    stateReason: status.stateReason,
    armed: status.strategies.filter(({ state }) => state === 'ARMED').length,
    openOrders: status.orders.length,
    positions: status.instruments.filter(({ positionLots }) => positionLots !== 0).length,
    scalps: status.scalps.length,
    unprotected: status.scalps.filter(({ unprotected }) => unprotected).length,
    dayPnl: status.pnl.day,
    currency: status.pnl.currency,
    terminals,
  };
}

/** Hands a summary on when it differs from the one before. */
export class SummaryTeller {
  readonly #tell: (summary: EngineSummary) => void;
  #last = '';

  constructor(tell: (summary: EngineSummary) => void) {
    this.#tell = tell;
  }

  look(summary: EngineSummary): void {
    const text = JSON.stringify(summary);
    if (text === this.#last) return;
    this.#last = text;
    this.#tell(summary);
  }
}
