/**
 * trading-job: what the trading thread is given at start, and the few messages beside shared
 * memory.
 *
 * Hot information goes through rings and views; these messages are rare: a snapshot is wanted, a
 * socket changed, a person's list of watched ladders.
 * Imports   core, execution, memory (types).
 */
import type { UsdmEndpoints } from '../execution/venues/binance-usdm/endpoints.ts';
import type { MemoryPlan } from '../memory/memory-plan.ts';
import type { PipelineOptions } from './pipeline-options.ts';
import type { TapeState } from './tape-control.ts';

export interface TradingJob {
  readonly options: PipelineOptions;
  readonly memory: { readonly buffer: SharedArrayBuffer; readonly plan: MemoryPlan };
  readonly endpoints: UsdmEndpoints;
  /** Base of the market streams, e.g. wss://fstream.binance.com */
  readonly marketStream: string;
  readonly depthSpeed: '100ms' | '250ms' | '500ms';
  readonly apiKey: string;
  readonly privateKeyPem: string;
  /** Venue's clock minus ours, ms. */
  readonly clockOffsetMs: number;
  /** SIM: only this machine, and the fault message that hangs this thread is obeyed. */
  readonly isLoopbackOnly: boolean;
  /** REPLAY: file of the tape; null for a venue. */
  readonly tape: string | null;
  /** REPLAY: how many times as fast as the wall clock; 0 as fast as it goes. */
  readonly speed: number;
  /** Seed of the jitter of reconnects. */
  readonly jitterSeed: number;
}

/** Trading thread → host. */
export type TradingMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'snapshotWanted'; readonly instrument: number }
  | {
      readonly kind: 'notice';
      readonly level: 'info' | 'warn' | 'danger';
      readonly code: string;
      readonly text: string;
    }
  | {
      readonly kind: 'sockets';
      readonly market: SocketState;
      readonly orders: SocketState;
      readonly user: SocketState;
    }
  /** `isClosed`: a seek backward has closed this run and waits for another session. */
  | { readonly kind: 'replay'; readonly report: TapeReport; readonly isClosed: boolean }
  | { readonly kind: 'tapeEnded' }
  | { readonly kind: 'stopped' };

export type SocketState = 'up' | 'down' | 'connecting';

/** Host → trading thread. */
export type HostMessage =
  | { readonly kind: 'watch'; readonly instruments: readonly number[] }
  | { readonly kind: 'clockOffset'; readonly ms: number }
  | { readonly kind: 'snapshotFailed'; readonly instrument: number }
  | { readonly kind: 'replay'; readonly order: ReplayOrder }
  /**
   * The session that a `rewind` asked for; its journal is open. Commands numbered below
   * `firstCommand` were meant for the session before and are not obeyed.
   */
  | { readonly kind: 'fresh'; readonly options: PipelineOptions; readonly firstCommand: number }
  | { readonly kind: 'stop' };

/** What a person may ask of a tape; `settle` is the host's: play on until orders are answered. */
export type ReplayOrder =
  | { readonly action: 'play' | 'pause' | 'settle' | 'message' | 'decision' | 'fill' }
  /** Times real time; 0 as fast as it goes. */
  | { readonly action: 'speed'; readonly value: number }
  /** Tape ns. */
  | { readonly action: 'seek'; readonly value: number };

export interface TapeReport {
  readonly state: TapeState;
  readonly speed: number;
  readonly nowNs: number;
  readonly startNs: number;
  readonly endNs: number;
  /** Where a seek goes; null while none is under way. */
  readonly toNs: number | null;
}

/** Regions beyond memory/memory-plan's own. */
export const HOST_RING = 'host-events.0';
export const HOST_RING_SLOTS = 8192;
export const JOURNAL_STATUS = 'journal-status.0';
