/**
 * commands: everything a terminal or a command line may ask of the engine.
 *
 * Each carries an id made by the sender; the engine answers every id exactly once with an `ack`,
 * and the same id again with the same answer (idempotent). Asking is not having: the screen shows
 * only what a later `status` says.
 *
 * Imports   nothing.
 */
export const STRATEGY_NAMES = ['scalper', 'market-making'] as const;
export type StrategyName = (typeof STRATEGY_NAMES)[number];

export type Command =
  /** Arm a strategy on an instrument; null means all of them. Needs the lease. */
  | {
      readonly kind: 'arm';
      readonly id: string;
      readonly strategy: StrategyName | null;
      readonly symbol: string | null;
    }
  /** Never refused, by anyone who is connected. */
  | {
      readonly kind: 'disarm';
      readonly id: string;
      readonly strategy: StrategyName | null;
      readonly symbol: string | null;
    }
  /** Block, cancel all, verify with the venue; latches HALTED. Never refused. */
  | { readonly kind: 'kill'; readonly id: string }
  /** Close positions with marketable reduce-only orders; null: every instrument. */
  | { readonly kind: 'flatten'; readonly id: string; readonly symbol: string | null }
  | { readonly kind: 'closeScalp'; readonly id: string; readonly scalpId: number }
  /** Leaves REDUCING (after its wait) or HALTED; `typed` must be the word RESUME. */
  | { readonly kind: 'resume'; readonly id: string; readonly typed: string }
  | ReplayControl
  /** Instruments whose whole ladder this terminal wants in its frames; at most MAX_LADDERS. */
  | { readonly kind: 'watch'; readonly id: string; readonly symbols: readonly string[] };

/**
 * REPLAY: how the tape plays. Needs the lease. `speed`: times real time, 0 as fast as it goes.
 * `seek`: epoch ms on the tape; an earlier time begins a fresh session, disarmed.
 */
export type ReplayControl =
  | {
      readonly kind: 'replay';
      readonly id: string;
      readonly action: 'play' | 'pause' | 'step' | 'nextDecision' | 'nextFill';
    }
  | {
      readonly kind: 'replay';
      readonly id: string;
      readonly action: 'speed';
      readonly value: number;
    }
  | {
      readonly kind: 'replay';
      readonly id: string;
      readonly action: 'seek';
      readonly value: number;
    };

export const REPLAY_SPEED_MIN = 0.1;
export const REPLAY_SPEED_MAX = 1000;

export type CommandKind = Command['kind'];

export type AckOutcome = 'applied' | 'refused';

export interface Ack {
  readonly id: string;
  readonly kind: CommandKind;
  readonly outcome: AckOutcome;
  /** Why it was refused, or what was done, in one line. */
  readonly reason: string;
}
