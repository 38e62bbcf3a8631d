/**
 * status-store: the engine's state as it last told it, and nothing derived from a wish.
 *
 * Null until the first status of a session. After the link is lost the last status stays readable,
 * greyed under the curtain; it is replaced whole by the first status after the reconnect.
 *
 * Writer    link/event-router. Readers: app, panels.
 * Imports   contract, zustand.
 */
import { create } from 'zustand';
import type { EngineStatus, InstrumentStatus } from '../../engine/contract/status.ts';
import { share } from './share.ts';

interface StatusState {
  readonly status: EngineStatus | null;
}

export const useStatusStore = create<StatusState>(() => ({ status: null }));

export function statusChanged(status: EngineStatus): void {
  useStatusStore.setState((state) => ({ status: share(state.status, status) }));
}

export function statusForgotten(): void {
  useStatusStore.setState({ status: null });
}

/** Part of the status; null while there is none. Renders again only when that part changes. */
export function useStatus<T>(select: (status: EngineStatus) => T): T | null {
  return useStatusStore(({ status }) => (status === null ? null : select(status)));
}

const NO_INSTRUMENTS: readonly InstrumentStatus[] = [];

export function currentStatus(): EngineStatus | null {
  return useStatusStore.getState().status;
}

export function currentInstruments(): readonly InstrumentStatus[] {
  return currentStatus()?.instruments ?? NO_INSTRUMENTS;
}

export function currentInstrument(symbol: string): InstrumentStatus | null {
  return currentInstruments().find((instrument) => instrument.symbol === symbol) ?? null;
}
