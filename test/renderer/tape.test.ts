/**
 * tape.test: which trades a tape shows, what they sum up to, and that it holds still when scrolled.
 */
import { describe, expect, it } from 'vitest';
import { TradeLog, TRADES_KEPT } from '../../renderer/live/trade-log.ts';
import { ALL, HOLE, TapeModel } from '../../renderer/panels/tape/tape-model.ts';
import { placesOf, ROW_PX, TapePainter } from '../../renderer/panels/tape/tape-painter.ts';
import { TapeTexts } from '../../renderer/panels/tape/tape-texts.ts';
import { recordingCanvas } from './support/recorder.ts';
import { sampleStatus } from './support/samples.ts';

/** Two instruments: a tick of 0.5 and a lot of 0.1; a tick of 1 and a lot of 1. */
const SCALES = [
  { tick: 0.5, lot: 0.1 },
  { tick: 1, lot: 1 },
];

function tape(instrument = ALL, minValue = 0) {
  const log = new TradeLog();
  const model = new TapeModel(log);
  model.choose(instrument, minValue, SCALES);
  const trade = (sequence: number, lots: number, side = 1, of = 0): void =>
    log.add(sequence, of, 200, lots, side, sequence * 10);
  const shown = (): number[] => {
    model.follow();
    return Array.from({ length: model.count }, (_, back) => model.sequence(back));
  };
  return { log, model, trade, shown };
}

describe('the tape', () => {
  it('shows the newest first, with the delta in quote units of all', () => {
    const { model, trade, shown } = tape();
    trade(1, 5);
    trade(2, 2, -1);
    trade(3, 1, 1, 1);
    expect(shown()).toEqual([3, 2, 1]);
    // 5 × 0.1 × 100 = 50; −20; 1 × 200.
    expect([2, 1, 0].map((back) => model.deltaAt(back))).toEqual([50, 30, 230]);
    expect([model.bought, model.sold, model.delta]).toEqual([250, 20, 230]);
    expect(model.sinceMs).toBe(10);
  });

  it('of one instrument counts its own, in base units', () => {
    const { model, trade, shown } = tape(0);
    trade(1, 5);
    trade(2, 9, 1, 1);
    trade(3, 2, -1);
    expect(shown()).toEqual([3, 1]);
    expect(model.delta).toBeCloseTo(0.3, 12);
  });

  it('leaves out what is too small, but not of the delta', () => {
    const { model, trade, shown } = tape(0, 40);
    trade(1, 5);
    trade(2, 3, -1);
    trade(3, 4, -1);
    expect(shown()).toEqual([3, 1]);
    expect(model.delta).toBeCloseTo(-0.2, 12);
  });

  it('shows a hole as one until what was missing comes', () => {
    const { log, model, trade, shown } = tape();
    trade(1, 1);
    trade(4, 1);
    expect(shown()).toEqual([4, 3, 1]);
    expect([model.instrument(1), model.lots(1)]).toEqual([HOLE, 2]);
    log.insert(
      [2, 3].map((sequence) => ({
        ...{ sequence, instrument: 0, ticks: 200, lots: 1, side: 1, atMs: 0 },
      })),
    );
    expect(shown()).toEqual([4, 3, 2, 1]);
    expect(model.delta).toBe(40);
  });

  it('follows a storm without looking at a trade twice', () => {
    const { model, trade } = tape();
    for (let n = 1; n <= TRADES_KEPT + 500; n++) {
      trade(n, 1);
      if (n % 33 === 0) model.follow();
    }
    model.follow();
    expect(model.count).toBe(TRADES_KEPT);
    expect(model.total).toBe(TRADES_KEPT + 500);
    expect(model.delta).toBe(10 * (TRADES_KEPT + 500));
    const before = model.version;
    model.follow();
    expect(model.version).toBe(before);
  });

  it('calls large what is among the largest fiftieth of its instrument', () => {
    const { model, trade } = tape();
    for (let n = 1; n <= 49; n++) trade(n, n);
    model.follow();
    model.measure();
    expect(model.largeLots(0)).toBe(Infinity);
    for (let n = 50; n <= 101; n++) trade(n, n);
    model.follow();
    model.measure();
    expect(model.largeLots(0)).toBe(99);
    expect(model.largeLots(1)).toBe(Infinity);
  });

  it('starts again with another session', () => {
    const { log, model, trade, shown } = tape();
    trade(7, 1);
    expect(shown()).toEqual([7]);
    log.clear();
    expect(shown()).toEqual([]);
    trade(1, 1, -1);
    expect(shown()).toEqual([1]);
    expect(model.delta).toBe(-10);
  });
});

function painted(instrument = ALL) {
  const stage = tape(instrument);
  const recorder = recordingCanvas();
  const { canvas, drawn } = recorder;
  const texts = new TapeTexts(sampleStatus().instruments);
  stage.model.choose(instrument, 0, texts.scales);
  const painter = new TapePainter(canvas, stage.model, texts, instrument);
  painter.surface.resize(400, 10 * ROW_PX, 400, 10 * ROW_PX);
  const paint = (): string[] => {
    recorder.forget();
    painter.version();
    painter.paint(0);
    return drawn.texts.map(({ text }) => text);
  };
  return { ...stage, painter, paint };
}

describe('its painter', () => {
  it('writes time to the millisecond, name, price, size and delta', () => {
    const { trade, paint } = painted();
    trade(1, 5);
    expect(paint()).toEqual(['00:00:00.010', '20.0', '0.005', '0', 'BTCUSDT']);
  });

  it('says how many trades are not here', () => {
    const { trade, paint } = painted();
    trade(1, 5);
    trade(9, 5);
    expect(paint()).toContain('7 trades are not here');
  });

  it('holds still when scrolled, counts what comes, and goes back to now', () => {
    const { trade, paint, painter } = painted(0);
    for (let n = 1; n <= 50; n++) trade(n, 5);
    expect(paint()[0]).toBe('00:00:00.500');
    painter.scroll(4);
    const held = paint();
    expect(held[0]).toBe('00:00:00.460');
    for (let n = 51; n <= 60; n++) trade(n, 5);
    expect(paint()[0]).toBe(held[0]);
    expect(painter.waiting).toBe(14);
    painter.scroll(9999);
    expect(paint()[0]).toBe('00:00:00.100');
    painter.scroll(-Infinity);
    expect(painter.isHeld).toBe(false);
    expect(paint()[0]).toBe('00:00:00.600');
    painter.scroll(3);
    painter.toNewest();
    expect([painter.isHeld, painter.waiting]).toEqual([false, 0]);
  });

  it('paints only when something moved', () => {
    const { trade, painter } = painted();
    trade(1, 5);
    const first = painter.version();
    expect(painter.version()).toBe(first);
    trade(2, 5);
    expect(painter.version()).not.toBe(first);
  });

  it('gives names room only where several are shown', () => {
    expect(placesOf(400, true).price).toBeGreaterThan(placesOf(400, false).price);
    expect(placesOf(10, true).price).toBeGreaterThan(0);
    expect(placesOf(2000, false).delta).toBeLessThan(700);
  });
});
