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

export const TIMES_IN_FORCE = ['gtc', 'post-only', 'ioc'] as const;
export type HandTimeInForce = (typeof TIMES_IN_FORCE)[number];
export type OrderSide = 'buy' | 'sell';

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
  /**
   * Close positions with marketable reduce-only orders; null: every instrument. What the hand has
   * resting there is cancelled first.
   */
  | { readonly kind: 'flatten'; readonly id: string; readonly symbol: string | null }
  | { readonly kind: 'closeScalp'; readonly id: string; readonly scalpId: number }
  /** Leaves REDUCING (after its wait) or HALTED; `typed` must be the word RESUME. */
  | { readonly kind: 'resume'; readonly id: string; readonly typed: string }
  /**
   * Ladders are locked at every start. Unlocking (null: every ladder) needs the lease and is lost
   * with it and on HALTED. Locking is never refused.
   */
  | {
      readonly kind: 'unlockLadder';
      readonly id: string;
      readonly symbol: string | null;
      readonly unlocked: boolean;
    }
  /**
   * A limit order by hand; price and size are exact decimals on the instrument's grid. `applied`
   * means that it left; what the venue makes of it stands in the status.
   */
  | {
      readonly kind: 'placeOrder';
      readonly id: string;
      readonly symbol: string;
      readonly side: OrderSide;
      readonly price: string;
      readonly size: string;
      readonly timeInForce: HandTimeInForce;
      readonly reduceOnly: boolean;
    }
  /** One working order by its client id. Needs the lease, is never refused otherwise. */
  | { readonly kind: 'cancelOrder'; readonly id: string; readonly clientId: string }
  /**
   * Every working order of a side (null: both) on an instrument (null: all of them), of the hand
   * or of every owner. An armed strategy places again what it wants.
   */
  | {
      readonly kind: 'cancelOrders';
      readonly id: string;
      readonly symbol: string | null;
      readonly side: OrderSide | null;
      readonly scope: 'hand' | 'all';
    }
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

export const HAND_KINDS = ['unlockLadder', 'placeOrder', 'cancelOrder', 'cancelOrders'] as const;
export type HandKind = (typeof HAND_KINDS)[number];
export type HandCommand = Extract<Command, { kind: HandKind }>;

/** Trading by hand, of commands and of requests that are named alike. */
export function isByHand<T extends { readonly kind: string }>(
  command: T,
): command is Extract<T, { readonly kind: HandKind }> {
  return HAND_KINDS.some((kind) => kind === command.kind);
}

export type AckOutcome = 'applied' | 'refused';

export interface Ack {
  readonly id: string;
  readonly kind: CommandKind;
  readonly outcome: AckOutcome;
  /** Why it was refused, or what was done, in one line. */
  readonly reason: string;
}

/** What only restricts: taken at any time, from whoever asks. */
export function isRestricting(command: Command): boolean {
  if (command.kind === 'unlockLadder') return !command.unlocked;
  return command.kind === 'disarm' || command.kind === 'kill';
}
