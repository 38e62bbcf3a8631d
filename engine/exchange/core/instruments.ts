/**
 * instruments: what the simulated exchange lists, with the shape of each market's order flow.
 *
 * Tick and step are integers of 1e-8; one tick times one lot is an integer of 1e-8 quote units, so
 * every notional is exact. The default set mixes one-tick books with deep touches (BTC, ETH, SOL,
 * XRP, DOGE, ADA) and wide books with thin ones (LINK, AVAX).
 *
 * Units     prices in ticks, sizes in lots, notionals in quote units, spreads in ticks.
 * Imports   base/{assert,errors}.
 */
import { assert } from '../../base/assert.ts';
import { EngineError } from '../../base/errors.ts';

/** How the exogenous flow of one market looks. */
export interface FlowShape {
  /** Multiplies the default volatility. */
  readonly volatility: number;
  /** Weight of the common factor in returns; pairwise correlation is about the product of two. */
  readonly commonWeight: number;
  /** Share of the event budget, relative to the other markets. */
  readonly activity: number;
  /** Usual spread in ticks. 1 makes a one-tick book. */
  readonly spreadTicks: number;
  /** Mean resting notional at each side of the touch, in quote units. */
  readonly touchNotional: number;
  /** How strongly touch sizes lean towards the coming move (log size per unit of pressure). */
  readonly imbalanceLean: number;
  /** Ticks between neighbouring populated levels beyond the touch. */
  readonly levelGapTicks: number;
}

export interface SimInstrumentSpec {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Tick in 1e-8 quote units; step in 1e-8 base units. */
  readonly tickE8: number;
  readonly stepE8: number;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  readonly startPriceTicks: number;
  readonly maxPriceTicks: number;
  readonly minLots: number;
  readonly maxLots: number;
  readonly maxMarketLots: number;
  readonly minNotionalE8: number;
  readonly maxOpenOrders: number;
  readonly flow: FlowShape;
}

interface Row {
  readonly symbol: string;
  readonly price: number;
  readonly tick: string;
  readonly step: string;
  readonly flow: FlowShape;
}

function flow(
  volatility: number,
  commonWeight: number,
  activity: number,
  spreadTicks: number,
  touchNotional: number,
): FlowShape {
  const isWide = spreadTicks > 1;
  return {
    volatility,
    commonWeight,
    activity,
    spreadTicks,
    touchNotional,
    imbalanceLean: isWide ? 0.35 : 0.8,
    levelGapTicks: isWide ? 2 : 1,
  };
}

const ROWS: readonly Row[] = [
  {
    symbol: 'BTCUSDT',
    price: 65000,
    tick: '0.5',
    step: '0.001',
    flow: flow(0.8, 0.9, 1.5, 1, 240e3),
  },
  {
    symbol: 'ETHUSDT',
    price: 3400,
    tick: '0.05',
    step: '0.001',
    flow: flow(1, 0.85, 1.3, 1, 160e3),
  },
  { symbol: 'SOLUSDT', price: 165, tick: '0.01', step: '0.1', flow: flow(1.25, 0.75, 1, 1, 70e3) },
  { symbol: 'XRPUSDT', price: 2.2, tick: '0.0001', step: '0.1', flow: flow(1.05, 0.7, 1, 1, 60e3) },
  {
    symbol: 'LINKUSDT',
    price: 14.5,
    tick: '0.001',
    step: '0.01',
    flow: flow(1.2, 0.7, 0.7, 3, 18e3),
  },
  {
    symbol: 'DOGEUSDT',
    price: 0.17,
    tick: '0.00001',
    step: '1',
    flow: flow(1.3, 0.7, 0.9, 1, 50e3),
  },
  { symbol: 'AVAXUSDT', price: 21, tick: '0.001', step: '1', flow: flow(1.25, 0.7, 0.7, 5, 12e3) },
  { symbol: 'ADAUSDT', price: 0.62, tick: '0.0001', step: '1', flow: flow(1.1, 0.7, 0.9, 1, 90e3) },
];

function decimalsOf(text: string): number {
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
}

function specOf(row: Row): SimInstrumentSpec {
  const tickE8 = Math.round(Number(row.tick) * 1e8);
  const stepE8 = Math.round(Number(row.step) * 1e8);
  const stepNotional = row.price * Number(row.step);
  return checkedSpec({
    symbol: row.symbol,
    baseAsset: row.symbol.replace(/USDT$/, ''),
    quoteAsset: 'USDT',
    tickE8,
    stepE8,
    priceDecimals: decimalsOf(row.tick),
    sizeDecimals: decimalsOf(row.step),
    startPriceTicks: Math.round((row.price * 1e8) / tickE8),
    maxPriceTicks: Math.round((row.price * 100 * 1e8) / tickE8),
    minLots: 1,
    maxLots: Math.floor(10e6 / stepNotional),
    maxMarketLots: Math.floor(2e6 / stepNotional),
    minNotionalE8: 5e8,
    maxOpenOrders: 200,
    flow: row.flow,
  });
}

/** The spec itself, once its integers are exact; throws on a spec that could lose a unit. */
export function checkedSpec(spec: SimInstrumentSpec): SimInstrumentSpec {
  const unit = tickLotE8(spec);
  assert(Number.isInteger(unit) && unit > 0, `${spec.symbol}: tick × step is no multiple of 1e-8`);
  assert(spec.maxPriceTicks < 2 ** 30, `${spec.symbol}: prices leave the 31-bit tick range`);
  assert(spec.startPriceTicks > 100, `${spec.symbol}: start price is too few ticks`);
  assert(Number.isSafeInteger(spec.maxLots), `${spec.symbol}: max lots`);
  return spec;
}

/** Quote money of one tick times one lot, in 1e-8 units. */
export function tickLotE8(spec: SimInstrumentSpec): number {
  return (spec.tickE8 * spec.stepE8) / 1e8;
}

export const DEFAULT_INSTRUMENTS: readonly SimInstrumentSpec[] = ROWS.map(specOf);

/** The default specs of the named symbols, in the order given; 'input/unknown-symbol' else. */
export function instrumentsNamed(symbols: readonly string[]): SimInstrumentSpec[] {
  if (new Set(symbols).size !== symbols.length) {
    throw new EngineError('usage/invalid', `symbols names one twice: ${symbols.join(', ')}`);
  }
  return symbols.map((symbol) => {
    const spec = DEFAULT_INSTRUMENTS.find((item) => item.symbol === symbol);
    if (spec !== undefined) return spec;
    const known = DEFAULT_INSTRUMENTS.map((item) => item.symbol).join(', ');
    throw new EngineError(
      'input/unknown-symbol',
      `the simulated exchange does not list "${symbol}"; it lists ${known}`,
    );
  });
}
