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
  /** How many were made in this session, by the number of the newest. */
  readonly total: number;
}

export const useDecisions = create<DecisionsState>(() => ({ decisions: [], total: 0 }));

/**
 * Takes in what came since the last call, live or from history: each once, in order of its number.
 */
export function decisionsMade(fresh: readonly DecisionEvent[]): void {
  useDecisions.setState(({ decisions, total }) => {
    const numbers = new Set(decisions.map(({ sequence }) => sequence));
    const unknown = fresh.filter(({ sequence }) => !numbers.has(sequence));
    if (unknown.length === 0) return {};
    const all = [...unknown, ...decisions].toSorted((a, b) => b.sequence - a.sequence);
    return { decisions: all.slice(0, kept), total: Math.max(total, all[0]!.sequence) };
  });
}

export function decisionsForgotten(): void {
  useDecisions.setState({ decisions: [], total: 0 });
}
