/** Decisions and fills as the terminal tells them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decision, DECISION_SIZE } from '../../../../engine/domain/decision.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { Owner } from '../../../../engine/domain/modes.ts';
import { Purpose } from '../../../../engine/domain/order.ts';
import { Signal } from '../../../../engine/domain/readings.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { ClientIds } from '../../../../engine/execution/client-ids.ts';
import { FillField, SLOT_DOUBLES } from '../../../../engine/memory/slots.ts';
import { decisionEvent, fillEvent } from '../../../../engine/runtime/event-decoder.ts';
import { SPEC } from '../core/core-bench.ts';

const ANCHOR = 1_790_000_000_000;
const CONTEXT = {
  instruments: [new Instrument(0, { ...SPEC, symbol: 'FIRST' }), new Instrument(1, SPEC)],
  anchorWallMs: ANCHOR,
  clientIds: new ClientIds('abcd1234'),
};

/** A decision record somewhere in a run of slots. */
function decided(given: Partial<Record<keyof typeof Decision, number>>) {
  const base = 3 * SLOT_DOUBLES;
  const doubles = new Float64Array(base + SLOT_DOUBLES + DECISION_SIZE);
  for (const [name, value] of Object.entries(given)) {
    doubles[base + SLOT_DOUBLES + Decision[name as keyof typeof Decision]] = value;
  }
  return decisionEvent(CONTEXT, 1, doubles, base);
}

describe('a decision', () => {
  it('that entered: when, what, and the sum that decided', () => {
    const event = decided({
      Sequence: 42,
      TimeNs: 1_500_000_250,
      Side: -1,
      Score: -0.6125,
      AgreeCount: 5,
      EdgeTicks: 4.2,
      CostTicks: 2.5,
      FeeTicks: 1.4,
      HalfSpreadTicks: 0.5,
      SlipTicks: 0.6,
      Verdict: Verdict.PASS,
      PriceTicks: 10_001,
      Lots: 700,
    });
    assert.deepEqual(
      [event.sequence, event.atMs, event.nanos, event.symbol, event.side, event.entered],
      [42, ANCHOR + 1500, 250, 'ABCUSDT', 'short', true],
    );
    assert.deepEqual([event.price, event.size, event.verdict], ['1000.1', '0.700', 'PASS']);
    const sum = 'edge 4.2 − fees 1.4 − half spread 0.5 − slip 0.6 = +1.7 ticks';
    assert.equal(event.why, `${sum}; score −0.61, 5/8 agree`);
  });

  it('that was refused says by what, and a negative sum is negative', () => {
    const event = decided({
      Verdict: Verdict.EDGE_BELOW_COST,
      EdgeTicks: 1,
      CostTicks: 3,
      Side: 1,
    });
    assert.deepEqual(
      [event.entered, event.verdict, event.side],
      [false, 'EDGE_BELOW_COST', 'long'],
    );
    assert.match(event.why, / = −2\.0 ticks; score \+0\.00, 0\/8 agree$/);
    assert.deepEqual([event.price, event.size], [null, null]);
  });

  it('for correlation tells the load; without costs only the score', () => {
    const load = decided({ Verdict: Verdict.CORRELATED, CostTicks: 1, PortfolioLoad: 1.234 });
    assert.equal(load.why, 'portfolio σ would be 123 % of its limit; score +0.00, 0/8 agree');
    assert.equal(decided({ Score: 0.5, AgreeCount: 2 }).why, 'score +0.50, 2/8 agree');
    assert.equal(decided({}).side, 'none');
  });

  it('carries every signal with its name and whether it agreed', () => {
    const event = decided({
      AgreeMask: (1 << Signal.OrderFlow) | (1 << Signal.Spread),
      Strength0: 0.12345,
      Confidence0: 0.9,
    });
    assert.equal(event.readings.length, 8);
    assert.deepEqual(event.readings[0], {
      signal: 'momentum',
      strength: 0.123,
      confidence: 0.9,
      agrees: false,
    });
    const agreeing = event.readings.filter(({ agrees }) => agrees);
    assert.deepEqual(
      agreeing.map(({ signal }) => signal),
      ['order-flow', 'spread'],
    );
  });
});

describe('a fill', () => {
  it('has the id that the venue knows, and money to the last unit', () => {
    const base = 2 * SLOT_DOUBLES;
    const doubles = new Float64Array(base + 4 * SLOT_DOUBLES);
    const set = (field: number, value: number): void => {
      doubles[base + field] = value;
    };
    set(FillField.ClientSequence, 36);
    set(FillField.Side, -1);
    set(FillField.Lots, 250);
    set(FillField.PriceTicks, 10_000);
    set(FillField.FeeE8, 2_500_001);
    set(FillField.RealisedE8, -1);
    set(FillField.IsMaker, 1);
    set(FillField.Owner, Owner.Quoter);
    set(FillField.Purpose, Purpose.Unwind);
    set(FillField.NowNs, 2e9);
    set(FillField.Sequence, 17);
    assert.deepEqual(fillEvent(CONTEXT, 1, doubles, base), {
      sequence: 17,
      atMs: ANCHOR + 2000,
      symbol: 'ABCUSDT',
      side: 'sell',
      price: '1000.0',
      size: '0.250',
      fee: '0.02500001',
      realised: '-0.00000001',
      maker: true,
      owner: 'quoter',
      purpose: 'unwind',
      clientId: CONTEXT.clientIds.text(Owner.Quoter, 36),
    });
  });
});
