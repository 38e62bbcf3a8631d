/**
 * activity-store: fills and alerts as they came, newest first, bounded.
 *
 * Alerts come twice on purpose: at once as events and, in full, with every status. Events carry
 * what a status has already dropped; the two lists are merged by time and code.
 *
 * Writer    link/event-router. Readers: the notice strip, the decisions panel.
 * Imports   contract, zustand.
 */
import { create } from 'zustand';
import type { FillEvent } from '../../engine/contract/events.ts';
import type { Alert } from '../../engine/contract/status.ts';

export const ALERTS_MAX = 50;
export const FILLS_MAX = 50;

interface ActivityState {
  readonly fills: readonly FillEvent[];
  readonly alerts: readonly Alert[];
}

export const useActivity = create<ActivityState>(() => ({ fills: [], alerts: [] }));

export function fillHappened(fill: FillEvent): void {
  useActivity.setState(({ fills }) => ({ fills: [fill, ...fills].slice(0, FILLS_MAX) }));
}

export function alertsRaised(fresh: readonly Alert[]): void {
  const { alerts } = useActivity.getState();
  const unknown = fresh.filter((alert) => !alerts.some((known) => isSame(known, alert)));
  if (unknown.length === 0) return;
  const merged = [...unknown, ...alerts].toSorted((a, b) => b.atMs - a.atMs);
  useActivity.setState({ alerts: merged.slice(0, ALERTS_MAX) });
}

export function activityForgotten(): void {
  useActivity.setState({ fills: [], alerts: [] });
}

function isSame(a: Alert, b: Alert): boolean {
  return a.atMs === b.atMs && a.code === b.code && a.text === b.text;
}
