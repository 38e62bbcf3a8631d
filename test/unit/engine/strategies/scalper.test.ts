/** scalper: every verdict tripped once, and the entry that passes them all. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decision } from '../../../../engine/domain/decision.ts';
import { INTENTS_MAX } from '../../../../engine/domain/intent.ts';
import { Market } from '../../../../engine/domain/market.ts';
import { Owner } from '../../../../engine/domain/modes.ts';
import { Purpose, TimeInForce } from '../../../../engine/domain/order.ts';
import { ReadingExtra, SIGNAL_COUNT, Signal } from '../../../../engine/domain/readings.ts';
import { VERDICT_COUNT, Verdict } from '../../../../engine/domain/verdict.ts';
import { Fresh, FRESH_ALL, ScalperContext } from '../../../../engine/strategies/context.ts';
import { Judgement } from '../../../../engine/strategies/strategy.ts';
import { MS, SECOND, ScalperBench, alike, scalperInstrument } from './support.ts';

describe('an entry', () => {
  it('crosses the spread when the score is urgent and the edge pays for it', () => {
    const bench = new ScalperBench();
    assert.equal(bench.judge(), Judgement.Entry);
    const { intents } = bench;
    assert.equal(intents.count, 1);
    assert.deepEqual(
      [intents.purpose[0], intents.owner[0], intents.side[0], intents.priceTicks[0]],
      [Purpose.Entry, Owner.Scalper, 1, 100_001],
    );
    assert.equal(intents.timeInForce[0], TimeInForce.Ioc);
    assert.equal(intents.reduceOnly[0], 0);
    assert.equal(intents.lots[0], bench.decision(Decision.Lots));
    assert.equal(bench.decision(Decision.Verdict), Verdict.PASS);
    assert.equal(bench.decision(Decision.AgreeCount), SIGNAL_COUNT);
    // Hand-worked: 0.9 × 0.3 × 200 × √(30 / 300); 2 × 0.1 bp; half a tick; 0.8 × 12 × √0.001.
    near(bench.decision(Decision.EdgeTicks), 17.0763);
    near(bench.decision(Decision.FeeTicks), 2.00001);
    near(bench.decision(Decision.HalfSpreadTicks), 0.5);
    near(bench.decision(Decision.SlipTicks), 0.30358);
    near(bench.decision(Decision.CostTicks), 2.80359);
    assert.equal(bench.decision(Decision.StopTicks), 100_001 - 120);
    assert.equal(bench.decision(Decision.TargetTicks), 100_001 + 220);
  });

  it('is the mirror image for a short', () => {
    const bench = new ScalperBench();
    bench.read(-1, 0.9);
    assert.equal(bench.judge(), Judgement.Entry);
    assert.deepEqual([bench.intents.side[0], bench.intents.priceTicks[0]], [-1, 100_000]);
    assert.ok(bench.decision(Decision.Score) < 0);
    assert.equal(bench.decision(Decision.StopTicks), 100_000 + 120);
    near(bench.decision(Decision.EdgeTicks), 17.0763);
  });

  it('waits in the queue when the score is not urgent', () => {
    const bench = new ScalperBench();
    bench.read(1, 0.5);
    assert.equal(bench.judge(), Judgement.Entry);
    assert.equal(bench.intents.priceTicks[0], 100_000);
    assert.equal(bench.intents.timeInForce[0], TimeInForce.Gtx);
    near(bench.decision(Decision.FeeTicks), 1, 'maker in, taker out');
  });

  it('waits when the edge pays for waiting but not for crossing', () => {
    const bench = new ScalperBench({}, alike(0), [scalperInstrument(0, '0.00008')]);
    assert.equal(bench.judge(), Judgement.Entry);
    assert.equal(bench.intents.timeInForce[0], TimeInForce.Gtx);
    near(bench.decision(Decision.FeeTicks), 8);
  });

  it('steps in front of the queue in a wide spread', () => {
    const bench = new ScalperBench({ spreadMeans: 20 });
    bench.quote(100_000, 100_004);
    bench.read(1, 0.5);
    bench.judge();
    assert.equal(bench.intents.priceTicks[0], 100_001);
    bench.nowNs += 20 * SECOND;
    bench.read(-1, 0.5);
    bench.judge();
    assert.equal(bench.intents.priceTicks[0], 100_003);
  });

  it('is not asked for when the batch is full', () => {
    const bench = new ScalperBench();
    bench.context[ScalperContext.NowNs] = bench.nowNs;
    for (let i = 0; i < INTENTS_MAX; i++) bench.intents.claim(0, 0, 0, 0);
    const { scalper, market, readings, context, intents } = bench;
    assert.equal(scalper.evaluate(0, market, readings, context, intents), Judgement.Nothing);
    assert.equal(scalper.entryCount, 0);
  });
});

describe('a veto', () => {
  interface Case {
    readonly verdict: string;
    readonly name?: string;
    readonly given?: Readonly<Record<string, number>>;
    readonly spoil: (bench: ScalperBench) => void;
  }

  const cases: readonly Case[] = [
    { verdict: 'WARMING_UP', spoil: (b) => (b.readings[ReadingExtra.WarmedUp] = 0) },
    { verdict: 'BOOK_CROSSED', spoil: (b) => (b.market[Market.Valid] = 0) },
    { verdict: 'SCORE_BELOW_THRESHOLD', spoil: (b) => b.read(1, 0.35) },
    {
      verdict: 'TOO_FEW_AGREE',
      spoil: (b) => {
        b.read(1, 0);
        b.signal(Signal.BookImbalance, 1);
        b.signal(Signal.OrderFlow, 1);
        b.signal(Signal.Momentum, 1);
      },
    },
    {
      verdict: 'FAMILY_MISSING',
      name: 'FAMILY_MISSING for price',
      spoil: (b) => {
        for (const s of [
          Signal.Momentum,
          Signal.Acceleration,
          Signal.EmaCrossover,
          Signal.RsiDivergence,
        ]) {
          b.signal(s, 0);
        }
      },
    },
    {
      verdict: 'FAMILY_MISSING',
      name: 'FAMILY_MISSING for flow',
      spoil: (b) => {
        b.signal(Signal.OrderFlow, 0);
        b.signal(Signal.VolumeSpike, -0.2);
      },
    },
    {
      verdict: 'FAMILY_MISSING',
      name: 'FAMILY_MISSING for the book',
      given: { tellScore: 0.1, enterScore: 0.2 },
      spoil: (b) => {
        b.signal(Signal.BookImbalance, 0.05);
        b.signal(Signal.Spread, 0);
      },
    },
    {
      verdict: 'SPREAD_TOO_WIDE',
      name: 'SPREAD_TOO_WIDE against its mean',
      spoil: (b) => b.quote(100_000, 100_004),
    },
    {
      verdict: 'SPREAD_TOO_WIDE',
      name: 'SPREAD_TOO_WIDE in basis points',
      spoil: (b) => {
        b.quote(10_000, 10_007);
        b.readings[ReadingExtra.MeanSpreadTicks] = 7;
      },
    },
    {
      verdict: 'VOLATILITY_TOO_LOW',
      name: 'VOLATILITY_TOO_LOW in basis points',
      spoil: (b) => (b.readings[ReadingExtra.Sigma5mTicks] = 29),
    },
    {
      verdict: 'VOLATILITY_TOO_LOW',
      name: 'VOLATILITY_TOO_LOW against the cost',
      given: { edgeFractionOneTick: 1, sigmaCostMin: 20 },
      spoil: (b) => (b.readings[ReadingExtra.Sigma5mTicks] = 50),
    },
    {
      verdict: 'VOLATILITY_TOO_HIGH',
      spoil: (b) => (b.readings[ReadingExtra.Sigma5mTicks] = 901),
    },
    { verdict: 'BURST', spoil: (b) => (b.readings[ReadingExtra.Burst] = 8.1) },
    { verdict: 'SCALP_OPEN', spoil: (b) => (b.context[ScalperContext.OpenScalps] = 1) },
    { verdict: 'SCALP_SLOTS_FULL', spoil: (b) => (b.context[ScalperContext.FreeSlots] = 0) },
    { verdict: 'OTHER_OWNER', spoil: (b) => (b.context[ScalperContext.OtherOwnersLots] = -1) },
    {
      verdict: 'COOL_DOWN',
      spoil: (b) => (b.context[ScalperContext.LastEndNs] = b.nowNs + 10 * SECOND - 2_999 * MS),
    },
    { verdict: 'SESSION_LIMIT', spoil: (b) => (b.context[ScalperContext.SessionBlocked] = 1) },
    {
      verdict: 'EDGE_BELOW_COST',
      spoil: (b) => (b.context[ScalperContext.LatencyNs] = 4 * SECOND),
    },
    {
      verdict: 'STOP_FLOOR_ABOVE_CEILING',
      given: { spreadMeans: 20, spreadMaxBp: 100, edgeFractionOneTick: 1, sigmaCostMin: 1 },
      spoil: (b) => {
        b.quote(100_000, 100_065);
        b.readings[ReadingExtra.MeanSpreadTicks] = 65;
        b.readings[ReadingExtra.Sigma5mTicks] = 800;
      },
    },
    {
      verdict: 'SIZE_TOO_SMALL',
      name: 'SIZE_TOO_SMALL by equity',
      spoil: (b) => (b.context[ScalperContext.EquityE8] = 0),
    },
    {
      verdict: 'SIZE_TOO_SMALL',
      name: 'SIZE_TOO_SMALL by depth',
      spoil: (b) => b.quote(100_000, 100_001, 0.5),
    },
    {
      verdict: 'CORRELATED',
      given: { portfolioSigmaBp: 0.1 },
      spoil: () => {},
    },
  ];

  for (const { verdict, name = verdict, given = {}, spoil } of cases) {
    it(name, () => {
      const bench = new ScalperBench(given);
      spoil(bench);
      assert.equal(bench.verdict(), verdict);
      assert.equal(bench.intents.count, 0);
      const number = Verdict[verdict as keyof typeof Verdict];
      assert.equal(bench.scalper.verdictCounts[number], 1);
    });
  }

  it('STALE_SIGNAL when the score is older than 5 s', () => {
    const bench = new ScalperBench();
    for (let s = 0; s < SIGNAL_COUNT; s++) bench.signal(s, 0.9, 1, 5 * SECOND);
    assert.equal(bench.judge(), Judgement.Entry, 'five seconds exactly are not stale');
    bench.nowNs += 20 * SECOND;
    assert.equal(bench.judge(), Judgement.Veto);
    assert.equal(bench.decision(Decision.Verdict), Verdict.STALE_SIGNAL);
  });

  it('STALE_SIGNAL when only indicators are fresh', () => {
    const bench = new ScalperBench();
    bench.signal(Signal.BookImbalance, 0.9, 1, 6 * SECOND);
    bench.signal(Signal.OrderFlow, 0.9, 1, 6 * SECOND);
    assert.equal(bench.verdict(), 'STALE_SIGNAL');
  });

  for (const bit of [Fresh.Depth, Fresh.Touch, Fresh.Loop, Fresh.Venue]) {
    it(`STALE_SIGNAL when freshness bit ${bit} is missing`, () => {
      const bench = new ScalperBench();
      bench.context[ScalperContext.FreshMask] = FRESH_ALL & ~bit;
      assert.equal(bench.verdict(), 'STALE_SIGNAL');
    });
  }

  it('is nothing at all below the telling score or without a market class', () => {
    const bench = new ScalperBench();
    bench.read(1, 0.31);
    assert.equal(bench.verdict(), 'nothing');
    bench.read(1, 0.9);
    bench.readings[ReadingExtra.MarketClass] = 0;
    assert.equal(bench.verdict(), 'nothing');
    assert.ok(bench.scalper.verdictCounts.every((count) => count === 0));
  });

  it('shows the sum of edge and cost whatever decides', () => {
    const bench = new ScalperBench();
    bench.context[ScalperContext.OpenScalps] = 1;
    assert.equal(bench.verdict(), 'SCALP_OPEN');
    const parts =
      bench.decision(Decision.FeeTicks) +
      bench.decision(Decision.HalfSpreadTicks) +
      bench.decision(Decision.SlipTicks);
    near(bench.decision(Decision.CostTicks), parts);
    assert.ok(bench.decision(Decision.EdgeTicks) > 0);
  });

  it('at retail fees is the rule: 5 bp a side refuse even the best score', () => {
    const bench = new ScalperBench({}, alike(0), [scalperInstrument(0, '0.0005')]);
    bench.read(1, 1);
    assert.equal(bench.verdict(), 'EDGE_BELOW_COST');
  });
});

describe('what is told', () => {
  it('is the same veto at most every 2 s, counted every time', () => {
    const bench = new ScalperBench();
    bench.context[ScalperContext.OpenScalps] = 1;
    const told: number[] = [];
    for (let i = 0; i < 60; i++) {
      if (bench.judge() === Judgement.Veto) told.push(i * 100);
      bench.nowNs += 100 * MS;
      bench.read(1, 0.9);
    }
    assert.deepEqual(told, [0, 2000, 4000]);
    assert.equal(bench.scalper.verdictCounts[Verdict.SCALP_OPEN], 60);
  });

  it('is another veto, or the same on another instrument, at once', () => {
    const instruments = [scalperInstrument(0), scalperInstrument(1)];
    const bench = new ScalperBench({}, alike(0), instruments);
    bench.context[ScalperContext.OpenScalps] = 1;
    assert.equal(bench.judge(0), Judgement.Veto);
    assert.equal(bench.judge(0), Judgement.Nothing);
    assert.equal(bench.judge(1), Judgement.Veto);
    bench.context[ScalperContext.OpenScalps] = 0;
    bench.market[Market.Valid] = 0;
    assert.equal(bench.judge(0), Judgement.Veto);
    assert.equal(bench.scalper.verdictCounts[VERDICT_COUNT + Verdict.SCALP_OPEN], 1);
  });

  it('is every entry, but not two within a second on one instrument', () => {
    const bench = new ScalperBench();
    assert.equal(bench.judge(), Judgement.Entry);
    bench.nowNs += 999 * MS;
    bench.read(1, 0.9);
    assert.equal(bench.judge(), Judgement.Veto);
    assert.equal(bench.decision(Decision.Verdict), Verdict.COOL_DOWN);
    bench.nowNs += 1 * MS;
    bench.read(1, 0.9);
    assert.equal(bench.judge(), Judgement.Entry);
  });

  it('ends with the last entry of the session', () => {
    const bench = new ScalperBench({ entriesMax: 2 });
    assert.equal(bench.verdict(), 'PASS');
    assert.equal(bench.verdict(), 'PASS');
    assert.equal(bench.verdict(), 'SESSION_LIMIT');
  });
});

describe('settings', () => {
  it('take effect at once and keep what was not given', () => {
    const bench = new ScalperBench({ agreeCount: 2 });
    bench.scalper.configure({ enterScore: 0.95 });
    assert.equal(bench.scalper.parameters.agreeCount, 2);
    assert.equal(bench.verdict(), 'SCORE_BELOW_THRESHOLD');
  });

  it('change nothing when one of them is out of range', () => {
    const bench = new ScalperBench();
    assert.throws(() => bench.scalper.configure({ agreeCount: 3, enterScore: 2 }), {
      code: 'config/invalid',
    });
    assert.equal(bench.scalper.parameters.agreeCount, 4);
    assert.equal(bench.verdict(), 'PASS');
  });

  it('can score by three signals only, for comparison', () => {
    const bench = new ScalperBench({ basicWeights: 1 });
    bench.read(-1, 0.9);
    bench.signal(Signal.Momentum, 0.8);
    bench.signal(Signal.EmaCrossover, 0.8);
    bench.signal(Signal.VolumeSpike, 0.8);
    bench.judge();
    near(bench.decision(Decision.Score), 0.8);
  });
});

function near(actual: number, expected: number, message = ''): void {
  const text = `${actual} is not ${expected} ${message}`;
  assert.ok(Math.abs(actual - expected) <= 1e-4 * Math.max(1, Math.abs(expected)), text);
}
