/**
 * events: engine → terminal at human pace, and the small protocol of the link around them.
 *
 * The link carries text messages (JSON of the types below) and binary frames (frames.ts). A
 * terminal first says `hello`; nothing else is heard before. `status` is sent a few times a second
 * and at once after a change; `decision` and `alert` as they happen, conflated above 50 a second.
 *
 * Imports   contract.
 */
import type { SignalName } from '../domain/readings.ts';
import type { VerdictName } from '../domain/verdict.ts';
import type { CandleBatch, CandleRequest } from './candles.ts';
import type { Ack, Command } from './commands.ts';
import type {
  ClosedScalp,
  EndedOrder,
  EquityPoint,
  EventRow,
  HistoryKind,
  TradeRow,
} from './history.ts';
import type { ConfigurationAnswer, ConfigurationRequest } from './configuration.ts';
import type { DocumentAnswer, DocumentChanged, DocumentRequest } from './documents.ts';
import type { Alert, EngineStatus } from './status.ts';

export interface SignalReading {
  readonly signal: SignalName;
  readonly strength: number;
  readonly confidence: number;
  readonly agrees: boolean;
}

export interface DecisionEvent {
  readonly sequence: number;
  readonly atMs: number;
  /** Nanoseconds within the millisecond, for display. */
  readonly nanos: number;
  readonly symbol: string;
  readonly strategy: 'scalper' | 'market-making' | 'hand' | 'exits';
  readonly side: 'long' | 'short' | 'none';
  readonly verdict: VerdictName;
  readonly entered: boolean;
  readonly score: number;
  readonly agree: number;
  readonly edgeTicks: number;
  readonly costTicks: number;
  readonly feeTicks: number;
  readonly halfSpreadTicks: number;
  readonly slipTicks: number;
  readonly price: string | null;
  readonly size: string | null;
  readonly readings: readonly SignalReading[];
  /** The sum that decided, in words, e.g. "edge 1.1 − fees 1.4 − slip 0.2 = −0.5 ticks". */
  readonly why: string;
}

export interface FillEvent {
  /** Running number in the session: a jump is a fill that this terminal has not heard of. */
  readonly sequence: number;
  readonly atMs: number;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly fee: string;
  readonly realised: string;
  readonly maker: boolean;
  readonly owner: string;
  readonly purpose: string;
  readonly clientId: string;
}

export interface HistoryRows {
  readonly fills: FillEvent;
  readonly decisions: DecisionEvent;
  readonly scalps: ClosedScalp;
  readonly orders: EndedOrder;
  readonly equity: EquityPoint;
  readonly trades: TradeRow;
  readonly events: EventRow;
}
export type HistoryRow = HistoryRows[HistoryKind];

/** Terminal → engine. */
export interface HistoryRequest {
  readonly type: 'history';
  readonly id: string;
  readonly what: HistoryKind;
  /** Null: every instrument. */
  readonly symbol: string | null;
  readonly before: number | null;
  readonly limit: number;
}

/** Engine → terminal, once for each request. */
export interface HistoryAnswer {
  readonly type: 'history';
  readonly id: string;
  readonly what: HistoryKind;
  readonly rows: readonly HistoryRow[];
  /** Older rows are kept. */
  readonly more: boolean;
  /** Rows of this kind that nobody could read in time: they are in the journal alone. */
  readonly missed: number;
  /** Rows of this kind older than what is kept. */
  readonly dropped: number;
  /** Not null: too many requests; there are no rows, ask again after so long. */
  readonly retryInMs: number | null;
}

/** Engine → terminal. */
export type ServerMessage =
  | {
      readonly type: 'hello';
      readonly contract: number;
      readonly terminal: string;
      readonly session: string;
      readonly mode: string;
      readonly product: string;
      readonly version: string;
    }
  | { readonly type: 'status'; readonly status: EngineStatus }
  | { readonly type: 'ack'; readonly ack: Ack }
  | { readonly type: 'decision'; readonly decision: DecisionEvent }
  | { readonly type: 'fill'; readonly fill: FillEvent }
  | { readonly type: 'alert'; readonly alert: Alert }
  /** The answer to a request for candles. */
  | { readonly type: 'candles'; readonly candles: CandleBatch }
  | { readonly type: 'orderEnded'; readonly order: EndedOrder }
  | { readonly type: 'scalpClosed'; readonly scalp: ClosedScalp }
  /** An alert or a change of state as history numbers it. */
  | { readonly type: 'event'; readonly event: EventRow }
  /** Once a second. */
  | { readonly type: 'equity'; readonly point: EquityPoint }
  | HistoryAnswer
  /** Supervision: the terminal's main thread must answer with `pong` of the same number. */
  | { readonly type: 'ping'; readonly number: number }
  | DocumentAnswer
  | ConfigurationAnswer
  | DocumentChanged
  | { readonly type: 'error'; readonly code: string; readonly message: string };

/** Terminal → engine. */
export type ClientMessage =
  | {
      readonly type: 'hello';
      readonly contract: number;
      readonly name: string;
      /** Takes no lease by itself, though nobody holds it. */
      readonly watchesOnly?: boolean;
    }
  | { readonly type: 'command'; readonly command: Command }
  /** Permission for that many more frames. At most CREDITS_MAX are ever outstanding. */
  | { readonly type: 'credit'; readonly frames: number }
  | { readonly type: 'pong'; readonly number: number }
  | { readonly type: 'candles'; readonly request: CandleRequest }
  /** Asks for the supervision lease (needed to arm), or gives it back. */
  | { readonly type: 'lease'; readonly want: boolean }
  | HistoryRequest
  | DocumentRequest
  | ConfigurationRequest;

export const CREDITS_MAX = 2;
export const PING_EVERY_MS = 1000;
