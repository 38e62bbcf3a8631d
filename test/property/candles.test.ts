/** Laws of candles: bars do not depend on how the stream of trades was cut, nor on the joining. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { barOf, CANDLE_FIELDS, CANDLE_SECONDS, secondOf } from '../../engine/contract/candles.ts';
import { CandleBars } from '../../engine/runtime/candle-bars.ts';

interface Trade {
  readonly timeNs: number;
  readonly ticks: number;
  readonly lots: number;
  readonly side: number;
}

const ANCHOR_MS = 1_764_000_000_123;
const ROUNDS = 40;

function tradesOf(random: SeededRandom): readonly Trade[] {
  let timeNs = random.next() * 1e12;
  let ticks = 64_000;
  return Array.from({ length: 50 + random.int(400) }, () => {
    timeNs += random.exponential() * (random.next() < 0.05 ? 4e10 : 4e8);
    ticks += Math.round(random.normal() * 4);
    return { timeNs, ticks, lots: 1 + random.int(500), side: random.next() < 0.5 ? 1 : -1 };
  });
}

/** The slow way: trades put into a map by bar, then summed up from their list. */
function slowBars(trades: readonly Trade[], seconds: number): number[] {
  const byBar = new Map<number, Trade[]>();
  for (const trade of trades) {
    const bar = barOf(secondOf(ANCHOR_MS, trade.timeNs), seconds);
    byBar.set(bar, [...(byBar.get(bar) ?? []), trade]);
  }
  return [...byBar].flatMap(([bar, list]) => {
    const prices = list.map(({ ticks }) => ticks);
    const lots = (side: number): number => {
      return list.reduce((sum, trade) => sum + (trade.side === side ? trade.lots : 0), 0);
    };
    const [low, high] = [Math.min(...prices), Math.max(...prices)];
    return [bar, prices[0]!, high, low, prices.at(-1)!, lots(1), lots(-1), list.length, 0];
  });
}

function add(bars: CandleBars, trades: readonly Trade[]): void {
  for (const { timeNs, ticks, lots, side } of trades) {
    bars.trade(secondOf(ANCHOR_MS, timeNs), ticks, lots, side);
  }
}

describe('bars from trades', () => {
  it('equal the slow ones at every interval, however often they were looked at between', () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = new SeededRandom(seed);
      const trades = tradesOf(random);
      const bars = new CandleBars();
      for (let at = 0; at < trades.length;) {
        const end = at + 1 + random.int(60);
        add(bars, trades.slice(at, end));
        bars.collect(5, 10);
        at = end;
      }
      for (const seconds of CANDLE_SECONDS) {
        assert.deepEqual(
          bars.collect(seconds, 5000),
          slowBars(trades, seconds),
          `seed ${seed}, ${seconds} s`,
        );
      }
    }
  });

  it('of a limit are the newest of all', () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = new SeededRandom(seed);
      const trades = tradesOf(random);
      const bars = new CandleBars();
      add(bars, trades);
      const limit = 1 + random.int(20);
      const all = slowBars(trades, 15);
      assert.deepEqual(bars.collect(15, limit), all.slice(-limit * CANDLE_FIELDS), `seed ${seed}`);
    }
  });
});
