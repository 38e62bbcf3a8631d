/**
 * fixtures: an order manager on a gateway that only remembers, and rows as a venue would send them.
 *
 * Imports   engine domain, execution, memory.
 */
import { Instrument, type InstrumentSpec } from '../../../../engine/domain/instrument.ts';
import { IntentAction, IntentBatch } from '../../../../engine/domain/intent.ts';
import { OrderEventKind as Kind, Purpose } from '../../../../engine/domain/order.ts';
import type { Gateway } from '../../../../engine/execution/gateway.ts';
import { OrderEventQueue } from '../../../../engine/execution/order-events.ts';
import { OrderManager } from '../../../../engine/execution/order-manager.ts';
import { OrderTable } from '../../../../engine/execution/order-table.ts';
import type { OrderTiming } from '../../../../engine/execution/order-timing.ts';
import { OrderEventField } from '../../../../engine/memory/slots.ts';

export const SPEC: InstrumentSpec = {
  symbol: 'ABCUSDT',
  venue: 'binance-usdm',
  baseAsset: 'ABC',
  quoteAsset: 'USDT',
  tickSize: '0.10',
  lotSize: '0.001',
  minQty: '0.001',
  maxQty: '900',
  minNotional: '5',
  makerFee: '0.0002',
  takerFee: '0.0005',
};

export const INSTRUMENTS: readonly Instrument[] = [
  new Instrument(0, SPEC),
  new Instrument(1, { ...SPEC, symbol: 'XYZUSDT', tickSize: '0.5', lotSize: '1', minQty: '1' }),
];

export class RecordingGateway implements Gateway {
  readonly sent: string[] = [];
  isUp = true;

  place(slot: number): boolean {
    return this.#note('place', slot);
  }

  cancel(slot: number): boolean {
    return this.#note('cancel', slot);
  }

  query(slot: number): boolean {
    return this.#note('query', slot);
  }

  /** How many requests of a kind there were. */
  count(kind: string): number {
    return this.sent.filter((line) => line.startsWith(kind)).length;
  }

  #note(kind: string, slot: number): boolean {
    if (this.isUp) this.sent.push(`${kind} ${slot}`);
    return this.isUp;
  }
}

export interface RowFields {
  readonly sequence?: number;
  readonly instrument?: number;
  readonly lots?: number;
  readonly priceTicks?: number;
  readonly cumulative?: number;
  readonly feeE8?: number;
  readonly realisedE8?: number;
  readonly tradeId?: number;
  readonly code?: number;
  readonly isMaker?: boolean;
}

const NO_FIELDS = {
  lots: 0,
  priceTicks: 0,
  cumulative: 0,
  feeE8: 0,
  realisedE8: 0,
  code: 0,
  isMaker: false,
} as const;

export interface FillSeen {
  readonly slot: number;
  readonly lots: number;
  readonly ticks: number;
  readonly isEstimated: boolean;
}

/** Everything an order-manager test needs, with time in ms. */
export class Desk {
  readonly table = new OrderTable(INSTRUMENTS.length);
  readonly gateway = new RecordingGateway();
  readonly manager: OrderManager;
  readonly clock = new Float64Array(1);
  readonly fills: FillSeen[] = [];
  /** `previous>state` of every change of state. */
  readonly steps: string[] = [];
  readonly #intents = new IntentBatch();
  readonly #rows = new OrderEventQueue(1);

  constructor(timing: Partial<OrderTiming> = {}) {
    this.manager = new OrderManager({
      table: this.table,
      gateway: this.gateway,
      instruments: INSTRUMENTS,
      timing,
    });
    this.at(1);
  }

  at(ms: number): this {
    this.clock[0] = ms * 1e6;
    return this;
  }

  timer(ms: number): void {
    this.at(ms);
    this.manager.onTimer(this.clock);
    this.drain();
  }

  place(
    fields: { lots?: number; side?: 1 | -1; priceTicks?: number; instrument?: number } = {},
  ): number {
    const batch = this.#intents;
    batch.clear();
    const row = batch.claim(IntentAction.Place, fields.instrument ?? 0, 1, 7);
    batch.purpose[row] = Purpose.Entry;
    batch.side[row] = fields.side ?? 1;
    batch.priceTicks[row] = fields.priceTicks ?? 1000;
    batch.lots[row] = fields.lots ?? 10;
    batch.timeInForce[row] = 0;
    const slot = this.manager.place(batch, row, this.clock);
    this.drain();
    return slot;
  }

  cancel(slot: number): boolean {
    const sent = this.manager.cancel(slot, this.clock);
    this.drain();
    return sent;
  }

  row(kind: number, slot: number, fields: RowFields = {}): void {
    this.#rows.clear();
    const sequence = fields.sequence ?? this.table.clientSequence[slot]!;
    const instrument = fields.instrument ?? (slot < 0 ? 0 : this.table.instrument[slot]!);
    const base = this.#rows.claim(kind, instrument, sequence);
    const doubles = this.#rows.doubles;
    const isStatus = kind === Kind.StatusFound || kind === Kind.StatusNotFound;
    // A status answers the newest query unless the test says otherwise.
    const usual = isStatus ? this.table.queryNumber[slot]! : 0;
    const wanted = { ...NO_FIELDS, tradeId: usual, ...fields };
    doubles[base + OrderEventField.Lots] = wanted.lots;
    doubles[base + OrderEventField.PriceTicks] = wanted.priceTicks;
    doubles[base + OrderEventField.CumulativeLots] = wanted.cumulative;
    doubles[base + OrderEventField.FeeE8] = wanted.feeE8;
    doubles[base + OrderEventField.RealisedE8] = wanted.realisedE8;
    doubles[base + OrderEventField.TradeId] = wanted.tradeId;
    doubles[base + OrderEventField.Code] = wanted.code;
    doubles[base + OrderEventField.IsMaker] = wanted.isMaker ? 1 : 0;
    doubles[base + OrderEventField.NowNs] = this.clock[0]!;
    this.manager.onEvent(this.#rows.words, doubles, base);
    this.drain();
  }

  drain(): void {
    const changes = this.manager.changes;
    for (let row = 0; row < changes.count; row++) {
      if (changes.previous[row] !== changes.state[row]) {
        this.steps.push(`${changes.previous[row]}>${changes.state[row]}`);
      }
      if (changes.fillLots[row] === 0) continue;
      this.fills.push({
        slot: changes.slot[row]!,
        lots: changes.fillLots[row]! * changes.fillSide[row]!,
        ticks: changes.fillTicks[row]!,
        isEstimated: changes.isEstimated[row] === 1,
      });
    }
    changes.clear();
  }
}
