/** parts of the scalper: weights, score, agreement, size and portfolio, each on its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DECISION_SIZE, Decision } from '../../../../engine/domain/decision.ts';
import { READINGS_SIZE, SIGNAL_COUNT, Signal } from '../../../../engine/domain/readings.ts';
import { ScalperContext, contextSize } from '../../../../engine/strategies/context.ts';
import { PortfolioCheck } from '../../../../engine/strategies/scalper/portfolio-check.ts';
import {
  SCORE_SIZE,
  Score,
  agreeMask,
  bitCount,
  hasEveryFamily,
  scoreFresh,
  scoreReadings,
} from '../../../../engine/strategies/scalper/score.ts';
import { setLots } from '../../../../engine/strategies/scalper/sizing.ts';
import { MarketClass, weightRows } from '../../../../engine/strategies/scalper/weights.ts';
import { EQUITY_E8, ScalperBench, alike, scalperInstrument, scalperLimits } from './support.ts';
import type { Correlations } from '../../../../engine/strategies/strategy.ts';

describe('weights', () => {
  for (const isBasic of [false, true]) {
    for (const marketClass of [MarketClass.OneTick, MarketClass.Wide]) {
      it(`of class ${marketClass}${isBasic ? ', basic,' : ''} sum to 1`, () => {
        const row = weightRows(isBasic)
          .subarray(marketClass * SIGNAL_COUNT)
          .subarray(0, SIGNAL_COUNT);
        assert.ok(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-12);
        assert.ok(row.every((weight) => weight >= 0));
      });
    }
  }

  it('put the touch first in one-tick markets and flow first in wide ones', () => {
    const rows = weightRows(false);
    const oneTick = rows.subarray(SIGNAL_COUNT);
    const wide = rows.subarray(2 * SIGNAL_COUNT);
    assert.ok(oneTick[Signal.BookImbalance]! > 2 * oneTick[Signal.OrderFlow]!);
    assert.ok(wide[Signal.OrderFlow]! > 2 * wide[Signal.BookImbalance]!);
  });
});

describe('score', () => {
  it('is the weighted sum of strength × confidence of fresh readings', () => {
    const readings = new Float64Array(READINGS_SIZE);
    const io = new Float64Array(SCORE_SIZE);
    readings.set([0.5, 0.8, 100, 0], Signal.BookImbalance * 4);
    readings.set([-0.4, 0.5, 100, 0], Signal.OrderFlow * 4);
    readings.set([1, 1, 40, 0], Signal.Momentum * 4);
    io[Score.NowNs] = 100;
    io[Score.StaleNs] = 50;
    const weights = new Float64Array(SIGNAL_COUNT).fill(0.125);
    scoreReadings(readings, weights, 0, io);
    scoreFresh(readings, weights, 0, io);
    assert.ok(Math.abs(io[Score.Value]! - 0.125 * (0.4 - 0.2)) < 1e-12);
    assert.ok(Math.abs(io[Score.DatedValue]! - 0.125 * (0.4 - 0.2 + 1)) < 1e-12);
    io[Score.AgreeMin] = 0.1;
    assert.equal(agreeMask(readings, 1, io), 1 << Signal.BookImbalance);
    assert.equal(agreeMask(readings, -1, io), 1 << Signal.OrderFlow);
  });

  it('counts bits and knows the three families', () => {
    assert.equal(bitCount(0), 0);
    assert.equal(bitCount(0b1011_0001), 4);
    const { Momentum, RsiDivergence, OrderFlow, VolumeSpike, BookImbalance, Spread } = Signal;
    assert.equal(hasEveryFamily(maskOf(Momentum, OrderFlow, BookImbalance)), true);
    assert.equal(hasEveryFamily(maskOf(RsiDivergence, VolumeSpike, Spread)), true);
    assert.equal(hasEveryFamily(maskOf(Momentum, RsiDivergence, OrderFlow)), false);
    assert.equal(hasEveryFamily(maskOf(Momentum, BookImbalance, Spread)), false);
    assert.equal(hasEveryFamily(maskOf(OrderFlow, BookImbalance)), false);
  });
});

describe('size', () => {
  // 100,000 × 0.0002 = 20 at risk; 120 ticks × 0.1 × 0.001 = 0.012 a lot.
  it('risks a fraction of equity over the distance of the stop', () => {
    assert.equal(lots({}), 1666);
    assert.equal(lots({ equity: EQUITY_E8 / 2 }), 833);
    assert.equal(lots({ given: { riskFraction: 0.0004 } }), 3333);
  });

  it('grows with the score and shrinks with volatility', () => {
    assert.equal(lots({ score: 0.4 }), 833);
    assert.equal(lots({ score: 0.7 }), 1250);
    assert.equal(lots({ sigma: 400 }), 833);
  });

  it('is capped by depth, touch, notional and lots', () => {
    assert.equal(lots({ depth: 100 }), 125);
    assert.equal(lots({ depth: 100, isTaking: true }), 100);
    assert.equal(lots({ given: { maxNotional: 100 } }), 9);
    assert.equal(lots({ given: { maxLots: 7 } }), 7);
  });

  it('is 0 where the venue would not take it', () => {
    // The least notional is 5, and a lot is worth 10.
    assert.equal(lots({ equity: EQUITY_E8 / 1666 }), 1);
    assert.equal(lots({ equity: EQUITY_E8 / 1700 }), 0);
    assert.equal(lots({ equity: -EQUITY_E8 }), 0);
    assert.equal(lots({ equity: Number.NaN }), 0);
  });
});

describe('portfolio', () => {
  const instruments = [0, 1, 2, 3].map((index) => scalperInstrument(index));

  /** Load and verdict of buying 10,000 of instrument 0 beside `open` notionals of the others. */
  function check(
    open: readonly number[],
    correlations: Correlations,
    given: Readonly<Record<string, number>> = {},
  ): { load: number; isWithin: boolean } {
    const context = new Float64Array(contextSize(4));
    context[ScalperContext.EquityE8] = EQUITY_E8;
    open.forEach((notional, i) => (context[ScalperContext.Exposure0 + i] = notional * 1e8));
    const decision = new Float64Array(DECISION_SIZE);
    decision[Decision.Side] = 1;
    decision[Decision.PriceTicks] = 100_000;
    decision[Decision.Lots] = 1000;
    decision[Decision.Sigma5mTicks] = 200;
    const portfolio = new PortfolioCheck(4, correlations);
    const limits = scalperLimits(given);
    const isWithin = portfolio.isWithin(decision, instruments[0]!, context, limits);
    return { load: decision[Decision.PortfolioLoad]!, isWithin };
  }

  // 10,000 × √300 bp = 17.32; the limit is 100,000 × 5 bp = 50.
  it('measures one trade by its own volatility', () => {
    const { load, isWithin } = check([0, 0, 0, 0], alike(0.5));
    assert.ok(Math.abs(load - 17.3205 / 50) < 1e-4);
    assert.ok(isWithin);
  });

  it('adds what moves together and takes off what hedges', () => {
    near(check([0, 10_000, 0, 0], alike(1)).load, (2 * 17.3205) / 50);
    near(check([0, 10_000, 0, 0], alike(0)).load, (Math.SQRT2 * 17.3205) / 50);
    near(check([0, -10_000, 0, 0], alike(1)).load, 0);
  });

  it('refuses what moves more than the limit, unless it lowers it', () => {
    assert.equal(check([0, 20_000, 0, 0], alike(0.9)).isWithin, false);
    assert.equal(check([0, -50_000, 0, 0], alike(0.9)).isWithin, true);
  });

  it('counts trades that go the same way on markets that move together', () => {
    const wide = { portfolioSigmaBp: 200, correlatedMax: 2 };
    assert.equal(check([0, 1000, 1000, 0], alike(0.7), wide).isWithin, false);
    assert.equal(check([0, 1000, 1000, 0], alike(0.5), wide).isWithin, true);
    assert.equal(check([0, 1000, -1000, 0], alike(0.7), wide).isWithin, true);
    assert.equal(check([0, -1000, -1000, 0], alike(-0.7), wide).isWithin, false);
  });

  it('takes the unknown in the disfavour of the trade', () => {
    const unknown = alike(Number.NaN, Number.NaN);
    // Its own sd of 20 bp stands in for both: 20 + 20 of 50.
    near(check([0, -10_000, 0, 0], unknown).load, 40 / 50);
    assert.equal(check([0, 1, -1, 1], unknown, { correlatedMax: 3 }).isWithin, false);
  });

  it('refuses everything without equity', () => {
    const context = new Float64Array(contextSize(4));
    const decision = new Float64Array(DECISION_SIZE);
    decision.set([1, 100_000, 10], Decision.Side);
    decision[Decision.Side] = 1;
    decision[Decision.PriceTicks] = 100_000;
    decision[Decision.Lots] = 10;
    const portfolio = new PortfolioCheck(4, alike(0));
    assert.equal(portfolio.isWithin(decision, instruments[0]!, context, scalperLimits()), false);
  });
});

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-3, `${actual} is not ${expected}`);
}

function maskOf(...signals: readonly number[]): number {
  return signals.reduce((mask, s) => mask | (1 << s), 0);
}

/** Lots of a long at 100,001 with a stop 120 ticks away, score 0.9 and an sd of 20 bp. */
function lots(change: {
  readonly given?: Readonly<Record<string, number>>;
  readonly score?: number;
  readonly sigma?: number;
  readonly equity?: number;
  readonly isTaking?: boolean;
  readonly depth?: number;
}): number {
  const bench = new ScalperBench();
  bench.quote(100_000, 100_001, change.depth ?? 1e9);
  bench.context[ScalperContext.EquityE8] = change.equity ?? EQUITY_E8;
  const decision = new Float64Array(DECISION_SIZE);
  decision[Decision.Side] = 1;
  decision[Decision.PriceTicks] = 100_001;
  decision[Decision.StopTicks] = 99_881;
  decision[Decision.Score] = change.score ?? 1;
  decision[Decision.Sigma5mTicks] = change.sigma ?? 100;
  const limits = scalperLimits({ maxNotional: 1_000_000, ...change.given });
  const { market, context, instruments } = bench;
  setLots(decision, change.isTaking ?? false, instruments[0]!, market, context, limits);
  return decision[Decision.Lots]!;
}
