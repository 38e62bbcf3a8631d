/**
 * sample-summary: a summary of an engine that is disarmed and holds nothing.
 *
 * Imports   electron/protocol.
 */
import type { EngineSummary } from '../../../electron/protocol/engine-messages.ts';

export function sampleSummary(change: Partial<EngineSummary> = {}): EngineSummary {
  return {
    mode: 'sim',
    state: 'DISARMED',
    stateReason: '',
    armed: 0,
    openOrders: 0,
    positions: 0,
    scalps: 0,
    unprotected: 0,
    dayPnl: '0.00',
    currency: 'USDT',
    terminals: 1,
    ...change,
  };
}
