/** The scalper allocates nothing: its parts, quiet markets, vetoes and entries. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decision } from '../../engine/domain/decision.ts';
import { Market } from '../../engine/domain/market.ts';
import { ReadingExtra } from '../../engine/domain/readings.ts';
import { ScalperContext } from '../../engine/strategies/context.ts';
import { exampleKind } from '../../engine/strategies/example/touch-follower.ts';
import { paysItsCost, setCost, setEdge } from '../../engine/strategies/scalper/edge.ts';
import { addEntry, setEntryPrice } from '../../engine/strategies/scalper/entry.ts';
import { DEFAULT_SCALPER_PARAMETERS } from '../../engine/strategies/scalper/parameters.ts';
import { PortfolioCheck } from '../../engine/strategies/scalper/portfolio-check.ts';
import { Scalper } from '../../engine/strategies/scalper/scalper.ts';
import { agreeMask, scoreFresh, scoreReadings } from '../../engine/strategies/scalper/score.ts';
import { setLots } from '../../engine/strategies/scalper/sizing.ts';
import { weightRows } from '../../engine/strategies/scalper/weights.ts';
import { CorrelationMatrix } from '../../engine/signals/correlation.ts';
import {
  SECOND,
  ScalperBench,
  scalperInstrument,
  scalperLimits,
} from '../unit/engine/strategies/support.ts';
import { BYTES_PER_CALL_MAX, bytesPerCall } from './gate.ts';

const P = scalperLimits();
const instruments = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => scalperInstrument(index));
const correlations = new CorrelationMatrix(instruments.length);

function passes(what: string, step: (call: number) => void): void {
  const bytes = bytesPerCall(step, { chunks: 20 });
  assert.ok(bytes <= BYTES_PER_CALL_MAX, `${what}: ${bytes} bytes per call`);
}

/** A bench whose readings lean by `strength`, and a scalper that may enter at every call. */
function benchOf(strength: number): { bench: ScalperBench; scalper: Scalper } {
  const parameters = {
    ...DEFAULT_SCALPER_PARAMETERS,
    entryGapMs: 0,
    entriesMax: Infinity,
    coolDownMs: 0,
  };
  const scalper = new Scalper(instruments, parameters, correlations);
  const bench = new ScalperBench({}, correlations, instruments);
  bench.read(1, strength);
  bench.context[ScalperContext.NowNs] = 100 * SECOND;
  bench.readings[ReadingExtra.Sigma5mTicks] = 200.5;
  return { bench, scalper };
}

function judge({ bench, scalper }: ReturnType<typeof benchOf>, call: number): number {
  const { market, readings, context, intents } = bench;
  context[ScalperContext.NowNs] = context[ScalperContext.NowNs]! + 10.5;
  market[Market.MicroTicks] = 100_000.25 + (call & 3) * 0.125;
  intents.clear();
  return scalper.evaluate(call & 7, market, readings, context, intents);
}

describe('the scalper allocates nothing', () => {
  it('parts, each on its own', () => {
    const { bench } = benchOf(0.9);
    const { market, readings, context, intents } = bench;
    const weights = weightRows(false);
    const io = Float64Array.of(1e11, 5e9, 0.1, 0, 0);
    const d = new Float64Array(bench.scalper.decision.length);
    const portfolio = new PortfolioCheck(instruments.length, correlations);
    for (let i = 0; i < 8; i++) context[ScalperContext.Exposure0 + i] = 1e11 * (i - 3.5);
    passes('parts', (call) => {
      intents.clear();
      scoreReadings(readings, weights, 8, io);
      scoreFresh(readings, weights, 8, io);
      d[Decision.AgreeMask] = agreeMask(readings, 1, io);
      d[Decision.Side] = (call & 1) === 0 ? 1 : -1;
      d[Decision.Score] = 0.75;
      d[Decision.Sigma5mTicks] = 200.5;
      d[Decision.SpreadTicks] = 1;
      d[Decision.MicroTicks] = 100_000.25;
      setEdge(d, P);
      setCost(d, true, instruments[0]!, readings, context, P);
      setEntryPrice(d, (call & 2) === 0, market, P);
      d[Decision.StopTicks] = 99_900;
      setLots(d, true, instruments[0]!, market, context, P);
      const isWithin = portfolio.isWithin(d, instruments[0]!, context, P);
      if (paysItsCost(d, P) && isWithin) addEntry(d, true, intents);
    });
  });

  it('in a quiet market', () => {
    const quiet = benchOf(0.2);
    passes('quiet', (call) => void judge(quiet, call));
    assert.equal(judge(quiet, 1), 0);
  });

  it('while it vetoes', () => {
    const vetoed = benchOf(0.9);
    vetoed.bench.context[ScalperContext.LatencyNs] = 4 * SECOND;
    passes('veto', (call) => void judge(vetoed, call));
    assert.ok(vetoed.scalper.verdictCounts.some((count) => count > 100_000));
    assert.equal(vetoed.scalper.entryCount, 0);
  });

  it('while it enters', () => {
    const entering = benchOf(0.9);
    passes('entry', (call) => void judge(entering, call));
    assert.ok(entering.scalper.entryCount > 100_000);
  });

  it('the example', () => {
    const { bench } = benchOf(0.9);
    const { market, readings, context, intents } = bench;
    const strategy = exampleKind.create({ instruments, correlations, parameters: {} });
    passes('example', () => {
      intents.clear();
      strategy.evaluate(0, market, readings, context, intents);
    });
    assert.equal(intents.count, 1);
  });
});
