/**
 * samples: a status, decisions and frames for renderer tests, from the fake books.
 *
 * Imports   engine contract, test support.
 */
import type { DecisionEvent } from '../../../engine/contract/events.ts';
import type { EngineStatus, ScalpStatus } from '../../../engine/contract/status.ts';
import { fakeDecision } from '../../support/fake-decision.ts';
import { buildFrame, type FrameContent } from '../../support/fake-frame.ts';
import { FakeMarket } from '../../support/fake-market.ts';
import { armedKey, buildStatus, type FakeState } from '../../support/fake-status.ts';

export const NOW_MS = Date.UTC(2026, 10, 22, 14, 32, 7, 402);

export function sampleMarket(): FakeMarket {
  const market = new FakeMarket(7);
  for (let i = 0; i < 50; i++) market.step(i * 1e7);
  return market;
}

export function sampleState(change: Partial<FakeState> = {}): FakeState {
  return {
    session: 'fa1c0de5',
    mode: 'sim',
    state: 'DISARMED',
    stateReason: '',
    armed: new Set(),
    closed: new Set(),
    stale: new Set(),
    kill: null,
    alerts: [],
    isEmpty: false,
    startedAtMs: NOW_MS - 60_000,
    ...change,
  };
}

export interface StatusOptions {
  readonly mine?: boolean;
  readonly holder?: string | null;
  readonly armed?: readonly (readonly ['scalper' | 'market-making', string])[];
}

export function sampleStatus(
  change: Partial<FakeState> = {},
  options: StatusOptions = {},
): EngineStatus {
  const { mine = true, holder = 'terminal 1', armed = [] } = options;
  const state = sampleState(change);
  for (const [strategy, symbol] of armed) state.armed.add(armedKey(strategy, symbol));
  const lease = { held: holder !== null, holder, leftMs: 2600, mine };
  // Through JSON, as on the wire: what is equal is not the same object.
  return JSON.parse(
    JSON.stringify(buildStatus(state, sampleMarket().books, lease, NOW_MS)),
  ) as EngineStatus;
}

export function sampleScalp(change: Partial<ScalpStatus> = {}): ScalpStatus {
  const [scalp] = sampleStatus().scalps;
  if (scalp === undefined) throw new Error('the sample status has scalps');
  return { ...scalp, ...change };
}

export function sampleDecision(change: Partial<DecisionEvent> = {}): DecisionEvent {
  return { ...fakeDecision(sampleMarket(), 1), atMs: NOW_MS, nanos: 118_067, ...change };
}

export function sampleFrame(market: FakeMarket, change: Partial<FrameContent> = {}): ArrayBuffer {
  return buildFrame({
    books: market.books,
    watched: [0, 1],
    trades: [],
    nowNs: 1e9,
    wallMs: NOW_MS,
    sequence: 1,
    skipped: 0,
    messages: 100,
    stale: new Set(),
    ...change,
  });
}
