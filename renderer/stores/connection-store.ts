/**
 * connection-store: what stands between this window and its engine.
 *
 * Writer    link/event-router. Readers: app (curtain, header), panels (what may be pressed).
 * Times     milliseconds of the window's own clock (performance.now) unless named wall.
 *
 * Imports   zustand.
 */
import { create } from 'zustand';

/**
 * connecting    no connection has been made yet
 * greeting      connected, the engine's hello or first status is awaited
 * live          a status of this connection has come
 * lost          the connection broke; another try is due
 * unauthorised  the engine answers but does not know this window's token
 * mismatched    engine and window speak different contracts; nothing will be tried
 */
export type LinkPhase = 'connecting' | 'greeting' | 'live' | 'lost' | 'unauthorised' | 'mismatched';

export interface ConnectionState {
  readonly phase: LinkPhase;
  /** Why the phase is what it is, in one line; '' when there is nothing to say. */
  readonly reason: string;
  /** What the desktop shell says about the engine's process; '' while it runs, and in a browser. */
  readonly shell: string;
  readonly attempt: number;
  readonly retryAtMs: number;
  /** When the link was last alive, wall clock; null before the first time. */
  readonly lastAliveWallMs: number | null;
  /** The engine's name for this terminal, e.g. "terminal 2". */
  readonly terminal: string;
  readonly product: string;
  readonly version: string;
  readonly session: string;
}

export const CONNECTION_START: ConnectionState = {
  phase: 'connecting',
  reason: '',
  shell: '',
  attempt: 0,
  retryAtMs: 0,
  lastAliveWallMs: null,
  terminal: '',
  product: 'Tickdeck',
  version: '',
  session: '',
};

export const useConnection = create<ConnectionState>(() => CONNECTION_START);

export function connectionChanged(change: Partial<ConnectionState>): void {
  useConnection.setState(change);
}
