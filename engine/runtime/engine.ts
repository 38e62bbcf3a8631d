/**
 * engine: the composition root. Builds every part once, runs the host thread's rounds, and is all
 * that shells, commands and tests ever hold.
 *
 * Threads   this one (host), the trading thread, the journal thread; all shared memory is allocated
 *           here before they start. The pipeline's truth comes back through views and one ring.
 * Safety    clean start DISARMED; a marker of a crash starts HALTED and reconciles; `exposed` is on
 *           disk before anything is armed; KILL and a dead trading thread are answered from here.
 * Imports   everything in engine but shell, cli.
 */
import { EngineError } from '../base/errors.ts';
import type { Ack, Command } from '../contract/commands.ts';
import { PING_EVERY_MS } from '../contract/events.ts';
import type { LinkEvents, LinkPort } from '../contract/link.ts';
import type { Alert, EngineStatus } from '../contract/status.ts';
import { CommandCode } from '../core/command-codes.ts';
import { EngineHead } from '../core/published.ts';
import type { SocketState, TradingMessage } from '../core/trading-job.ts';
import { Instrument } from '../domain/instrument.ts';
import { Mode, TradingState } from '../domain/modes.ts';
import { ClientIds } from '../execution/client-ids.ts';
import type { JournalThread } from '../journal/journal-job.ts';
import { JournalState } from '../journal/journal-layout.ts';
import { allocate, type SharedMemory } from '../memory/memory-plan.ts';
import { Beat, CommandBit } from '../memory/shared-words.ts';
import { AbandonedJournals } from './abandoned-journals.ts';
import { Alerts } from './alerts.ts';
import { CandleDesk } from './candle-desk.ts';
import { CommandRelay } from './command-relay.ts';
import { EngineCommands } from './engine-commands.ts';
import { planEngineMemory } from './engine-memory.ts';
import type { EngineOptions } from './engine-options.ts';
import { freshReplay, prepareStart } from './engine-start.ts';
import type { StartState } from './engine-start.ts';
import type { EngineHost } from './engine-host.ts';
import { openDocumentDesk, type DocumentDesk } from './desk/document-desk.ts';
import { buildStatus } from './engine-status.ts';
import { Rates } from './rates.ts';
import { EngineViews } from './engine-views.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { buildFrame } from './frame-publisher.ts';
import { HistoryDesk } from './history/history-desk.ts';
import { HostEvents } from './host-events.ts';
import { isAnyUnlocked } from './hand-orders.ts';
import { HandTroubles } from './hand-troubles.ts';
import { ControlServer } from './control/control-server.ts';
import { EngineLock } from './control/engine-lock.ts';
import type { LeaseEnd, LeaseGrant } from './control/lease.ts';
import type { ControlHandler } from './control/protocol.ts';
import { startJournal, tradingJob } from './engine-threads.ts';
import { ReplayDesk, type ReplayHost } from './replay-desk.ts';
import { PaperDesk } from './paper-desk.ts';
import { KillDesk } from './kill-desk.ts';
import { LeaseDesk } from './lease-desk.ts';
import { PRODUCT_VERSION } from './product.ts';
import { checkRestored } from './restored-scalps.ts';
import { SessionMarks } from './session-marks.ts';
import { Terminals } from './terminals.ts';
import { TradingThread } from './trading-thread.ts';
import { Watchdog } from './watchdog.ts';

const ROUND_MS = 16;
const WATCH_MS = 25;
const STATUS_MS = 250;
const SECOND_MS = 1000;
const SYNC_WITHIN_MS = 1000;
/** Without a terminal nobody needs sixty rounds a second: one in so many looks of the watch. */
const IDLE_PULSES = 2;

export class Engine implements EngineHost {
  readonly options: EngineOptions;
  start: StartState;
  readonly instruments: readonly Instrument[];
  readonly views: EngineViews;
  readonly alerts: Alerts;
  history!: HistoryDesk;
  readonly relay: CommandRelay;
  readonly lease: LeaseDesk;
  readonly kill: KillDesk;
  readonly marks: SessionMarks;
  readonly rates: Rates;
  readonly clientIds: ClientIds;
  readonly handTroubles: HandTroubles;
  readonly sockets: { market: SocketState; orders: SocketState; user: SocketState } = {
    market: 'connecting',
    orders: 'connecting',
    user: 'connecting',
  };
  /** Why the state is what it is, in words; set with every change. */
  stateReason: string;
  restrictedAtMs = 0;
  isStopped = false;
  /** REPLAY: share of the tape played. */
  replayProgress: number | null = null;
  readonly #tapeEnded = Promise.withResolvers<void>();
  readonly #commands: EngineCommands;
  readonly #documents: DocumentDesk;
  readonly #terminals: Terminals;
  readonly #control: ControlServer;
  readonly #lock: EngineLock;
  readonly #events: HostEvents;
  #candles!: CandleDesk;
  readonly #thread: TradingThread;
  #journal: JournalThread;
  readonly #abandoned = new AbandonedJournals();
  readonly replay: ReplayDesk | null;
  readonly #memory: SharedMemory;
  readonly #watchdog = new Watchdog();
  readonly #timers: NodeJS.Timeout[] = [];
  #pulses = 0;
  /** Rounds for those who look; null while nobody does. */
  #frames: NodeJS.Timeout | null = null;
  #idleSeconds = 0;
  /** The trading thread has said that it runs. */
  #isTrading = false;
  readonly #isReady: Promise<void>;

  /** Builds and starts everything; the books may still be syncing when it returns. */
  static async open(options: EngineOptions): Promise<Engine> {
    const lock = EngineLock.take(options.dataFolder);
    try {
      const start = await prepareStart(options);
      const engine = new Engine(options, start, lock);
      try {
        await engine.#isReady;
        // Nobody steers before what a crash left behind has its owners again.
        await engine.#adopt();
        await engine.#control.start();
      } catch (error) {
        await engine.#abandon();
        throw error;
      }
      return engine;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  private constructor(options: EngineOptions, start: StartState, lock: EngineLock) {
    this.options = options;
    this.#lock = lock;
    this.start = start;
    this.instruments = start.specs.map((spec, index) => new Instrument(index, spec));
    this.stateReason = start.haltReason;
    this.clientIds = new ClientIds(start.pipeline.prefix);
    this.alerts = new Alerts((alert) => this.#alerted(alert));
    this.handTroubles = new HandTroubles({
      instruments: this.instruments,
      clientIds: this.clientIds,
      alerts: this.alerts,
      anchorWallMs: start.session.startWallMs,
    });
    this.marks = new SessionMarks({
      folder: options.dataFolder,
      mode: options.mode,
      session: start.session,
      alerts: this.alerts,
      dayPnl: start.dayPnl,
    });
    const memory = allocate(planEngineMemory(this.instruments.length));
    this.#memory = memory;
    this.views = new EngineViews(memory, this.instruments.length);
    this.#beginHistory();
    this.rates = new Rates(this.instruments.length);
    this.relay = new CommandRelay(this.views.commands);
    this.lease = new LeaseDesk(options.lease.durationMs, monotonicMs, (end, who) => {
      this.#leaseEnded(end, who);
    });
    this.kill = new KillDesk(this);
    this.#commands = new EngineCommands(this);
    this.#documents = openDocumentDesk(options, this.alerts);
    this.#terminals = new Terminals(this.#terminalHost());
    this.#control = new ControlServer({
      dataFolder: options.dataFolder,
      handler: this.#controlHandler(),
    });
    this.#events = new HostEvents(this, (message) => this.#terminals.broadcast(message));
    this.replay = options.replay === null ? null : new ReplayDesk(this.#replayHost());
    this.#journal = this.#startJournal(start);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#isReady = promise;
    this.#thread = new TradingThread({
      job: tradingJob(options, start, memory),
      onMessage: (message) => this.#onTrading(message, resolve),
      onDied: (reason) => {
        reject(new EngineError('runtime/thread-died', `trading thread: ${reason}`));
        void this.kill.threadDied(reason);
      },
    });
    if (start.venue instanceof PaperDesk) {
      start.venue.openOrders = () => {
        this.views.refresh();
        return this.views.engine[EngineHead.OpenOrders]!;
      };
    }
    this.#run();
  }

  /** Settles when the tape of a replay has been played. */
  get tapeEnded(): Promise<void> {
    return this.#tapeEnded.promise;
  }

  addTerminal(port: LinkPort): LinkEvents {
    return this.#terminals.add(port);
  }

  execute(command: Command, holdsLease: boolean): Promise<Ack> {
    return this.#commands.execute(command, holdsLease);
  }

  get terminalCount(): number {
    return this.#terminals.count;
  }

  get journal(): JournalThread {
    return this.#journal;
  }

  get thread(): TradingThread {
    return this.#thread;
  }

  get watchdog(): Watchdog {
    return this.#watchdog;
  }

  /** Global TradingState as last published. */
  get state(): number {
    return this.kill.isThreadDead ? TradingState.Halted : this.views.engine[EngineHead.State]!;
  }

  /** Engine ns now; while a tape plays, its time as last published. */
  nowNs(): number {
    if (this.options.mode === Mode.Replay) return this.views.engine[EngineHead.NowNs]!;
    return (performance.timeOrigin + performance.now() - this.start.session.startWallMs) * 1e6;
  }

  status(): EngineStatus {
    this.views.refresh();
    return buildStatus(this);
  }

  skippedFrames(): number {
    return this.#terminals.skippedFrames();
  }

  statusNow(): void {
    this.#terminals.sendStatus();
  }

  /** HALTED, in words and on disk. */
  latchHalt(reason: string): void {
    this.stateReason = reason;
    this.marks.halt(reason);
  }

  clearHalt(): void {
    this.stateReason = '';
    this.marks.clearHalt();
  }

  isFlat(): boolean {
    return this.views.isFlat();
  }

  /**
   * Ends the engine: disarm, (flatten), cancel, verify, stop the threads. What is left open is
   * said, and the marker stays so that the next start knows.
   */
  async stop(how: { readonly flatten: boolean }): Promise<readonly string[]> {
    if (this.isStopped) return [];
    this.isStopped = true;
    await this.replay?.settle();
    const left = await this.kill.wind(how.flatten);
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#frames !== null) clearInterval(this.#frames);
    this.marks.saveDay(this.views.engine, true);
    this.#terminals.closeAll('the engine stops');
    await this.#control.stop();
    await this.#thread.stop();
    await this.#journal.stop();
    // HALTED has a latch of its own; this marker only says that orders or positions may exist.
    if (left.length === 0) this.marks.forget();
    this.start.venue.close();
    this.#lock.release();
    return left;
  }

  /** Ends what `open` has started when it cannot go on. Nothing was armed. */
  async #abandon(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#frames !== null) clearInterval(this.#frames);
    await this.#control.stop();
    await this.#thread.end();
    await this.#journal.stop();
    this.start.venue.close();
  }

  /** What the pipeline must know from before: the day's result, positions, scalps that go on. */
  async #adopt(): Promise<void> {
    const { reconcile, leftovers } = this.start;
    const { scalps, inventory } = reconcile;
    for (const { row } of scalps) this.relay.restoreScalp(row);
    for (const { instrument, owner, lots, entryTicks, isExplained } of inventory) {
      await this.relay.send({
        code: CommandCode.RestoreInventory,
        instrument,
        values: [lots, entryTicks, owner, isExplained ? 1 : 0],
      });
    }
    await this.#tellDay();
    await checkRestored(this.views, this.alerts, scalps.length);
    // From here on what may be open is told by this session's journal and order ids.
    if (scalps.length + inventory.length > 0) {
      const { status } = this.#journal;
      await status.waitSynced(status.requestSync(), SYNC_WITHIN_MS);
      this.marks.expose();
    }
    const ignored = this.options.configuration?.notes ?? [];
    if (ignored.length > 0) this.alerts.add('warn', 'settings-ignored', ignored.join('; '));
    for (const note of reconcile.notes) this.alerts.add('info', 'reconcile', note);
    for (const line of reconcile.unprotected) this.alerts.add('danger', 'unprotected', line);
    if (leftovers !== null) this.kill.reportLeftovers(leftovers);
  }

  #terminalHost(): ConstructorParameters<typeof Terminals>[0] {
    const session = (): string => this.start.session.id;
    return {
      get session() {
        return session();
      },
      ...this.#counter(),
      indexOf: (symbol) => this.indexOf(symbol),
      watchChanged: () => this.#watchChanged(),
      candles: (request) => this.#candles.answer(request),
      history: (request) => this.history.answer(request),
      document: (request, holdsLease) => this.#documents.answer(request, holdsLease),
      configuration: () => this.options.configuration?.fields() ?? [],
      buildFrame: (watched, state) =>
        buildFrame(
          {
            markets: this.views.markets,
            ladder: (index) => this.views.ladder(index),
            nowNs: () => this.nowNs(),
            anchorWallMs: this.start.session.startWallMs,
            messagesTotal: () => this.rates.messagesTotal,
          },
          this.views.tape,
          watched,
          state,
        ),
    };
  }

  #controlHandler(): ControlHandler {
    return {
      ...this.#counter(),
      session: this.start.session.id,
      leaseMs: this.lease.durationMs,
    };
  }

  /** What terminals and the command line are served alike. */
  #counter(): Omit<ControlHandler, 'session' | 'leaseMs'> {
    return {
      mode: this.options.mode,
      version: PRODUCT_VERSION,
      status: () => this.status(),
      execute: (command, holdsLease) => this.execute(command, holdsLease),
      acquireLease: (who) => this.#acquireLease(who),
      renewLease: (who) => this.lease.renew(who),
      releaseLease: (who) => this.lease.release(who),
      leaseHolder: () => this.lease.holder,
    };
  }

  indexOf(symbol: string): number {
    return this.instruments.findIndex((instrument) => instrument.symbol === symbol);
  }

  #startJournal(start: StartState): JournalThread {
    return startJournal(this.options, start, this.#memory, (e) => this.#journalBroken(e.message));
  }

  #replayHost(): ReplayHost {
    return {
      state: () => this.state,
      anchorWallMs: this.start.session.startWallMs,
      tell: (order) => this.#thread.tell({ kind: 'replay', order }),
      openFresh: () => this.#openFresh(),
      fail: (text) => this.alerts.add('danger', 'replay', text),
      notice: (text) => this.alerts.add('info', 'replay', text),
    };
  }

  /** Another session over the same tape. The thread waits, and nothing writes the ring. */
  async #openFresh(): Promise<StartState> {
    await this.#journal.stop();
    this.#events.drain();
    this.#abandoned.add(this.start.journalFolder, this.start.session.id);
    this.relay.abandon();
    this.handTroubles.forget();
    const firstCommand = this.relay.next;
    this.start = freshReplay(this.options, this.start);
    this.views.forget();
    this.#beginHistory();
    this.#journal = this.#startJournal(this.start);
    this.kill.report = null;
    this.stateReason = '';
    // What a first start tells the pipeline too; it is read in the first turn.
    void this.#tellDay();
    this.#thread.tell({ kind: 'fresh', options: this.start.pipeline, firstCommand });
    this.#terminals.greetAll();
    this.#terminals.sendStatus();
    return this.start;
  }

  /** What is kept of a session for terminals that come later. */
  #beginHistory(): void {
    const { tape } = this.views;
    tape.begin();
    this.history = HistoryDesk.of(this);
    this.#candles = new CandleDesk(this.start.session.startWallMs, this.instruments, tape);
    tape.listeners.splice(0, tape.listeners.length, this.#candles, this.history);
  }

  #tellDay(): Promise<unknown> {
    const { day, realisedE8, feesE8 } = this.start.dayPnl;
    const number = Math.floor(Date.parse(day) / 86_400_000);
    return this.relay.send({ code: CommandCode.DayPnl, values: [number, realisedE8, feesE8] });
  }

  #watchChanged(): void {
    this.#thread.tell({ kind: 'watch', instruments: [...this.#terminals.watched()] });
  }

  #run(): void {
    this.#watchdog.reset(performance.now());
    this.#every(WATCH_MS, () => this.#pulse());
    this.#every(STATUS_MS, () => this.#terminals.sendStatus());
    this.#every(PING_EVERY_MS, () => this.#terminals.ping());
    this.#every(SECOND_MS, () => this.#second());
    this.#every(this.options.countdown.renewEveryMs, () => void this.#renewCountdown());
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }

  /** The watch, and rounds at its pace while nobody looks: each waking of a thread costs. */
  #pulse(): void {
    this.#watch();
    const isWatched = this.#terminals.count > 0;
    if (isWatched && this.#frames === null) {
      this.#frames = setInterval(() => this.#round(), ROUND_MS);
    } else if (!isWatched && this.#frames !== null) {
      clearInterval(this.#frames);
      this.#frames = null;
    }
    this.#pulses++;
    if (!isWatched && this.#pulses % IDLE_PULSES === 0) this.#round();
  }

  #round(): void {
    this.#events.drain();
    this.views.refresh();
    this.views.tape.drain();
    this.#terminals.offerFrames();
  }

  #watch(): void {
    if (this.isStopped || !this.#isTrading) return;
    const { words } = this.views;
    words.beat(Beat.Host);
    const verdict = this.#watchdog.look(
      performance.now(),
      words.beatOf(Beat.Trading),
      words.killAcknowledged(),
    );
    if (verdict !== 'fine') void this.kill.takeOver(verdict);
    this.lease.look();
    if (this.lease.holder !== null) words.lower(CommandBit.LeaseLost);
  }

  #acquireLease(who: string): LeaseGrant {
    const grant = this.lease.acquire(who);
    // At once, so that arming right after it is not refused for the lease before.
    if (grant.granted) this.views.words.lower(CommandBit.LeaseLost);
    return grant;
  }

  #leaseEnded(end: LeaseEnd, who: string): void {
    this.views.words.raise(CommandBit.LeaseLost);
    // The bit may be lowered by the next holder before the thread looks; a command is always seen.
    if (!this.isStopped && !this.kill.isThreadDead) {
      void this.relay.send({ code: CommandCode.LeaseLost });
    }
    const wasArmed = this.state === TradingState.Armed;
    const how = end === 'expired' ? 'is gone' : 'has let go';
    const text = `nobody is in charge: ${who} ${how}`;
    if (wasArmed) this.stateReason = text;
    this.alerts.add(wasArmed ? 'warn' : 'info', 'lease-ended', text);
    this.#terminals.sendStatus();
  }

  #second(): void {
    const journal = this.#journal.status.report();
    if (journal.state === JournalState.Failed) this.#journalBroken(journal.error);
    this.views.counters.poll();
    this.rates.second(this.views);
    this.#candles.look(this.nowNs(), this.sockets.market === 'up');
    this.marks.saveDay(this.views.engine, false);
    this.views.refresh();
    const point = this.history.equity(this.views.engine, this.nowNs());
    if (point !== null) this.#terminals.broadcast({ type: 'equity', point });
    const isQuiet = this.state === TradingState.Disarmed && !isAnyUnlocked(this.views);
    const isIdle = isQuiet && this.isFlat();
    // Twice in a row: the view may be a moment older than the answer to what armed.
    this.#idleSeconds = isIdle ? this.#idleSeconds + 1 : 0;
    if (this.#idleSeconds > 1 && this.kill.mayForget()) this.marks.forget();
    const idleMs = this.lease.lostForMs();
    const limit = this.options.lease.flattenAfterMs;
    if (limit > 0 && idleMs > limit && !this.isFlat())
      void this.relay.send({ code: CommandCode.Flatten });
  }

  #alerted(alert: Alert): void {
    this.#terminals.broadcast({ type: 'alert', alert });
    this.#terminals.broadcast({ type: 'event', event: this.history.alert(alert) });
  }

  #journalBroken(reason: string): void {
    this.views.words.raise(CommandBit.JournalFailed);
    const text =
      `the journal cannot be written (${reason}): no entries, exits go on; ` +
      'free the disk and start the engine again';
    this.alerts.once('danger', 'journal-failed', text);
  }

  async #renewCountdown(): Promise<void> {
    if (this.isStopped || !this.marks.isExposed || this.kill.isThreadDead) return;
    if (!this.#watchdog.isBeating(performance.now())) return;
    await this.renewCountdown();
  }

  /** Arms the venue's dead-man's switch on every symbol. One alert for all that failed. */
  async renewCountdown(): Promise<boolean> {
    const symbols = this.options.symbols;
    const errors = await this.start.venue.countdown(symbols, this.options.countdown.windowMs);
    if (errors.length > 0) this.alerts.add('warn', 'countdown', errors[0]!);
    return errors.length === 0;
  }

  #onTrading(message: TradingMessage, ready: () => void): void {
    switch (message.kind) {
      case 'ready':
        this.#watchdog.reset(performance.now());
        this.#isTrading = true;
        ready();
        return;
      case 'snapshotWanted':
        void fetchSnapshot(this, message.instrument, () =>
          this.#thread.tell({ kind: 'snapshotFailed', instrument: message.instrument }),
        );
        return;
      case 'notice':
        this.alerts.add(message.level, message.code, message.text);
        return;
      case 'sockets':
        this.sockets.market = message.market;
        this.sockets.orders = message.orders;
        this.sockets.user = message.user;
        return;
      case 'replay':
        this.replay?.onReport(message.report, message.isClosed);
        this.replayProgress = this.replay?.status()?.share ?? null;
        return;
      case 'tapeEnded':
        this.alerts.add('info', 'tape-ended', 'the tape has ended');
        this.#tapeEnded.resolve();
        return;
      case 'stopped':
        return;
    }
  }

  /** Alerts newest first, for the status. */
  alertList(): readonly Alert[] {
    return this.alerts.list();
  }
}

/** A wall clock that is set back must not lengthen a lease. */
function monotonicMs(): number {
  return performance.now();
}
