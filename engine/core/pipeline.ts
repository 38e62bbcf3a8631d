/**
 * pipeline: one turn of trading, from market records and other inputs to orders.
 *
 * The seam of the whole engine: live sockets, a tape, the exchange core under virtual time and a
 * session's own journal all drive these same calls in this order:
 *
 *   clock[…] set → beginTurn → { command | market | orderEvent }* → decide → clock[EndNs] set →
 *   endTurn
 *
 * Everything it reads is journaled as an input, everything it decides as an output, so the inputs
 * of a journal give its outputs again, byte for byte. It knows no socket, no clock and no
 * randomness.
 *
 * Order in a turn: commands, then market and order events as they came, then for each instrument
 * that changed (all of them on timer turns): exits → quotes → entries, each intent through the risk
 * gate.
 *
 * Writer    the trading thread. Units: ticks, lots, E8, engine ns.
 * Hot path: no allocation.
 * Imports   everything in engine but replay, runtime, shell, cli.
 */
import { NS_PER_MS } from '../base/clock.ts';
import {
  createFreshness,
  FreshnessLimit,
  noteMessage,
  Stale as Stale_,
} from '../book/freshness.ts';
import { staleMeasures } from '../book/freshness.ts';
import { MarketBooks } from '../book/market-books.ts';
import type { MarketState } from '../book/market-state.ts';
import { Decision as Decision_ } from '../domain/decision.ts';
import { Instrument } from '../domain/instrument.ts';
import { Market as Market_ } from '../domain/market.ts';
import { BookState, Owner as Owner_, TradingState } from '../domain/modes.ts';
import { parameterValues } from '../domain/parameter.ts';
import { Quote as Quote_, QUOTE_SIZE } from '../domain/quote.ts';
import { Verdict } from '../domain/verdict.ts';
import type { Gateway } from '../execution/gateway.ts';
import { eventInstrumentOf, eventKindOf, VenueEventKind } from '../execution/order-events.ts';
import { OrderManager } from '../execution/order-manager.ts';
import { OrderTable } from '../execution/order-table.ts';
import { ROUTINE_CODES } from '../execution/venues/binance-usdm/errors.ts';
import { ExitManager } from '../exits/exit-manager.ts';
import { EXIT_FIELDS } from '../exits/parameters.ts';
import { ScalpTable } from '../exits/scalp-table.ts';
import { quoterParameters } from '../market-making/parameters.ts';
import { Quoter, QuoterAllowed as QuoterAllowed_ } from '../market-making/quoter.ts';
import { MessageClass as MessageClass_ } from '../memory/market-record.ts';
import type { MarketBatch } from '../memory/market-record.ts';
import { OrderEventField, TurnKind as TurnKind_ } from '../memory/slots.ts';
import type { SlotSink } from '../memory/slots.ts';
import { AccountPnl, Pnl as Pnl_ } from '../portfolio/pnl.ts';
import { PositionKeeper } from '../portfolio/position-keeper.ts';
import { RiskClock as RiskClock_, RiskContext, RiskFlag as RiskFlag_ } from '../risk/context.ts';
import { RiskGate } from '../risk/gate.ts';
import { Limits } from '../risk/limits.ts';
import { Column as Column_, Permit as Permit_, permitsOver } from '../risk/state-table.ts';
import { CorrelationMatrix } from '../signals/correlation.ts';
import { signalParameters } from '../signals/parameters.ts';
import { SignalSet } from '../signals/signal-set.ts';
import {
  contextSize,
  Fresh as Fresh_,
  FRESH_ALL,
  ScalperContext as ScalperContext_,
} from '../strategies/context.ts';
import { SCALPER_FIELDS } from '../strategies/scalper/parameters.ts';
import { Scalper } from '../strategies/scalper/scalper.ts';
import { Judgement as Judgement_ } from '../strategies/strategy.ts';
import { Stage } from '../telemetry/stages.ts';
import { AccountWatch } from './account-watch.ts';
import { ClockField as ClockField_ } from './clock-field.ts';
import { STRATEGY_MARKET_MAKING, STRATEGY_SCALPER } from './command-codes.ts';
import { OrderDesk } from './order-desk.ts';
import type { PipelineOptions } from './pipeline-options.ts';
import type { Probe } from './probe.ts';
import { Recorder } from './recorder.ts';
import { ScopeStates } from './scope-states.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = Market_;
const ClockField = ClockField_;
const ScalperContext = ScalperContext_;
const RiskFlag = RiskFlag_;
const RiskClock = RiskClock_;
const Column = Column_;
const Permit = Permit_;
const Stale = Stale_;
const Fresh = Fresh_;
const Pnl = Pnl_;
const Quote = Quote_;
const QuoterAllowed = QuoterAllowed_;
const Owner = Owner_;
const Decision = Decision_;
const TurnKind = TurnKind_;
const MessageClass = MessageClass_;
const Judgement = Judgement_;

export interface PipelineParts {
  readonly journal: SlotSink;
  readonly host: SlotSink | null;
  readonly probe: Probe;
  /** Made once, for the order table it is given. */
  gateway(
    table: OrderTable,
    instruments: readonly Instrument[],
    markets: readonly MarketState[],
  ): Gateway;
}

export class Pipeline {
  readonly options: PipelineOptions;
  readonly instruments: readonly Instrument[];
  readonly clock = new Float64Array(4);
  readonly books: MarketBooks;
  readonly signals: readonly SignalSet[];
  readonly states: ScopeStates;
  readonly table: OrderTable;
  readonly manager: OrderManager;
  readonly keeper: PositionKeeper;
  readonly accountWatch: AccountWatch;
  readonly pnl: AccountPnl;
  readonly risk: RiskContext;
  readonly gate: RiskGate;
  readonly exits: ExitManager;
  readonly quoter: Quoter;
  readonly scalper: Scalper;
  readonly correlations: CorrelationMatrix;
  readonly recorder: Recorder;
  readonly desk: OrderDesk;
  readonly probe: Probe;
  /** Freshness state of each instrument (book/freshness) and its stale bits of the last look. */
  readonly freshness: readonly Float64Array[];
  readonly staleMasks: Int32Array;
  /** Messages, decisions told and vetoes told, by instrument. */
  readonly messageCounts: Float64Array;
  readonly vetoCounts: Float64Array;
  /** 1 while a person's flatten of the instrument is under way. */
  readonly flattening: Int32Array;
  /** 1: the hand holds what a start found and no journal explains; until it is flat. */
  readonly unexplained: Int32Array;
  /** 1: the instrument was touched in this turn and must be decided and shown. */
  readonly touched: Uint8Array;
  decisionCount = 0;
  turnCount = 0;
  recordCount = 0;
  latencyNs = 0;
  readonly wallet = new Float64Array(1);

  readonly #freshLimits = new Float64Array(3);
  readonly #times = new Float64Array(5);
  readonly #context: Float64Array;
  readonly #mids: Float64Array;
  readonly #wall = new Float64Array(1);
  readonly #quoteStates: Int32Array;
  #turnKind = 0;
  #turnRecords = 0;

  constructor(options: PipelineOptions, parts: PipelineParts) {
    this.options = options;
    this.instruments = options.specs.map((spec, index) => new Instrument(index, spec));
    const count = this.instruments.length;
    this.probe = parts.probe;
    this.recorder = new Recorder(parts.journal, parts.host);
    this.books = new MarketBooks(this.instruments);
    const markets = this.books.states.map((state) => state.fields);
    const signals = signalParameters(options.signals);
    this.signals = this.instruments.map((instrument) => new SignalSet(instrument, signals));
    this.states = new ScopeStates(count, options.initialState);
    this.table = new OrderTable(count);
    this.manager = new OrderManager({
      table: this.table,
      gateway: parts.gateway(this.table, this.instruments, this.books.states),
      instruments: this.instruments,
      timing: { receiveWindowNs: options.receiveWindowMs * NS_PER_MS },
    });
    this.keeper = new PositionKeeper(this.instruments);
    this.accountWatch = new AccountWatch(this.keeper, this.manager.counters);
    this.pnl = new AccountPnl(this.instruments, this.keeper);
    this.risk = new RiskContext({
      instruments: this.instruments,
      markets,
      positions: this.keeper,
      pnl: this.pnl,
      orders: this.table,
    });
    this.gate = new RiskGate({
      instruments: this.instruments,
      limits: new Limits(count, options.limits),
      context: this.risk,
      routineCodes: ROUTINE_CODES,
    });
    const exits = parameterValues(EXIT_FIELDS, options.exits);
    this.exits = new ExitManager(this.instruments, exits, new ScalpTable());
    this.quoter = new Quoter(this.instruments, quoterParameters(options.quoter));
    this.correlations = new CorrelationMatrix(count);
    const scalper = parameterValues(SCALPER_FIELDS, options.scalper);
    this.scalper = new Scalper(this.instruments, scalper, this.correlations);
    this.freshness = this.instruments.map(() => createFreshness());
    this.staleMasks = new Int32Array(count).fill(Stale.NoData);
    this.messageCounts = new Float64Array(count);
    this.vetoCounts = new Float64Array(count);
    this.flattening = new Int32Array(count);
    this.unexplained = new Int32Array(count);
    this.touched = new Uint8Array(count);
    this.#context = new Float64Array(contextSize(count));
    this.#mids = new Float64Array(count);
    this.#quoteStates = new Int32Array(count).fill(-1);
    this.wallet[0] = options.equityE8;
    this.#freshLimits[FreshnessLimit.AgeNs] = options.freshness.ageMs * NS_PER_MS;
    this.#freshLimits[FreshnessLimit.VenueLagNs] = options.freshness.venueLagMs * NS_PER_MS;
    this.#freshLimits[FreshnessLimit.LoopLagNs] = options.freshness.loopLagMs * NS_PER_MS;
    this.#times[2] = options.anchorWallMs;
    this.desk = new OrderDesk({
      manager: this.manager,
      gate: this.gate,
      keeper: this.keeper,
      exits: this.exits,
      quoter: this.quoter,
      recorder: this.recorder,
      probe: this.probe,
      clock: this.clock,
      instruments: count,
    });
    this.statesChanged();
  }

  /** Opens a turn; clock[NowNs], [LoopLagNs] and [Health] are set. */
  beginTurn(kind: number): void {
    const clock = this.clock;
    this.#turnKind = kind;
    this.#turnRecords = 0;
    this.turnCount = (this.turnCount + 1) | 0;
    this.recorder.turnBegin(kind, clock);
    this.risk.clock[RiskClock.NowNs] = clock[ClockField.NowNs]!;
    this.risk.clock[RiskClock.LoopLagNs] = clock[ClockField.LoopLagNs]!;
    this.risk.flags[RiskFlag.Health] = clock[ClockField.Health]! | 0;
    this.exits.clock[0] = clock[ClockField.NowNs]!;
  }

  /** Market records, whole messages or parts of a snapshot. */
  market(batch: MarketBatch): void {
    const count = batch.count;
    this.recorder.market(batch, 0, count);
    this.#turnRecords += count;
    let row = 0;
    while (row < count) {
      row = this.books.applyMessage(batch, row, this.clock);
      const messageClass = this.books.lastClass;
      if (messageClass !== 0) this.#endOfMessage(this.books.lastInstrument, messageClass);
    }
  }

  /** One row of an order event queue, or of a journal. */
  orderEvent(words: Int32Array, doubles: Float64Array, base: number): void {
    this.recorder.input(doubles, words, base, 3);
    const header = words[base * 2]!;
    const instrument = eventInstrumentOf(header);
    if (eventKindOf(header) === VenueEventKind.Position) {
      this.keeper.setVenuePosition(instrument, doubles, base + OrderEventField.Lots);
      return;
    }
    this.manager.onEvent(words, doubles, base);
    this.desk.drain();
    if (instrument < this.touched.length) this.touched[instrument] = 1;
  }

  /** Exits, quotes and entries of everything that changed in this turn. */
  decide(): void {
    const count = this.instruments.length;
    const isTimer = this.#turnKind === TurnKind.Timer;
    if (isTimer) this.#timer();
    for (let i = 0; i < count; i++) {
      if (isTimer || this.touched[i] === 1) this.#decideFor(i);
    }
    this.#watch();
    if (isTimer) this.desk.hasScalpNews = true;
    this.desk.recordScalps(this.touched);
  }

  /** Closes the turn; clock[EndNs] is set. `touched` stays for the publisher, which clears it. */
  endTurn(): void {
    this.recordCount += this.#turnRecords;
    this.recorder.turnEnd(this.#turnRecords, this.clock);
    this.recorder.publish();
  }

  /** Copies the scope states to where the gate reads them. After every change of a state. */
  statesChanged(): void {
    const { risk, states } = this;
    risk.flags[RiskFlag.GlobalState] = states.global[0]!;
    for (let i = 0; i < this.instruments.length; i++) {
      risk.instrumentState[i] = states.instrument[i]!;
      risk.setStrategyState(Owner.Scalper, i, states.cell(STRATEGY_SCALPER, i));
      risk.setStrategyState(Owner.Quoter, i, states.cell(STRATEGY_MARKET_MAKING, i));
      risk.setStrategyState(Owner.Hand, i, TradingState.Armed);
      risk.ladderUnlocked[i] = states.ladder[i]!;
      if (this.keeper.lots(i, Owner.Hand) === 0) this.unexplained[i] = 0;
      risk.reconciled[i] = 1 - this.unexplained[i]!;
      const isQuoting = states.cell(STRATEGY_MARKET_MAKING, i) === TradingState.Armed;
      this.quoter.setEnabled(i, isQuoting && states.global[0] === TradingState.Armed);
    }
    if (states.global[0] !== TradingState.Armed) this.exits.withdrawEntries(-1);
  }

  /** Cell-wise AND of what an owner may do on an instrument. */
  permits(strategy: number, instrument: number, column: number): number {
    const { states } = this;
    const own = states.instrument[instrument]!;
    return permitsOver(states.global[0]!, own, states.cell(strategy, instrument), column);
  }

  /** Verdict number of what holds an armed strategy back as a whole; 0 when nothing does. */
  heldBack(strategy: number, instrument: number): number {
    if (this.states.cell(strategy, instrument) !== TradingState.Armed) return 0;
    if (this.states.global[0] !== TradingState.Armed) return Verdict.STATE_FORBIDS;
    const fields = this.books.states[instrument]!.fields;
    if (fields[Market.BookState] !== BookState.Synced) return Verdict.FEED_NOT_SYNCED;
    if (this.staleMasks[instrument] !== 0) return Verdict.STALE_DATA;
    if (this.gate.latched[instrument] === 1) return Verdict.REPEATED_EXECUTION;
    return 0;
  }

  /** The turn under way, or the last one, is a timer's. */
  get isTimerTurn(): boolean {
    return this.#turnKind === TurnKind.Timer;
  }

  #endOfMessage(instrument: number, messageClass: number): void {
    const { probe } = this;
    const fields = this.books.states[instrument]!.fields;
    if (probe.isSampling) probe.mark(Stage.Book);
    if (messageClass !== MessageClass.Status) {
      const times = this.#times;
      times[0] = this.clock[ClockField.NowNs]!;
      // A snapshot carries no venue time of its own.
      const hasTime = messageClass !== MessageClass.Snapshot;
      times[1] = hasTime ? fields[Market.VenueTimeMs]! : 0;
      noteMessage(this.freshness[instrument]!, times, 0);
    }
    this.signals[instrument]!.update(fields);
    if (probe.isSampling) probe.mark(Stage.Signals);
    this.pnl.mark(instrument, fields);
    this.messageCounts[instrument]! += 1;
    this.touched[instrument] = 1;
  }

  #timer(): void {
    const count = this.instruments.length;
    this.manager.onTimer(this.clock);
    this.desk.drain();
    const nowNs = this.clock[ClockField.NowNs]!;
    for (let i = 0; i < count; i++) {
      const fields = this.books.states[i]!.fields;
      fields[Market.NowNs] = nowNs;
      this.signals[i]!.onTimer(fields);
      this.#mids[i] = fields[Market.Valid] === 1 ? fields[Market.MidTicks]! : 0;
    }
    this.correlations.sample(this.#mids, this.clock);
    this.#wall[0] = this.options.anchorWallMs + nowNs / NS_PER_MS;
    this.pnl.update(this.#wall);
  }

  #decideFor(instrument: number): void {
    const { probe, desk } = this;
    const fields = this.books.states[instrument]!.fields;
    const readings = this.signals[instrument]!.readings;
    const times = this.#times;
    times[3] = this.clock[ClockField.NowNs]!;
    times[4] = this.clock[ClockField.LoopLagNs]!;
    const stale = staleMeasures(this.freshness[instrument]!, this.#freshLimits, times, 3);
    this.staleMasks[instrument] = stale;
    this.risk.stale[instrument] = stale;
    fields[Market.NowNs] = times[3]!;

    const exits = this.permits(STRATEGY_SCALPER, instrument, Column.Exits);
    const flatten = this.flattening[instrument]! << 1;
    const protective = (exits & Permit.Protective) !== 0 ? 1 : 0;
    this.exits.evaluate(instrument, fields, readings, protective | flatten, desk.intents);
    if (desk.intents.count > 0) desk.submit();
    this.#quote(instrument, fields, readings, stale);
    this.#enter(instrument, fields, readings, stale);
    if (probe.isSampling) probe.mark(Stage.Decision);
  }

  #quote(instrument: number, fields: Float64Array, readings: Float64Array, stale: number): void {
    const { desk } = this;
    let allowed = 0;
    const quotes = this.permits(STRATEGY_MARKET_MAKING, instrument, Column.Quotes);
    if ((quotes & Permit.Quote) !== 0) allowed |= QuoterAllowed.Quotes;
    if (stale !== 0) allowed |= QuoterAllowed.Stale;
    const exits = this.permits(STRATEGY_MARKET_MAKING, instrument, Column.Exits);
    const mayUnwind = (exits & Permit.AnyExit) !== 0 || this.flattening[instrument] === 1;
    if (mayUnwind) allowed |= QuoterAllowed.Unwind;
    if (this.flattening[instrument] === 1) allowed |= QuoterAllowed.Flatten;
    this.quoter.evaluate(instrument, fields, readings, allowed, desk.intents);
    if (desk.intents.count > 0) desk.submit();
    this.#recordQuote(instrument);
  }

  /** Journals a quoter's row when its state or its reason has changed. */
  #recordQuote(instrument: number): void {
    const { rows } = this.quoter;
    const at = instrument * QUOTE_SIZE;
    const state = (rows[at + Quote.State]! << 8) | rows[at + Quote.Reason]!;
    if (state === this.#quoteStates[instrument]) return;
    this.#quoteStates[instrument] = state;
    this.recorder.quote(rows, instrument);
  }

  #enter(instrument: number, fields: Float64Array, readings: Float64Array, stale: number): void {
    const { desk, scalper } = this;
    if (fields[Market.Valid] !== 1) return;
    this.#fillContext(instrument, stale);
    const judged = scalper.evaluate(instrument, fields, readings, this.#context, desk.intents);
    if (judged === Judgement.Nothing) return;
    const decision = scalper.decision;
    this.decisionCount += 1;
    decision[Decision.Sequence] = this.decisionCount;
    if (judged === Judgement.Entry) desk.submitEntry(decision);
    if (decision[Decision.Verdict] !== Verdict.PASS) this.vetoCounts[instrument]! += 1;
    this.recorder.decision(decision, instrument);
  }

  #fillContext(instrument: number, stale: number): void {
    const c = this.#context;
    const { exits, keeper } = this;
    c[ScalperContext.NowNs] = this.clock[ClockField.NowNs]!;
    c[ScalperContext.EquityE8] = this.wallet[0]! + this.pnl.fields[Pnl.EquityE8]!;
    c[ScalperContext.OpenScalps] = exits.openCounts[instrument]!;
    c[ScalperContext.FreeSlots] = exits.table.freeCount;
    c[ScalperContext.OtherOwnersLots] =
      keeper.lots(instrument, Owner.Quoter) + keeper.lots(instrument, Owner.Hand);
    c[ScalperContext.LatencyNs] = this.latencyNs;
    c[ScalperContext.FreshMask] = freshMaskOf(stale);
    c[ScalperContext.SessionBlocked] = 0;
    c[ScalperContext.LastEndNs] = exits.lastEndNs[instrument]!;
    for (let i = 0; i < this.instruments.length; i++) {
      const lots = keeper.totalLots(i);
      if (lots === 0) {
        // Most instruments are flat, and their markets need not be looked at.
        c[ScalperContext.Exposure0 + i] = 0;
        continue;
      }
      const mid = this.books.states[i]!.fields[Market.MidTicks]!;
      c[ScalperContext.Exposure0 + i] = lots * mid * this.instruments[i]!.tickLotE8;
    }
  }

  /** The account's condition may ask for a lesser state. */
  #watch(): void {
    const asked = this.gate.watch();
    if (asked >= 0) this.#restrict(asked, this.gate.requestReason);
    if (this.#turnKind !== TurnKind.Timer) return;
    const wrong = this.accountWatch.look(this.clock);
    if (wrong !== Verdict.PASS) this.#restrict(TradingState.Halted, wrong);
  }

  #restrict(state: number, reason: number): void {
    if (!this.states.restrict(state, reason)) return;
    this.statesChanged();
    this.recorder.stateChange(0, state, -1, reason, this.clock);
    this.desk.isDirty = true;
  }
}

/** Stale bits of book/freshness as the fresh bits that strategies ask for. */
function freshMaskOf(stale: number): number {
  if (stale === 0) return FRESH_ALL;
  if ((stale & Stale.NoData) !== 0) return 0;
  let fresh = FRESH_ALL;
  if ((stale & Stale.Age) !== 0) fresh &= ~(Fresh.Depth | Fresh.Touch);
  if ((stale & Stale.VenueLag) !== 0) fresh &= ~Fresh.Venue;
  if ((stale & Stale.LoopLag) !== 0) fresh &= ~Fresh.Loop;
  return fresh;
}
