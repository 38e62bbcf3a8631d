/**
 * decisions-store: the newest decisions of this session, newest first, bounded.
 *
 * Writer    link/event-router. Readers: the decisions and signals panels.
 * Imports   contract, zustand.
 */
import { create } from 'zustand';
import type { DecisionEvent } from '../../engine/contract/events.ts';

export const DECISIONS_MAX = 200;

let kept = DECISIONS_MAX;

/** How many are kept from now on. */
export function keepDecisions(count: number): void {
  kept = count;
}

interface DecisionsState {
  readonly decisions: readonly DecisionEvent[];
  /** How many have come since the window connected. */
  readonly total: number;
}

export const useDecisions = create<DecisionsState>(() => ({ decisions: [], total: 0 }));

/** Takes in what came since the last call, oldest first. */
export function decisionsMade(fresh: readonly DecisionEvent[]): void {
  useDecisions.setState(({ decisions, total }) => ({
    decisions: [...fresh.toReversed(), ...decisions].slice(0, kept),
    total: total + fresh.length,
  }));
}

export function decisionsForgotten(): void {
  useDecisions.setState({ decisions: [], total: 0 });
}
