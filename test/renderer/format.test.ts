/**
 * format.test: figures, times and prices as people read them.
 */
import { describe, expect, it } from 'vitest';
import { Grid } from '../../renderer/format/grid.ts';
import {
  bytes,
  duration,
  grouped,
  groupedOrNone,
  signed,
  signedMoney,
  signOf,
} from '../../renderer/format/numbers.ts';
import { clock, clockMs, clockNs, minutes, span } from '../../renderer/format/times.ts';
import { baseOf, signalsShort, verdictWords } from '../../renderer/format/words.ts';

describe('numbers', () => {
  it.each([
    ['64231.0', '64,231.0'],
    ['0.15230', '0.15230'],
    ['-1234567.80000001', '−1,234,567.80000001'],
    ['999', '999'],
    ['1000', '1,000'],
    ['9007199254740993.5', '9,007,199,254,740,993.5'],
  ])('groups %s as %s, as text', (text, shown) => {
    expect(grouped(text)).toBe(shown);
  });

  it.each([
    ['184.27114000', '+184.27'],
    ['-0.00400000', '0.00'],
    ['-12.5', '−12.50'],
    ['1234.5', '+1,234.50'],
    ['0', '0.00'],
    ['what', '–'],
  ])('gives money %s the sign %s', (text, shown) => {
    expect(signedMoney(text)).toBe(shown);
  });

  it.each([
    [0, '0 ns'],
    [812, '812 ns'],
    [2934, '2.93 µs'],
    [29_340, '29.3 µs'],
    [612_000, '612 µs'],
    [18_200_000, '18.2 ms'],
    [Number.NaN, '–'],
  ])('shows %d ns as %s', (ns, shown) => {
    expect(duration(ns)).toBe(shown);
  });

  it('has a dash where there is no figure, and no sign at zero', () => {
    expect(groupedOrNone(null)).toBe('–');
    expect(signed(-0.001, 2)).toBe('0.00');
    expect(signed(-0.5, 2)).toBe('−0.50');
    expect(signOf('0.00000000')).toBe(0);
    expect(signOf('nonsense')).toBe(0);
    expect(bytes(41_300_000)).toBe('39.4 MB');
  });
});

describe('times', () => {
  const at = Date.UTC(2026, 10, 22, 14, 32, 7, 402);
  it('shows the clock to the nanosecond, in UTC', () => {
    expect(clock(at)).toBe('14:32:07');
    expect(clockMs(at)).toBe('14:32:07.402');
    expect(clockNs(at, 118_067)).toBe('14:32:07.402 118 067');
    expect(clockNs(at, 5)).toBe('14:32:07.402 000 005');
    expect(clock(Number.NaN)).toBe('–');
  });

  it.each([
    [186_000, '3:06'],
    [63_400, '1:04'],
    [0, '0:00'],
    [-5, '0:00'],
  ])('counts %d ms down as %s', (ms, shown) => {
    expect(minutes(ms)).toBe(shown);
  });

  it('rounds long spans', () => {
    expect([span(12_000), span(180_000), span(7_200_000)]).toEqual(['12 s', '3 min', '2 h']);
  });
});

describe('an instrument grid', () => {
  const half = new Grid({ symbol: 'X', index: 0, tickSize: '0.50', lotSize: '0.001' });

  it('turns ticks into prices and back, also on steps of five', () => {
    expect(half.price(128_462)).toBe('64,231.0');
    expect(half.plainPrice(128_463)).toBe('64231.5');
    for (const ticks of [1, 7, 128_463, 2_000_000_001]) {
      expect(half.ticks(half.plainPrice(ticks))).toBe(ticks);
    }
    expect(half.ticks('no price')).toBeNaN();
    expect(half.ticks('')).toBeNaN();
  });

  it.each([
    [83, '0.083', '0.08'],
    [1139, '1.139', '1.1'],
    [12_400, '12.40', '12'],
    [1_240_000, '1,240', '1.2k'],
    [12_400_000, '12.4k', '12k'],
    [424_000_000, '424k', '424k'],
  ])('shortens %d lots', (lots, short, tiny) => {
    expect(half.shortSize(lots)).toBe(short);
    expect(half.tinySize(lots)).toBe(tiny);
  });
});

describe('words', () => {
  it('shortens names', () => {
    expect([baseOf('BTCUSDT'), baseOf('ETHBTC'), baseOf('USDT'), baseOf('ODD')]).toEqual([
      'BTC',
      'ETH',
      'USDT',
      'ODD',
    ]);
    expect(signalsShort(['order-flow', 'ema-crossover'])).toBe('flow · EMA');
    expect(verdictWords('EDGE_BELOW_COST')).toBe('edge below cost');
  });
});
