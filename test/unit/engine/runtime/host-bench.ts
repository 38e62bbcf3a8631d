/**
 * host-bench: an engine host of which every part can be made to answer or not, for what commands
 * and the kill desk do with it.
 *
 * Imports   engine (domain, memory, runtime).
 */
import { EngineHead, EngineViewLayout } from '../../../../engine/core/published.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { TradingState } from '../../../../engine/domain/modes.ts';
import { ClientIds } from '../../../../engine/execution/client-ids.ts';
import type { CancelReport } from '../../../../engine/execution/venues/binance-usdm/cancel-only.ts';
import { SharedWords } from '../../../../engine/memory/shared-words.ts';
import { Alerts } from '../../../../engine/runtime/alerts.ts';
import type { RelayAnswer, RelayedCommand } from '../../../../engine/runtime/command-relay.ts';
import type { EngineHost } from '../../../../engine/runtime/engine-host.ts';
import { KillDesk } from '../../../../engine/runtime/kill-desk.ts';
import { LeaseDesk } from '../../../../engine/runtime/lease-desk.ts';
import type { VenuePosition } from '../../../../engine/runtime/venue-access.ts';
import { Watchdog } from '../../../../engine/runtime/watchdog.ts';
import { SPECS } from '../core/core-bench.ts';

const YES: RelayAnswer = { answered: true, refused: false, verdict: 0 };
export const SILENCE: RelayAnswer = { answered: false, refused: true, verdict: 0 };
const CLEAN: CancelReport = {
  blocked: true,
  cancelled: true,
  verified: true,
  residual: [],
  errors: [],
};

export class HostBench {
  /** Everything that happened, in order. */
  readonly log: string[] = [];
  readonly words = SharedWords.create();
  readonly layout = new EngineViewLayout(2);
  readonly view = new Float64Array(this.layout.doubles);
  readonly sent: RelayedCommand[] = [];
  readonly codes: string[] = [];
  answer: (command: RelayedCommand) => RelayAnswer = () => YES;
  cancel: () => Promise<CancelReport> = () => Promise.resolve(CLEAN);
  positions: () => Promise<readonly VenuePosition[]> = () => Promise.resolve([]);
  /** What happens while the venue is asked for its countdown. */
  meanwhile: () => void = () => undefined;
  canMark = true;
  canCountDown = true;
  canLatch = true;
  nowMs = 0;
  readonly host: EngineHost;
  readonly kill: KillDesk;

  constructor() {
    const { view, words, layout, log, codes } = this;
    view[EngineHead.State] = TradingState.Disarmed;
    const host = {
      options: { replay: null },
      views: { words, layout, engine: view, refresh: () => true },
      alerts: new Alerts(({ code }) => codes.push(code)),
      lease: this.#lease(),
      watchdog: new Watchdog(),
      relay: {
        send: (command: RelayedCommand) => {
          this.sent.push(command);
          log.push(`send ${command.code}`);
          return Promise.resolve(this.answer(command));
        },
      },
      instruments: SPECS.map((spec, index) => new Instrument(index, spec)),
      clientIds: new ClientIds('benchbnc'),
      nowNs: () => this.nowMs * 1e6,
      marks: {
        isOurs: false,
        arming: (work: () => Promise<unknown>) => {
          if (!this.canMark) return Promise.reject(new Error('no space left'));
          log.push('mark');
          host.marks.isOurs = true;
          return work();
        },
      },
      thread: {
        end: () => {
          log.push('end thread');
          return Promise.resolve();
        },
      },
      start: {
        venue: {
          cancelEverything: () => {
            log.push('cancel everything');
            return this.cancel();
          },
          positions: () => this.positions(),
        },
      },
      isStopped: false,
      stateReason: '',
      restrictedAtMs: 0,
      get state() {
        return view[EngineHead.State]!;
      },
      indexOf: (symbol: string) => ['ABCUSDT', 'XYZUSDT'].indexOf(symbol),
      isFlat: () => view[EngineHead.OpenOrders] === 0,
      renewCountdown: () => {
        log.push('countdown');
        this.meanwhile();
        return Promise.resolve(this.canCountDown);
      },
      latchHalt: (reason: string) => {
        log.push(`halt ${reason}`);
        host.stateReason = reason;
      },
      clearHalt: () => log.push('clear halt'),
      statusNow: () => undefined,
    };
    this.host = host as unknown as EngineHost;
    this.kill = new KillDesk(this.host);
    Object.assign(host, { kill: this.kill });
  }

  #lease(): LeaseDesk {
    return new LeaseDesk(
      3_000,
      () => this.nowMs,
      () => undefined,
    );
  }

  /** A trading thread that obeys: it acknowledges a KILL when it is looked for. */
  obey(): void {
    const plain = this.words.killAcknowledged.bind(this.words);
    this.words.killAcknowledged = () => {
      this.words.acknowledgeKill(this.words.killRequest());
      return plain();
    };
  }
}
