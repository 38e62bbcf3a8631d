/**
 * engine-host: what the parts of the host thread (commands, kill, events, status) see of the engine
 * that holds them together. The engine implements it; nothing here knows how.
 *
 * Imports   contract, core, domain, execution, journal, runtime (types).
 */
import type { Alert } from '../contract/status.ts';
import type { SocketState } from '../core/trading-job.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { ClientIds } from '../execution/client-ids.ts';
import type { JournalThread } from '../journal/journal-job.ts';
import type { KillReport } from '../contract/status.ts';
import type { Alerts } from './alerts.ts';
import type { CommandRelay } from './command-relay.ts';
import type { EngineOptions } from './engine-options.ts';
import type { StartState } from './engine-start.ts';
import type { HandTroubles } from './hand-troubles.ts';
import type { EngineViews } from './engine-views.ts';
import type { HistoryDesk } from './history/history-desk.ts';
import type { LeaseDesk } from './lease-desk.ts';
import type { ReplayDesk } from './replay-desk.ts';
import type { Rates } from './rates.ts';
import type { SessionMarks } from './session-marks.ts';
import type { TradingThread } from './trading-thread.ts';
import type { Watchdog } from './watchdog.ts';

export interface EngineHost {
  readonly options: EngineOptions;
  readonly start: StartState;
  readonly instruments: readonly Instrument[];
  readonly views: EngineViews;
  readonly alerts: Alerts;
  readonly history: HistoryDesk;
  readonly relay: CommandRelay;
  readonly lease: LeaseDesk;
  readonly rates: Rates;
  readonly marks: SessionMarks;
  readonly clientIds: ClientIds;
  readonly handTroubles: HandTroubles;
  readonly journal: JournalThread;
  readonly thread: TradingThread;
  readonly watchdog: Watchdog;
  readonly sockets: {
    readonly market: SocketState;
    readonly orders: SocketState;
    readonly user: SocketState;
  };
  readonly kill: {
    readonly report: KillReport | null;
    readonly isThreadDead: boolean;
    kill(): Promise<KillReport>;
  };
  /** The engine is on its way to its end: nothing is opened any more. */
  readonly isStopped: boolean;
  /** Why the state is what it is, in words. */
  stateReason: string;
  /** When the state last became REDUCING or HALTED, epoch ms. */
  restrictedAtMs: number;
  readonly replayProgress: number | null;
  /** REPLAY only. */
  readonly replay: ReplayDesk | null;
  /** Global TradingState as last published; HALTED once the trading thread is gone. */
  readonly state: number;
  nowNs(): number;
  indexOf(symbol: string): number;
  /** True when nothing rests and nobody holds anything. */
  isFlat(): boolean;
  latchHalt(reason: string): void;
  clearHalt(): void;
  renewCountdown(): Promise<boolean>;
  skippedFrames(): number;
  alertList(): readonly Alert[];
  /** Tells every terminal the status now. */
  statusNow(): void;
}
