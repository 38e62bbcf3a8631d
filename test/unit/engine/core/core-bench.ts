/**
 * core-bench: a whole trading core on a gateway that only remembers, with books, commands and order
 * events by hand, and everything it records read back.
 *
 * Imports   engine (core, domain, execution, memory, risk), test/unit/engine/execution.
 */
import { ClockField } from '../../../../engine/core/clock-field.ts';
import { COMMAND_SLOTS, CommandCode } from '../../../../engine/core/command-codes.ts';
import { writeCommand } from '../../../../engine/core/command-desk.ts';
import { JOURNAL_VERSION } from '../../../../engine/core/pipeline-options.ts';
import type { PipelineOptions } from '../../../../engine/core/pipeline-options.ts';
import { noProbe } from '../../../../engine/core/probe.ts';
import { TradingCore } from '../../../../engine/core/trading-core.ts';
import { Decision, DECISION_SIZE } from '../../../../engine/domain/decision.ts';
import type { InstrumentSpec } from '../../../../engine/domain/instrument.ts';
import { IntentAction } from '../../../../engine/domain/intent.ts';
import { BookState, Mode, Owner, TradingState } from '../../../../engine/domain/modes.ts';
import {
  OrderEventKind,
  OrderState,
  Purpose,
  TimeInForce,
} from '../../../../engine/domain/order.ts';
import { OrderEventQueue } from '../../../../engine/execution/order-events.ts';
import { MarketBatch, MessageClass, RecordKind } from '../../../../engine/memory/market-record.ts';
import { SlotBuffer } from '../../../../engine/memory/slot-buffer.ts';
import { slotsOfRecord } from '../../../../engine/memory/slot-length.ts';
import {
  OrderEventField,
  SLOT_BYTES,
  SLOT_DOUBLES,
  SLOT_WORDS,
  SlotKind,
  TurnKind,
} from '../../../../engine/memory/slots.ts';
import { simLimitValues } from '../../../../engine/risk/limits.ts';
import { RecordingGateway } from '../execution/fixtures.ts';
import type { RowFields } from '../execution/fixtures.ts';

export const SPEC: InstrumentSpec = {
  symbol: 'ABCUSDT',
  venue: 'binance-usdm',
  baseAsset: 'ABC',
  quoteAsset: 'USDT',
  tickSize: '0.1',
  lotSize: '0.001',
  minQty: '0.001',
  maxQty: '900',
  minNotional: '5',
  makerFee: '0',
  takerFee: '0.0001',
};
export const SPECS: readonly InstrumentSpec[] = [SPEC, { ...SPEC, symbol: 'XYZUSDT' }];
/** 1,000.0 a unit; one lot of a thousandth is worth one. */
export const MID = 10_000;

/** One record as it lies in a sink. */
export interface SeenRecord {
  readonly kind: number;
  readonly flags: number;
  readonly instrument: number;
  readonly argument: number;
  readonly doubles: Float64Array;
}

export interface Answer {
  readonly refused: boolean;
  readonly verdict: number;
}

export function optionsOf(given: Partial<PipelineOptions> = {}): PipelineOptions {
  return {
    version: JOURNAL_VERSION,
    mode: Mode.Sim,
    session: 'bench',
    prefix: 'benchbnc',
    anchorWallMs: 1_790_000_000_000,
    initialState: TradingState.Disarmed,
    specs: SPECS,
    equityE8: 100_000e8,
    signals: { warmUpS: 1, warmUpTrades: 0 },
    scalper: {},
    exits: {},
    quoter: {},
    limits: simLimitValues(),
    freshness: { ageMs: 2000, venueLagMs: 500, loopLagMs: 50 },
    receiveWindowMs: 1000,
    ...given,
  };
}

/** A sink that keeps every record apart. */
export function keepingSink(into: SeenRecord[]): SlotBuffer {
  return new SlotBuffer(8192, (words, doubles, count) => {
    into.push(...recordsOf(words, doubles, count));
  });
}

export function recordsOf(words: Int32Array, doubles: Float64Array, count: number): SeenRecord[] {
  const out: SeenRecord[] = [];
  for (let slot = 0; slot < count;) {
    const header = words[slot * SLOT_WORDS]!;
    const slots = slotsOfRecord(words, slot * SLOT_WORDS);
    const first = slot * SLOT_DOUBLES;
    out.push({
      kind: header & 0xff,
      flags: (header >>> 8) & 0xff,
      instrument: header >>> 16,
      argument: words[slot * SLOT_WORDS + 1]!,
      doubles: doubles.slice(first, first + slots * SLOT_DOUBLES),
    });
    slot += slots;
  }
  return out;
}

export interface HandWish {
  readonly instrument?: number;
  readonly side?: 1 | -1;
  readonly price?: number;
  readonly lots?: number;
  readonly tif?: number;
  readonly reduceOnly?: boolean;
  readonly askedNs?: number;
}

export class CoreBench {
  readonly gateway = new RecordingGateway();
  readonly core: TradingCore;
  health = 0;
  loopLagMs = 0;
  nowMs = 1000;
  readonly #journal: SlotBuffer;
  readonly #host: SlotBuffer;
  readonly #journaled: SeenRecord[] = [];
  readonly #told: SeenRecord[] = [];
  readonly #batch = new MarketBatch();
  readonly #events = new OrderEventQueue(8);
  readonly #command = new Int32Array((COMMAND_SLOTS * SLOT_BYTES) / 4);
  #commandId = 0;
  #updateId = 100;
  #tradeId = 0;

  constructor(given: Partial<PipelineOptions> = {}) {
    this.#journal = keepingSink(this.#journaled);
    this.#host = keepingSink(this.#told);
    this.core = new TradingCore(optionsOf(given), {
      journal: this.#journal,
      host: this.#host,
      probe: noProbe(),
      gateway: () => this.gateway,
    });
  }

  get pipeline(): TradingCore['pipeline'] {
    return this.core.pipeline;
  }

  /** Records of a kind in the journal so far. */
  journaled(kind: number): SeenRecord[] {
    this.#journal.flush();
    return this.#journaled.filter((record) => record.kind === kind);
  }

  told(kind: number): SeenRecord[] {
    this.#host.flush();
    return this.#told.filter((record) => record.kind === kind);
  }

  forget(): void {
    this.#journal.flush();
    this.#host.flush();
    this.#journaled.length = 0;
    this.#told.length = 0;
  }

  turn(kind: number, inputs: () => void = () => undefined): void {
    const { clock } = this.core;
    clock[ClockField.NowNs] = this.nowMs * 1e6;
    clock[ClockField.LoopLagNs] = this.loopLagMs * 1e6;
    clock[ClockField.Health] = this.health;
    this.core.begin(kind);
    inputs();
    this.core.decide();
    clock[ClockField.EndNs] = this.nowMs * 1e6;
    this.core.end();
    this.pipeline.touched.fill(0);
  }

  /** Time passes in timer turns of 10 ms. */
  wait(ms: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end;) {
      this.nowMs += 10;
      this.turn(TurnKind.Timer);
    }
  }

  /** A synced book of ten levels a side round `mid`, one tick wide, with mark and last trade. */
  book(instrument = 0, mid = MID, lots = 50_000): void {
    this.turn(TurnKind.Snapshot, () => {
      const id = ++this.#updateId;
      this.#record(RecordKind.BookClear, 0, instrument, 0, [0, id]);
      for (let k = 0; k < 10; k++) {
        this.#record(RecordKind.BidLevel, 0, instrument, mid - k, [lots]);
        this.#record(RecordKind.AskLevel, 0, instrument, mid + 1 + k, [lots]);
      }
      this.#end(instrument, MessageClass.Snapshot, id);
      this.#record(RecordKind.Status, BookState.Synced, instrument, 0, []);
      this.#end(instrument, MessageClass.Status, 0);
      this.#record(RecordKind.Mark, 0, instrument, mid, []);
      this.#end(instrument, MessageClass.Mark, 0);
      this.#flush();
    });
    this.trade(instrument, 1, mid + 1, 1);
    this.touch(instrument, mid, mid + 1);
  }

  touch(instrument: number, bid: number, ask: number, lots = 50_000): void {
    this.turn(TurnKind.Message, () => {
      const id = ++this.#updateId;
      this.#record(RecordKind.TouchBid, 0, instrument, bid, [lots, id]);
      this.#record(RecordKind.TouchAsk, 0, instrument, ask, [lots, id]);
      this.#end(instrument, MessageClass.Touch, id);
      this.#flush();
    });
  }

  trade(instrument: number, side: 1 | -1, ticks: number, lots: number): void {
    this.turn(TurnKind.Message, () => {
      const kind = side > 0 ? RecordKind.BuyTrade : RecordKind.SellTrade;
      this.#record(kind, 0, instrument, ticks, [lots, ++this.#tradeId]);
      this.#end(instrument, MessageClass.Trade, this.#tradeId);
      this.#flush();
    });
  }

  /** A command in a turn of its own, with the answer it got. */
  command(
    code: number,
    scope: { strategy?: number; instrument?: number } = {},
    values: readonly number[] = [],
    askedNs = 0,
  ): Answer {
    const id = ++this.#commandId;
    const words = this.#command;
    const doubles = new Float64Array(words.buffer);
    writeCommand(words, doubles, 0, { code, id, ...scope, values, askedNs }, SlotKind.Command);
    this.turn(TurnKind.Command, () => this.core.command(words, doubles, 0));
    const ack = this.told(SlotKind.CommandAck).find((record) => record.doubles[1] === id);
    if (ack === undefined) throw new Error(`command ${id} was not answered`);
    return { refused: ack.argument === 1, verdict: ack.doubles[2]! };
  }

  /** Unlocks every ladder. */
  unlock(): Answer {
    return this.command(CommandCode.UnlockLadder, {}, [1]);
  }

  /** An order of the hand; 100 lots at the bid, good till cancelled, unless said otherwise. */
  byHand(given: HandWish = {}): Answer {
    const { instrument = 0, side = 1, price = MID, lots = 100, tif = TimeInForce.Gtc } = given;
    const values = [side, price, lots, tif, given.reduceOnly === true ? 1 : 0];
    return this.command(CommandCode.PlaceOrder, { instrument }, values, given.askedNs);
  }

  arm(): Answer {
    return this.command(CommandCode.Arm);
  }

  /** An order event of slot `slot` (−1: of nobody we know). */
  event(kind: number, slot: number, fields: RowFields = {}): void {
    const { table } = this.pipeline;
    const events = this.#events;
    events.clear();
    const isOurs = slot >= 0;
    const instrument = fields.instrument ?? (isOurs ? table.instrument[slot]! : 0);
    const base = events.claim(kind, instrument, isOurs ? table.clientSequence[slot]! : 0);
    const d = events.doubles;
    const { lots = 0, cumulative = lots, tradeId = ++this.#tradeId } = fields;
    const { priceTicks = 0, feeE8 = 0, realisedE8 = 0, code = 0, isMaker = false } = fields;
    d[base + OrderEventField.Lots] = lots;
    d[base + OrderEventField.PriceTicks] = priceTicks;
    d[base + OrderEventField.CumulativeLots] = cumulative;
    d[base + OrderEventField.FeeE8] = feeE8;
    d[base + OrderEventField.RealisedE8] = realisedE8;
    d[base + OrderEventField.TradeId] = tradeId;
    d[base + OrderEventField.Code] = code;
    d[base + OrderEventField.IsMaker] = Number(isMaker);
    d[base + OrderEventField.NowNs] = this.nowMs * 1e6;
    this.turn(TurnKind.Order, () => this.core.orderEvent(events.words, d, base));
  }

  /** The newest order's slot, −1 when nothing rests. */
  newestOrder(): number {
    const { table } = this.pipeline;
    let newest = -1;
    for (let k = 0; k < table.activeCount; k++) {
      const slot = table.active[k]!;
      const isNewer = newest < 0 || table.clientSequence[slot]! > table.clientSequence[newest]!;
      if (isNewer) newest = slot;
    }
    return newest;
  }

  /** An entry of the scalper as its decision would send it; the decision's verdict. */
  enter(given: { side?: 1 | -1; lots?: number; instrument?: number; price?: number } = {}): number {
    const { desk } = this.pipeline;
    const { side = 1, lots = 1000, instrument = 0 } = given;
    const price = given.price ?? (side > 0 ? MID + 1 : MID);
    const decision = new Float64Array(DECISION_SIZE);
    decision[Decision.Instrument] = instrument;
    decision[Decision.Side] = side;
    decision[Decision.PriceTicks] = price;
    decision[Decision.Lots] = lots;
    decision[Decision.Sigma5mTicks] = 20;
    decision[Decision.SpreadTicks] = 1;
    decision[Decision.CostTicks] = 3;
    decision[Decision.StopTicks] = price - side * 15;
    decision[Decision.TargetTicks] = price + side * 30;
    this.turn(TurnKind.Message, () => {
      const row = desk.intents.claim(IntentAction.Place, instrument, Owner.Scalper, -1);
      desk.intents.purpose[row] = Purpose.Entry;
      desk.intents.side[row] = side;
      desk.intents.priceTicks[row] = price;
      desk.intents.lots[row] = lots;
      desk.intents.timeInForce[row] = TimeInForce.Ioc;
      desk.submitEntry(decision);
    });
    return decision[Decision.Verdict]!;
  }

  /** An entry that is filled: an open scalp. Its slot in the scalp table. */
  openScalp(given: { side?: 1 | -1; lots?: number; instrument?: number } = {}): number {
    const verdict = this.enter(given);
    if (verdict !== 0) throw new Error(`the entry was denied: ${verdict}`);
    const order = this.newestOrder();
    const { table } = this.pipeline;
    const scalp = table.ownerRef[order]!;
    const fill = { lots: table.lots[order]!, priceTicks: table.priceTicks[order]!, feeE8: 1000 };
    this.event(OrderEventKind.Accepted, order);
    this.event(OrderEventKind.Fill, order, fill);
    this.wait(10);
    this.acceptAll();
    return scalp;
  }

  /** The venue has every order that was sent. */
  acceptAll(): void {
    const { table } = this.pipeline;
    for (const order of Array.from(table.active.slice(0, table.activeCount))) {
      if (table.state[order] === OrderState.PendingNew) this.event(OrderEventKind.Accepted, order);
    }
  }

  /** The market falls or rises through every stop; purposes of what was placed for it. */
  stopOut(instrument: number, bid: number): number[] {
    const before = this.journaled(SlotKind.OrderPlaced).length;
    const { table } = this.pipeline;
    for (let k = 0; k < 5; k++) {
      this.touch(instrument, bid, bid + 1);
      this.wait(20);
      const active = Array.from(table.active.slice(0, table.activeCount));
      for (const order of active) {
        const isCanceling = table.state[order] === OrderState.PendingCancel;
        if (isCanceling) this.event(OrderEventKind.Canceled, order);
      }
    }
    const placed = this.journaled(SlotKind.OrderPlaced).slice(before);
    return placed.map(({ doubles }) => doubles[6]!);
  }

  #record(
    kind: number,
    flags: number,
    instrument: number,
    ticks: number,
    values: readonly number[],
  ): void {
    const row = this.#batch.claim(kind, flags, instrument, ticks);
    values.forEach((value, k) => {
      this.#batch.doubles[row * SLOT_DOUBLES + 1 + k] = value;
    });
  }

  #end(instrument: number, messageClass: number, id: number): void {
    const venueMs = this.core.pipeline.options.anchorWallMs + this.nowMs;
    this.#record(RecordKind.EndOfMessage, messageClass, instrument, 0, [1, id, venueMs]);
  }

  #flush(): void {
    this.core.market(this.#batch);
    this.#batch.clear();
  }
}
