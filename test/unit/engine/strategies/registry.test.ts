/** registry: every strategy can be made from its defaults, and is what it says it is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decision } from '../../../../engine/domain/decision.ts';
import { parameterValues } from '../../../../engine/domain/parameter.ts';
import { Signal } from '../../../../engine/domain/readings.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { EXIT_FIELDS } from '../../../../engine/exits/parameters.ts';
import { ScalperContext } from '../../../../engine/strategies/context.ts';
import {
  STRATEGY_KINDS,
  createStrategy,
  strategyName,
} from '../../../../engine/strategies/registry.ts';
import { Judgement } from '../../../../engine/strategies/strategy.ts';
import { ScalperBench, alike, scalperInstrument } from './support.ts';

const OPTIONS = { instruments: [scalperInstrument()], correlations: alike(0), parameters: {} };

describe('strategies', () => {
  it('have names and numbers of their own', () => {
    const names = STRATEGY_KINDS.map((kind) => kind.name);
    const numbers = STRATEGY_KINDS.map((kind) => kind.number);
    assert.equal(new Set(names).size, names.length);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok(numbers.every((number) => number > 0));
    for (const { name, number } of STRATEGY_KINDS) assert.equal(strategyName(number), name);
    assert.equal(strategyName(99), '');
  });

  for (const kind of [...STRATEGY_KINDS, { name: 'exits', fields: EXIT_FIELDS }]) {
    it(`${kind.name}: every default lies in its range and every effect is a sentence`, () => {
      parameterValues(kind.fields);
      for (const [name, field] of Object.entries(kind.fields)) {
        assert.ok(field.min < field.max, name);
        assert.match(field.effect, /^(Larger: |1: ).+\.$/, name);
        assert.notEqual(field.unit, '', name);
      }
    });
  }

  for (const { name } of STRATEGY_KINDS) {
    it(`${name}: is made by name and refuses settings it does not know`, () => {
      assert.equal(createStrategy(name, OPTIONS).name, name);
      const parameters = { colour: 1 };
      assert.throws(() => createStrategy(name, { ...OPTIONS, parameters }), {
        code: 'config/invalid',
      });
    });
  }

  it('that do not exist are refused with the names of those that do', () => {
    assert.throws(() => createStrategy('moon', OPTIONS), {
      code: 'config/invalid',
      message: 'no strategy is named "moon"; there are: scalper, touch-follower',
    });
  });
});

describe('touch-follower', () => {
  it('joins the touch that the book leans to, once', () => {
    const bench = new ScalperBench();
    const strategy = createStrategy('touch-follower', { ...OPTIONS, parameters: { lots: 3 } });
    const judge = (): number => {
      bench.intents.clear();
      const { market, readings, context, intents } = bench;
      return strategy.evaluate(0, market, readings, context, intents);
    };
    bench.signal(Signal.BookImbalance, 0.6);
    assert.equal(judge(), Judgement.Nothing);
    bench.signal(Signal.BookImbalance, -0.8);
    assert.equal(judge(), Judgement.Entry);
    assert.deepEqual(
      [bench.intents.side[0], bench.intents.priceTicks[0], bench.intents.lots[0]],
      [-1, 100_001, 3],
    );
    assert.equal(strategy.decision[Decision.Side], -1);
    assert.equal(strategy.verdictCounts[Verdict.PASS], 1);
    bench.context[ScalperContext.OpenScalps] = 1;
    assert.equal(judge(), Judgement.Nothing);
    bench.context[ScalperContext.OpenScalps] = 0;
    strategy.configure({ lean: 0.9 });
    assert.equal(judge(), Judgement.Nothing);
  });
});
