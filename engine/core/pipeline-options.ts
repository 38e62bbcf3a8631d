/**
 * pipeline-options: everything a pipeline is built from, as plain data. It is the first record of a
 * session's journal, so a replay builds the same pipeline.
 *
 * Imports   base, domain.
 */
import { EngineError } from '../base/errors.ts';
import type { InstrumentSpec } from '../domain/instrument.ts';
import type { Mode } from '../domain/modes.ts';

export const JOURNAL_VERSION = 1;

export interface PipelineOptions {
  readonly version: number;
  readonly mode: Mode;
  readonly session: string;
  /** First part of every client order id. */
  readonly prefix: string;
  /** Epoch ms at engine time 0. */
  readonly anchorWallMs: number;
  /** TradingState number. */
  readonly initialState: number;
  readonly specs: readonly InstrumentSpec[];
  readonly equityE8: number;
  /** Values by parameter name; what is missing takes its default. */
  readonly signals: Readonly<Record<string, number>>;
  readonly scalper: Readonly<Record<string, number>>;
  readonly exits: Readonly<Record<string, number>>;
  readonly quoter: Readonly<Record<string, number>>;
  /** Risk limits by name; what is missing denies. */
  readonly limits: Readonly<Record<string, number>>;
  readonly freshness: {
    readonly ageMs: number;
    readonly venueLagMs: number;
    readonly loopLagMs: number;
  };
  readonly receiveWindowMs: number;
}

/** Reads options back from a journal's first record. */
export function parsePipelineOptions(text: string): PipelineOptions {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EngineError('journal/corrupt', 'the session record is no JSON', {}, error);
  }
  const options = value as PipelineOptions;
  if (typeof options !== 'object' || options === null || options.version !== JOURNAL_VERSION) {
    throw new EngineError(
      'journal/corrupt',
      `the journal is of version ${String(options?.version)}, ` +
        `this program reads ${JOURNAL_VERSION}`,
    );
  }
  return options;
}
