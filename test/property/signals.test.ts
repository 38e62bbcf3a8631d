/**
 * signals: laws that hold for any stream of messages, irregular times, trades, wide and one-tick
 * markets, invalid stretches full of NaN:
 *
 * - every reading is a number; strength within [−1, 1], confidence within [0, 1];
 * - seen in a mirror (bid and ask exchanged) every strength has the other sign and the rest is
 * equal;
 * - sizes in other units change nothing; flow equals the sum over the whole history, worked out
 * anew;
 * - time that passes without messages never makes a confidence grow once settled.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEVELS, Market } from '../../engine/domain/market.ts';
import {
  Reading,
  READING_STRIDE,
  ReadingExtra,
  READINGS_SIZE,
  Signal,
  SIGNAL_COUNT,
} from '../../engine/domain/readings.ts';
import {
  INSTANT,
  makeSignals,
  mirrored,
  MS,
  randomStream,
  SECOND,
  SNAPSHOT,
} from '../unit/engine/signals/support.ts';

const STREAMS = [
  { seed: 1, messages: 8000 },
  { seed: 2, messages: 8000, wide: true },
  { seed: 3, messages: 8000, invalidShare: 0.1 },
  { seed: 4, messages: 8000, invalidShare: 0.1, wide: true },
] as const;

function nameOf(index: number): string {
  return index < SIGNAL_COUNT * READING_STRIDE
    ? `signal ${Math.floor(index / READING_STRIDE)} field ${index % READING_STRIDE}`
    : `extra ${index}`;
}

describe('signals, any stream', () => {
  for (const options of STREAMS) {
    it(`stay within their bounds and finite (${JSON.stringify(options)})`, () => {
      const set = makeSignals(INSTANT);
      let spoken = 0;
      for (const row of randomStream(options)) {
        set.update(row);
        for (let i = 0; i < READINGS_SIZE; i++) {
          assert.ok(Number.isFinite(set.readings[i]!), nameOf(i));
        }
        for (let s = 0; s < SIGNAL_COUNT; s++) {
          const strength = set.readings[s * READING_STRIDE + Reading.Strength]!;
          const confidence = set.readings[s * READING_STRIDE + Reading.Confidence]!;
          assert.ok(strength >= -1 && strength <= 1, `${s}: ${strength}`);
          assert.ok(confidence >= 0 && confidence <= 1, `${s}: ${confidence}`);
          if (strength !== 0) spoken |= 1 << s;
        }
      }
      assert.equal(spoken | (1 << Signal.RsiDivergence), 255, `every signal spoke: ${spoken}`);
    });

    it(`turn their sign in the mirror (${JSON.stringify(options)})`, () => {
      const set = makeSignals(INSTANT);
      const mirror = makeSignals(INSTANT);
      for (const row of randomStream(options)) {
        set.update(row);
        mirror.update(mirrored(row));
        for (let s = 0; s < SIGNAL_COUNT; s++) {
          const at = s * READING_STRIDE;
          const sum =
            set.readings[at + Reading.Strength]! + mirror.readings[at + Reading.Strength]!;
          const more =
            set.readings[at + Reading.Confidence]! - mirror.readings[at + Reading.Confidence]!;
          assert.ok(Math.abs(sum) < 1e-6, `signal ${s}: ${sum}`);
          // Velocity within rounding of zero may fall on either side.
          if (s !== Signal.Acceleration) assert.ok(Math.abs(more) < 1e-9, `signal ${s}: ${more}`);
        }
        const sigma = ReadingExtra.Sigma1sTicks;
        assert.ok(Math.abs(set.readings[sigma]! - mirror.readings[sigma]!) < 1e-6);
        const buys = set.readings[ReadingExtra.BuyLotsPerS]!;
        assert.ok(Math.abs(buys - mirror.readings[ReadingExtra.SellLotsPerS]!) < 1e-9);
      }
    });
  }

  it('does not care for the unit of size', () => {
    const set = makeSignals(INSTANT);
    const scaled = makeSignals(INSTANT);
    for (const row of randomStream(STREAMS[1])) {
      set.update(row);
      scaled.update(inMilliLots(row));
    }
    for (let s = 0; s < SIGNAL_COUNT; s++) {
      const at = s * READING_STRIDE + Reading.Strength;
      assert.ok(Math.abs(set.readings[at]! - scaled.readings[at]!) < 1e-6, `signal ${s}`);
    }
  });

  it('sums order flow as the whole history does', () => {
    const halfLife = 500;
    const set = makeSignals({ ofiHalfLifeMs: halfLife });
    const stream = randomStream({ seed: 9, messages: 3000, invalidShare: 0.05 });
    const steps: { ns: number; lots: number }[] = [];
    let before: Float64Array | null = null;
    stream.forEach((row, i) => {
      set.update(row);
      const lots = flowStep(before, row);
      before = row[Market.Valid] === 1 ? row : null;
      if (lots !== 0) steps.push({ ns: row[Market.NowNs]!, lots });
      if (i % 50 !== 49 || row[Market.Valid] !== 1) return;
      const now = row[Market.NowNs]!;
      let sum = 0;
      for (const step of steps) sum += step.lots * 2 ** (-(now - step.ns) / (halfLife * MS));
      const found = set.readings[Signal.OrderFlow * READING_STRIDE + Reading.Raw]!;
      assert.ok(Math.abs(found - sum) < 0.5, `${found} for ${sum} at ${i}`);
    });
    assert.ok(steps.length > 1000);
  });

  it('loses confidence with time alone, never gains it', () => {
    const set = makeSignals({ warmUpS: 1, warmUpTrades: 0, settleMs: 0, staleMs: 5000 });
    const stream = randomStream(STREAMS[0]);
    for (const row of stream) set.update(row);
    const last = Float64Array.from(stream.at(-1)!);
    let before = Float64Array.from(set.readings);
    for (let step = 0; step < 700; step++) {
      last[Market.NowNs]! += 10 * MS;
      set.onTimer(last);
      for (let s = 0; s < SIGNAL_COUNT; s++) {
        const at = s * READING_STRIDE + Reading.Confidence;
        // Acceleration may come to agree with velocity, volume's trades only fade.
        const bound = s === Signal.Acceleration ? before[at]! * 2 : before[at]!;
        assert.ok(set.readings[at]! <= bound + 1e-9, `signal ${s}`);
      }
      before = Float64Array.from(set.readings);
    }
    assert.ok(last[Market.NowNs]! > 6 * SECOND);
    for (let s = 0; s < SIGNAL_COUNT; s++) {
      assert.equal(set.readings[s * READING_STRIDE + Reading.Confidence], 0);
    }
  });
});

/** Cont, Kukanov and Stoikov's step from one touch to the next, written out by its cases. */
function flowStep(before: Float64Array | null, row: Float64Array): number {
  if (before === null || row[Market.Valid] !== 1) return 0;
  if (row[Market.MessageClass] === SNAPSHOT) return 0;
  const [bid, bidWas] = [row[Market.BidTicks]!, before[Market.BidTicks]!];
  const [ask, askWas] = [row[Market.AskTicks]!, before[Market.AskTicks]!];
  const [bidLots, bidLotsWas] = [row[Market.BidLots]!, before[Market.BidLots]!];
  const [askLots, askLotsWas] = [row[Market.AskLots]!, before[Market.AskLots]!];
  const bids = bid > bidWas ? bidLots : bid < bidWas ? -bidLotsWas : bidLots - bidLotsWas;
  const asks = ask < askWas ? askLots : ask > askWas ? -askLotsWas : askLots - askLotsWas;
  return bids - asks;
}

function inMilliLots(row: Float64Array): Float64Array {
  const m = Float64Array.from(row);
  const fields = [Market.BidLots, Market.AskLots, Market.BuyLots, Market.SellLots];
  for (const field of fields) m[field]! *= 1000;
  for (let level = 0; level < LEVELS; level++) {
    m[Market.BidLots0 + level]! *= 1000;
    m[Market.AskLots0 + level]! *= 1000;
  }
  return m;
}
