/**
 * limits: the numbers of the risk gate, as data. Every one is unset until somebody sets it, and an
 * unset limit denies whatever could open or grow a position.
 *
 * Scope     'instrument' limits may differ per instrument; 'account' ones are one for all.
 * Units     per entry of the schema; `quote` is quote money (not 1e-8), `bp` basis points.
 * Errors    EngineError 'config/invalid' for an unknown name or a value out of range.
 * Readers   risk/gate; config and the screen read the schema.
 * Imports   base.
 */
import { EngineError } from '../base/errors.ts';

export interface LimitEntry {
  readonly name: string;
  readonly scope: 'instrument' | 'account';
  readonly unit: string;
  /** Value in SIM mode when the configuration says nothing. */
  readonly sim: number;
  readonly most: number;
  readonly meaning: string;
}

/** Events remembered by one sliding window; a count limit cannot exceed it. */
export const WINDOW_EVENTS = 128;

export const Limit = {
  MaxOrderLots: 0,
  MaxOrderNotional: 1,
  MaxPositionNotional: 2,
  MaxGrossNotional: 3,
  CollarBp: 4,
  CollarReferences: 5,
  MaxLastAgeMs: 6,
  MaxOpenOrders: 7,
  MaxOpenOrdersAccount: 8,
  OrdersPerSecond: 9,
  OrderBurst: 10,
  OrderReserve: 11,
  DuplicateWindowMs: 12,
  RepeatFills: 13,
  RepeatWindowMs: 14,
  MaxDayLoss: 15,
  MaxDrawdown: 16,
  MaxDayFees: 17,
  MaxDataAgeMs: 18,
  MaxLoopLagMs: 19,
  MaxRejects: 20,
  RejectWindowMs: 21,
  MaxUnknowns: 22,
} as const;

const ANY = Number.MAX_SAFE_INTEGER;

/** In the order of `Limit`. */
export const LIMIT_SCHEMA = [
  entry('maxOrderLots', 'instrument', 'lots', 1e9, ANY, 'largest size of one order'),
  entry('maxOrderNotional', 'instrument', 'quote', 25_000, ANY, 'largest value of one order'),
  entry(
    'maxPositionNotional',
    'instrument',
    'quote',
    60_000,
    ANY,
    'largest position, working orders on the worse side included',
  ),
  entry('maxGrossNotional', 'account', 'quote', 250_000, ANY, 'sum over instruments of the same'),
  entry('collarBp', 'instrument', 'bp', 100, 10_000, 'how far a price may lie from each reference'),
  entry('collarReferences', 'account', 'bits', 7, 7, 'needed: 1 touch mid, 2 last trade, 4 mark'),
  entry('maxLastAgeMs', 'instrument', 'ms', 120_000, ANY, 'older last trades are no reference'),
  entry('maxOpenOrders', 'instrument', 'orders', 20, 1000, 'open orders of one instrument'),
  entry('maxOpenOrdersAccount', 'account', 'orders', 120, 1000, 'open orders of all'),
  entry('ordersPerSecond', 'account', 'orders/s', 18, 1000, 'rate at which the budget refills'),
  entry('orderBurst', 'account', 'orders', 100, 1000, 'most the budget holds'),
  entry('orderReserve', 'account', 'orders', 40, 1000, 'part of the budget kept for exits'),
  entry('duplicateWindowMs', 'account', 'ms', 50, 60_000, 'an equal order within it is denied'),
  entry(
    'repeatFills',
    'instrument',
    'fills',
    100,
    WINDOW_EVENTS,
    'opening fills of one side within the window that latch the instrument off',
  ),
  entry('repeatWindowMs', 'account', 'ms', 5000, ANY, 'window of repeatFills'),
  entry('maxDayLoss', 'account', 'quote', 2000, ANY, 'a larger loss since 00:00 UTC reduces'),
  entry('maxDrawdown', 'account', 'quote', 2000, ANY, "a larger fall from the day's peak reduces"),
  entry('maxDayFees', 'account', 'quote', 5000, ANY, 'more fees since 00:00 UTC reduce'),
  entry('maxDataAgeMs', 'account', 'ms', 2000, 60_000, 'older market data denies'),
  entry('maxLoopLagMs', 'account', 'ms', 50, 60_000, 'a later trading thread denies'),
  entry('maxRejects', 'account', 'rejects', 20, WINDOW_EVENTS, 'abnormal rejects that halt'),
  entry('rejectWindowMs', 'account', 'ms', 10_000, ANY, 'window of maxRejects and maxUnknowns'),
  entry('maxUnknowns', 'account', 'orders', 5, WINDOW_EVENTS, 'unknown outcomes that halt'),
] as const satisfies readonly LimitEntry[];

export const LIMIT_COUNT = LIMIT_SCHEMA.length;
export type LimitValues = Readonly<Record<string, number>>;

function entry(
  name: string,
  scope: 'instrument' | 'account',
  unit: string,
  sim: number,
  most: number,
  meaning: string,
): LimitEntry {
  return { name, scope, unit, sim, most, meaning };
}

/** The SIM defaults as configuration would write them. */
export function simLimitValues(): LimitValues {
  return Object.fromEntries(LIMIT_SCHEMA.map((limit) => [limit.name, limit.sim]));
}

export class Limits {
  readonly instrumentCount: number;
  /** Row instrument × LIMIT_COUNT + Limit; NaN is unset. Account limits stand in every row. */
  readonly values: Float64Array;
  /** 1 where any limit of the instrument is unset. */
  readonly unset: Int32Array;

  constructor(
    instrumentCount: number,
    values: LimitValues = {},
    perInstrument: readonly (LimitValues | undefined)[] = [],
  ) {
    this.instrumentCount = instrumentCount;
    this.values = new Float64Array(instrumentCount * LIMIT_COUNT).fill(NaN);
    this.unset = new Int32Array(instrumentCount).fill(1);
    for (let i = 0; i < instrumentCount; i++) {
      this.#apply(i, values, true);
      this.#apply(i, perInstrument[i] ?? {}, false);
    }
    this.#noteUnset();
  }

  of(instrument: number, limit: number): number {
    return this.values[instrument * LIMIT_COUNT + limit]!;
  }

  /** Names of limits that are still unset for an instrument. */
  unsetNames(instrument: number): string[] {
    const start = instrument * LIMIT_COUNT;
    return LIMIT_SCHEMA.filter((_, i) => Number.isNaN(this.values[start + i])).map((l) => l.name);
  }

  #apply(instrument: number, values: LimitValues, isAccount: boolean): void {
    for (const [name, value] of Object.entries(values)) {
      const index = LIMIT_SCHEMA.findIndex((limit) => limit.name === name);
      const schema = LIMIT_SCHEMA[index];
      if (schema === undefined) {
        throw new EngineError('config/invalid', `limits.${name} is no limit; remove it`, { name });
      }
      if (!isAccount && schema.scope === 'account') {
        throw new EngineError('config/invalid', `limits.${name} is one for all instruments`, {
          name,
        });
      }
      if (!Number.isFinite(value) || value < 0 || value > schema.most) {
        throw new EngineError(
          'config/invalid',
          `limits.${name} is ${value}; it must lie between 0 and ${schema.most} ${schema.unit}`,
          { name, value },
        );
      }
      this.values[instrument * LIMIT_COUNT + index] = value;
    }
  }

  #noteUnset(): void {
    for (let i = 0; i < this.instrumentCount; i++) {
      const start = i * LIMIT_COUNT;
      const row = this.values.subarray(start, start + LIMIT_COUNT);
      this.unset[i] = row.some((value) => Number.isNaN(value)) ? 1 : 0;
    }
  }
}
