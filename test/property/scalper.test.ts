/**
 * scalper: laws that hold for every market, reading and context:
 *
 * - up and down are mirror images: mirrored inputs give the mirrored judgement;
 * - what enters has a score, agreement, edge, size, stop and target within every bound;
 * - no input, however broken, makes it throw or enter on a number that is none.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { DECISION_SIZE, Decision } from '../../engine/domain/decision.ts';
import { Market } from '../../engine/domain/market.ts';
import { ReadingExtra, READING_STRIDE, SIGNAL_COUNT } from '../../engine/domain/readings.ts';
import { FRESH_ALL, ScalperContext } from '../../engine/strategies/context.ts';
import { hasEveryFamily } from '../../engine/strategies/scalper/score.ts';
import { DEFAULT_SCALPER_PARAMETERS as P } from '../../engine/strategies/scalper/parameters.ts';
import { Judgement } from '../../engine/strategies/strategy.ts';
import { EQUITY_E8, SECOND, ScalperBench, alike } from '../unit/engine/strategies/support.ts';

const MID = 100_000;

/** A random market round 100,000 whose mirror image (prices 200,000 − p) has whole ticks too. */
function shake(bench: ScalperBench, random: SeededRandom): void {
  const spread = random.next() < 0.8 ? 1 : 1 + random.int(6);
  const bid = MID - random.int(40);
  bench.quote(bid, bid + spread, 50 + random.int(2000));
  const side = random.next() < 0.5 ? 1 : -1;
  for (let s = 0; s < SIGNAL_COUNT; s++) {
    const strength = random.next() < 0.85 ? side * random.next() : 1 - 2 * random.next();
    bench.signal(s, strength, 0.5 + random.next() / 2, random.int(6) * SECOND);
  }
  const { readings, context } = bench;
  readings[ReadingExtra.Sigma5mTicks] = random.exponential() * 250;
  readings[ReadingExtra.Sigma1sTicks] = readings[ReadingExtra.Sigma5mTicks]! / Math.sqrt(300);
  readings[ReadingExtra.MeanSpreadTicks] = 1 + random.next();
  readings[ReadingExtra.MarketClass] = random.next() < 0.8 ? 1 : 2;
  readings[ReadingExtra.Burst] = random.exponential() * 2;
  context[ScalperContext.EquityE8] = EQUITY_E8 * random.next();
  context[ScalperContext.OpenScalps] = random.next() < 0.1 ? 1 : 0;
  context[ScalperContext.FreshMask] = random.next() < 0.05 ? 7 : FRESH_ALL;
  context[ScalperContext.LatencyNs] = random.next() * 5e7;
  context[ScalperContext.Exposure0] = random.normal() * 2000 * 1e8;
}

/** The same world upside down. */
function mirror(from: ScalperBench, to: ScalperBench): void {
  to.nowNs = from.nowNs;
  to.readings.set(from.readings);
  for (let s = 0; s < SIGNAL_COUNT; s++) {
    to.readings[s * READING_STRIDE] = -from.readings[s * READING_STRIDE]!;
  }
  to.context.set(from.context);
  to.context[ScalperContext.Exposure0] = -from.context[ScalperContext.Exposure0]!;
  const ask = 2 * MID - from.market[Market.BidTicks]!;
  const bid = 2 * MID - from.market[Market.AskTicks]!;
  to.quote(bid, ask, from.market[Market.BidLots]);
}

describe('the scalper', () => {
  it('judges up and down alike', () => {
    const random = new SeededRandom(21);
    // Volatility is a fraction of price, and a mirrored price is another one: leave that veto out.
    const given = { volatilityMinBp: 0, volatilityMaxBp: 500, entryGapMs: 100, agreeCount: 3 };
    const up = new ScalperBench(given, alike(0.5));
    const down = new ScalperBench(given, alike(0.5));
    let entries = 0;
    for (let step = 0; step < 20_000; step++) {
      up.nowNs += SECOND;
      shake(up, random);
      mirror(up, down);
      const judgement = up.judge();
      assert.equal(down.judge(), judgement, `step ${step}`);
      if (judgement === Judgement.Nothing) continue;
      assert.equal(up.decision(Decision.Verdict), down.decision(Decision.Verdict));
      assert.equal(up.decision(Decision.Side), -down.decision(Decision.Side));
      assert.equal(up.decision(Decision.Score), -down.decision(Decision.Score));
      assert.equal(up.decision(Decision.AgreeMask), down.decision(Decision.AgreeMask));
      if (judgement !== Judgement.Entry) continue;
      entries++;
      const sum = up.decision(Decision.PriceTicks) + down.decision(Decision.PriceTicks);
      assert.equal(sum, 2 * MID);
      assert.equal(up.intents.timeInForce[0], down.intents.timeInForce[0]);
    }
    assert.ok(entries > 200, `${entries} entries`);
  });

  it('enters only within every bound', () => {
    const random = new SeededRandom(22);
    const bench = new ScalperBench({ agreeCount: 3 });
    const d = (field: number): number => bench.decision(field);
    let entries = 0;
    for (let step = 0; step < 30_000; step++) {
      bench.nowNs += SECOND;
      shake(bench, random);
      if (bench.judge() !== Judgement.Entry) continue;
      entries++;
      const price = d(Decision.PriceTicks);
      const side = d(Decision.Side);
      assert.ok(side * d(Decision.Score) >= P.enterScore);
      assert.ok(d(Decision.AgreeCount) >= 3 && hasEveryFamily(d(Decision.AgreeMask)));
      assert.ok(d(Decision.EdgeTicks) > P.edgeMargin * d(Decision.CostTicks));
      assert.ok(price >= bench.market[Market.BidTicks]! && price <= bench.market[Market.AskTicks]!);
      const stop = side * (price - d(Decision.StopTicks));
      const target = side * (d(Decision.TargetTicks) - price);
      const floor = 3 * d(Decision.SpreadTicks) + d(Decision.CostTicks);
      assert.ok(stop >= floor - 1 && stop <= price * 0.002 + 0.5, `stop ${stop}`);
      assert.ok(target >= floor - 1 && target <= price * 0.004 + 0.5, `target ${target}`);
      const lots = d(Decision.Lots);
      const instrument = bench.instruments[0]!;
      assert.ok(Number.isInteger(lots) && lots >= instrument.minLots);
      assert.ok(instrument.notionalE8(price, lots) >= instrument.minNotionalE8);
      assert.ok(instrument.notionalE8(price, lots) <= P.maxNotional * 1e8);
      const atRisk = stop * lots * instrument.tickLotE8;
      assert.ok(atRisk <= bench.context[ScalperContext.EquityE8]! * P.riskFraction + 1);
      assert.equal(bench.context[ScalperContext.OpenScalps], 0);
      assert.equal(bench.context[ScalperContext.FreshMask], FRESH_ALL);
      assert.equal(bench.intents.count, 1);
    }
    assert.ok(entries > 200, `${entries} entries`);
  });

  it('neither throws nor enters on broken numbers', () => {
    const random = new SeededRandom(23);
    const broken = [Number.NaN, Infinity, -Infinity, -1, 0, 1e300, -1e300];
    const bench = new ScalperBench({ agreeCount: 1, needFamilies: 0, entriesMax: 100_000 });
    const arrays = [bench.market, bench.readings, bench.context];
    const sound = arrays.map((array) => array.slice());
    let entries = 0;
    for (let step = 0; step < 60_000; step++) {
      bench.nowNs += SECOND;
      arrays.forEach((array, i) => array.set(sound[i]!));
      shake(bench, random);
      const target = arrays[random.int(3)]!;
      target[random.int(target.length)] = broken[random.int(broken.length)]!;
      if (bench.judge() !== Judgement.Entry) {
        assert.equal(bench.intents.count, 0);
        continue;
      }
      entries++;
      for (let field = 0; field < DECISION_SIZE; field++) {
        const isReading = field >= Decision.Strength0;
        const isKnown = Number.isFinite(bench.decision(field)) || isReading;
        assert.ok(isKnown, `step ${step}: field ${field} is ${bench.decision(field)}`);
      }
      assert.ok(bench.decision(Decision.Lots) >= 1);
      assert.ok(bench.intents.priceTicks[0]! > 0);
    }
    assert.ok(entries > 200, `${entries} entries`);
  });
});
