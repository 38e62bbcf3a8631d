/**
 * engine-options: what an engine is started with, resolved from configuration and flags.
 *
 * Imports   core, execution (types).
 */
import type { PipelineOptions } from '../core/pipeline-options.ts';
import type { UsdmEndpoints } from '../execution/venues/binance-usdm/endpoints.ts';
import type { Configuration } from './desk/configuration.ts';

export interface EngineOptions {
  readonly mode: PipelineOptions['mode'];
  /** Folder of this mode and account. */
  readonly dataFolder: string;
  readonly symbols: readonly string[];
  readonly endpoints: UsdmEndpoints;
  readonly marketStream: string;
  readonly depthSpeed: '100ms' | '250ms' | '500ms';
  readonly receiveWindowMs: number;
  readonly signals: Readonly<Record<string, number>>;
  readonly scalper: Readonly<Record<string, number>>;
  readonly exits: Readonly<Record<string, number>>;
  readonly quoter: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly freshness: PipelineOptions['freshness'];
  readonly journal: {
    readonly syncEveryMs: number;
    readonly segmentBytes: number;
    readonly retainBytes: number;
  };
  readonly lease: {
    readonly durationMs: number;
    /** Close positions when nobody has been in charge for this long; 0 never. */
    readonly flattenAfterMs: number;
  };
  /** Venue's dead-man's switch: window and how often it is renewed. */
  readonly countdown: { readonly windowMs: number; readonly renewEveryMs: number };
  /** Starting wallet of a fresh SIM account or of a replay, decimal text. */
  readonly wallet: string;
  /**
   * REPLAY: file of the tape and how many times as fast as the wall clock (0: as fast as it goes).
   */
  readonly replay: { readonly tape: string; readonly speed: number } | null;
  /** Folder of what windows keep (settings, workspaces), shared by all modes; absent: none. */
  readonly deskFolder?: string;
  /** The configuration behind all this, for the settings screen. */
  readonly configuration?: Configuration;
}

/** How long a person must wait before REDUCING may be left. */
export const REDUCING_WAIT_MS = 10_000;
