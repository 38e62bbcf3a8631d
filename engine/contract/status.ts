/**
 * status: the engine's whole state as a person needs it, rebuilt in full every time it is sent, so
 * that a terminal that was away shows the truth after one message.
 *
 * Prices and sizes are decimal texts on the instrument's grid; money is decimal text in quote
 * units. Times are wall-clock epoch milliseconds unless the name says otherwise.
 *
 * Imports   domain (names).
 */
import type { BookStateName, Mode, TradingStateName } from '../domain/modes.ts';
import type { SignalName } from '../domain/readings.ts';
import type { VerdictName } from '../domain/verdict.ts';
import type { StrategyName } from './commands.ts';

export interface InstrumentStatus {
  readonly symbol: string;
  readonly index: number;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly book: BookStateName;
  readonly bestBid: string | null;
  readonly bestAsk: string | null;
  readonly positionLots: number;
  readonly position: string;
  readonly trading: TradingStateName;
  readonly messagesPerSecond: number;
  readonly ageMs: number | null;
  readonly venueLagMs: number | null;
  readonly gaps: number;
  readonly resyncs: number;
  /** 0–100: how far the data may be trusted now. */
  readonly trust: number;
  readonly minNotional: string;
  readonly ladder: 'locked' | 'unlocked';
  readonly hand: HandStatus;
}

/** What was traded by hand on an instrument in this session. */
export interface HandStatus {
  readonly lots: number;
  /** Signed. */
  readonly position: string;
  /** Average entry; null while flat. */
  readonly entry: string | null;
  readonly unrealised: string;
  /** Fees included. */
  readonly realised: string;
  /** The last order by hand that did not end as a person would expect; null when none did. */
  readonly trouble: HandTrouble | null;
}

export interface HandTrouble {
  readonly atMs: number;
  readonly clientId: string;
  /** 'rejected' | 'expired' | 'unknown' */
  readonly outcome: string;
  readonly text: string;
}

export interface ScalpStatus {
  readonly id: number;
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly size: string;
  readonly openSize: string;
  readonly entry: string;
  readonly now: string | null;
  readonly pnl: string;
  readonly stop: string;
  readonly halfTarget: string | null;
  readonly target: string;
  readonly trail: string | null;
  readonly breakEven: string;
  /** 'entering' | 'open' | 'half-out' | 'trailing' | 'exiting' */
  readonly state: string;
  readonly exit: string | null;
  readonly unprotected: boolean;
  readonly openedAtMs: number;
  readonly timeLeftMs: number;
  readonly timeLimitMs: number;
  readonly openedBy: readonly SignalName[];
  readonly score: number;
  readonly decision: number;
}

export interface OrderStatus {
  readonly clientId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly filled: string;
  readonly state: string;
  readonly owner: string;
  readonly purpose: string;
  readonly timeInForce: string;
  readonly reduceOnly: boolean;
  readonly ageMs: number;
}

export interface StrategyStatus {
  readonly strategy: StrategyName;
  readonly symbol: string;
  readonly state: TradingStateName;
  /** What holds it back although it is armed (a wider scope, stale data…); null when nothing. */
  readonly heldBack: string | null;
  readonly entries: number;
  readonly vetoes: number;
  readonly realised: string;
}

export interface QuoteStatus {
  readonly symbol: string;
  readonly enabled: boolean;
  /** 'off' | 'quoting' | 'pulled' | 'unwinding' */
  readonly state: string;
  readonly reason: VerdictName | null;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly bidSize: string | null;
  readonly askSize: string | null;
  readonly reservation: string | null;
  readonly inventory: string;
  readonly inventoryLots: number;
  readonly softLimitLots: number;
  readonly hardLimitLots: number;
  readonly realised: string;
  readonly fills: number;
}

export interface PnlStatus {
  readonly currency: string;
  /** Since 00:00 UTC, fees included: realised − fees + unrealised. */
  readonly day: string;
  readonly realised: string;
  readonly fees: string;
  readonly unrealised: string;
  readonly scalper: string;
  readonly marketMaking: string;
  readonly hand: string;
  readonly fills: number;
  readonly scalpsClosed: number;
  readonly scalpsWon: number;
}

export interface StageLatency {
  readonly stage: string;
  readonly unit: 'ns';
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** Budget of the 99th percentile where one is set. */
  readonly budget: number | null;
}

export interface DropStatus {
  readonly journalSlots: number;
  readonly hostSlots: number;
  readonly tape: number;
  readonly malformed: number;
  readonly batchOverflow: number;
  readonly frames: number;
}

export interface JournalStatus {
  readonly session: string;
  readonly bytes: number;
  readonly segments: number;
  readonly lostSlots: number;
  readonly failed: boolean;
}

export interface LeaseStatus {
  readonly held: boolean;
  /** Name of the holder, e.g. "terminal 2". */
  readonly holder: string | null;
  readonly leftMs: number;
  /** True in the copy sent to the holder itself. */
  readonly mine: boolean;
}

export interface VenueStatus {
  readonly name: string;
  readonly market: 'up' | 'down' | 'connecting';
  readonly orders: 'up' | 'down' | 'connecting' | 'none';
  readonly user: 'up' | 'down' | 'connecting' | 'none';
  readonly clockOffsetMs: number | null;
  readonly clockUncertaintyMs: number | null;
  readonly orderBudgetPercent: number;
}

export interface KillReport {
  readonly atMs: number;
  readonly blocked: boolean;
  readonly cancelled: boolean;
  readonly verified: boolean;
  readonly residualOrders: number;
  readonly by: 'trading-thread' | 'watchdog';
  readonly detail: string;
}

export interface Alert {
  readonly atMs: number;
  readonly level: 'info' | 'warn' | 'danger';
  readonly code: string;
  readonly text: string;
}

export interface EngineStatus {
  readonly contract: number;
  readonly session: string;
  readonly mode: Mode;
  readonly state: TradingStateName;
  /** Why the state is what it is, in one line; '' when armed or freshly disarmed. */
  readonly stateReason: string;
  readonly atMs: number;
  readonly uptimeMs: number;
  readonly messagesPerSecond: number;
  readonly instruments: readonly InstrumentStatus[];
  readonly scalps: readonly ScalpStatus[];
  readonly orders: readonly OrderStatus[];
  readonly strategies: readonly StrategyStatus[];
  readonly quotes: readonly QuoteStatus[];
  readonly pnl: PnlStatus;
  readonly latency: readonly StageLatency[];
  readonly drops: DropStatus;
  readonly journal: JournalStatus;
  readonly lease: LeaseStatus;
  readonly venue: VenueStatus;
  readonly kill: KillReport | null;
  readonly denials: Readonly<Partial<Record<VerdictName, number>>>;
  readonly alerts: readonly Alert[];
  /** REPLAY: share of the tape played, 0–1; null otherwise. */
  readonly replayProgress: number | null;
  /** REPLAY: how the tape plays; null in other modes and before it is open. */
  readonly replay: ReplayStatus | null;
}

export interface ReplayStatus {
  readonly state: 'playing' | 'paused' | 'seeking' | 'ended';
  /** Times real time; 0 as fast as it goes. */
  readonly speed: number;
  readonly atMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Where a seek goes; null while none is under way (or it looks for an event). */
  readonly seekMs: number | null;
  /** Of the tape's time, 0–1. */
  readonly share: number;
}
