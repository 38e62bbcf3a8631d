/**
 * fixtures: a gate in a world where everything is in order, so that a test breaks one thing at a
 * time.
 *
 * Imports   engine domain, execution (the order table), portfolio, risk.
 */
import { Instrument, type InstrumentSpec } from '../../../../engine/domain/instrument.ts';
import { IntentAction, IntentBatch } from '../../../../engine/domain/intent.ts';
import { Market, MARKET_SIZE } from '../../../../engine/domain/market.ts';
import { BookState, Owner, TradingState } from '../../../../engine/domain/modes.ts';
import { OrderState, Purpose } from '../../../../engine/domain/order.ts';
import { OrderTable } from '../../../../engine/execution/order-table.ts';
import { AccountPnl } from '../../../../engine/portfolio/pnl.ts';
import { OWNERS, PositionKeeper } from '../../../../engine/portfolio/position-keeper.ts';
import { RiskClock, RiskContext, RiskFlag } from '../../../../engine/risk/context.ts';
import { RiskGate } from '../../../../engine/risk/gate.ts';
import { type LimitValues, Limits, simLimitValues } from '../../../../engine/risk/limits.ts';

export const SPEC: InstrumentSpec = {
  symbol: 'ABCUSDT',
  venue: 'binance-usdm',
  baseAsset: 'ABC',
  quoteAsset: 'USDT',
  tickSize: '0.01',
  lotSize: '0.001',
  minQty: '0.001',
  maxQty: '900',
  minNotional: '5',
  makerFee: '0.0002',
  takerFee: '0.0005',
};
/** Two instruments at 100.00: one lot is worth 0.1 quote. */
export const MID = 10_000;
export const NOW_MS = 1_000_000;

export interface Wish {
  readonly instrument?: number;
  readonly owner?: number;
  readonly purpose?: number;
  readonly side?: 1 | -1;
  readonly priceTicks?: number;
  readonly lots?: number;
  readonly reduceOnly?: boolean;
}

export class World {
  readonly instruments = [
    new Instrument(0, SPEC),
    new Instrument(1, { ...SPEC, symbol: 'XYZUSDT' }),
  ];
  readonly markets = [new Float64Array(MARKET_SIZE), new Float64Array(MARKET_SIZE)];
  readonly keeper = new PositionKeeper(this.instruments);
  readonly pnl = new AccountPnl(this.instruments, this.keeper);
  readonly orders = new OrderTable(2);
  readonly context: RiskContext;
  readonly gate: RiskGate;
  readonly #intents = new IntentBatch();
  #sequence = 0;

  constructor(limits: LimitValues = {}, routineCodes: readonly number[] = [-5022]) {
    this.context = new RiskContext({
      instruments: this.instruments,
      markets: this.markets,
      positions: this.keeper,
      pnl: this.pnl,
      orders: this.orders,
    });
    this.gate = new RiskGate({
      instruments: this.instruments,
      limits: new Limits(2, { ...simLimitValues(), ...limits }),
      context: this.context,
      routineCodes,
    });
    for (const market of this.markets) quiet(market);
    this.arm(TradingState.Armed);
    this.context.ladderUnlocked.fill(1);
    this.context.stale.fill(0);
    this.at(NOW_MS);
  }

  at(ms: number): void {
    this.context.clock[RiskClock.NowNs] = ms * 1e6;
    for (const market of this.markets) {
      market[Market.DepthNs] = ms * 1e6;
      market[Market.TouchNs] = ms * 1e6;
      market[Market.LastTradeNs] = ms * 1e6;
    }
  }

  arm(state: number): void {
    this.context.flags[RiskFlag.GlobalState] = state;
    this.context.instrumentState.fill(state);
    this.context.strategyState.fill(state);
  }

  hold(owner: number, lots: number, instrument = 0): void {
    const fill = new Float64Array([Math.sign(lots), Math.abs(lots), MID, 0, 0, 0]);
    this.keeper.onFill(instrument, owner, fill);
  }

  /** An order of ours that is at work. */
  working(wish: Wish & { readonly state?: number; readonly filled?: number }): number {
    const table = this.orders;
    this.#sequence += 1;
    const slot = table.claim(this.#sequence, wish.instrument ?? 0);
    table.owner[slot] = wish.owner ?? Owner.Scalper;
    table.purpose[slot] = wish.purpose ?? Purpose.Entry;
    table.side[slot] = wish.side ?? 1;
    table.priceTicks[slot] = wish.priceTicks ?? MID - 100;
    table.lots[slot] = wish.lots ?? 100;
    table.filledLots[slot] = wish.filled ?? 0;
    table.reduceOnly[slot] = wish.reduceOnly === true ? 1 : 0;
    table.state[slot] = wish.state ?? OrderState.Open;
    return slot;
  }

  check(wish: Wish = {}): number {
    const batch = this.#intents;
    batch.clear();
    const row = batch.claim(
      IntentAction.Place,
      wish.instrument ?? 0,
      wish.owner ?? Owner.Scalper,
      0,
    );
    batch.purpose[row] = wish.purpose ?? Purpose.Entry;
    batch.side[row] = wish.side ?? 1;
    batch.priceTicks[row] = wish.priceTicks ?? MID;
    batch.lots[row] = wish.lots ?? 100;
    batch.reduceOnly[row] = wish.reduceOnly === true ? 1 : 0;
    return this.gate.check(batch, row);
  }

  cancel(): number {
    this.#intents.clear();
    return this.gate.check(this.#intents, this.#intents.claim(IntentAction.Cancel, 0, 1, 0));
  }
}

export { OWNERS };

function quiet(market: Float64Array): void {
  market[Market.Valid] = 1;
  market[Market.BookState] = BookState.Synced;
  market[Market.BidTicks] = MID - 1;
  market[Market.AskTicks] = MID + 1;
  market[Market.BidLots] = 500;
  market[Market.AskLots] = 500;
  market[Market.MidTicks] = MID;
  market[Market.LastTradeTicks] = MID;
  market[Market.MarkTicks] = MID;
}
