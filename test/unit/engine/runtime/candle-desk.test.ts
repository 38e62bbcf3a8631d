/** The desk of candles: fed by the tape of trades, told of holes, and asked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CANDLE_FIELDS, CandleField } from '../../../../engine/contract/candles.ts';
import type { CandleBatch } from '../../../../engine/contract/candles.ts';
import { LatestReader, LatestWriter } from '../../../../engine/memory/latest-ring.ts';
import { RecordKind } from '../../../../engine/memory/market-record.ts';
import { CandleDesk } from '../../../../engine/runtime/candle-desk.ts';
import { TradeTape } from '../../../../engine/runtime/frame-publisher.ts';

const ANCHOR_MS = 1_000_000_400;
const FIRST = 1_000_000;
const INSTRUMENTS = [{ symbol: 'BTCUSDT' }, { symbol: 'ETHUSDT' }];

function bench(records = 64) {
  const writer = LatestWriter.create(records);
  const tape = new TradeTape(new LatestReader(writer.buffer));
  const desk = new CandleDesk(ANCHOR_MS, INSTRUMENTS, tape);
  tape.listeners.push(desk);
  const trade = (instrument: number, ticks: number, atMs: number): void => {
    const at = writer.claim();
    writer.words[at * 2] = RecordKind.BuyTrade | (instrument << 16);
    writer.words[at * 2 + 1] = ticks;
    writer.doubles[at + 1] = 2;
    writer.doubles[at + 3] = atMs * 1e6;
    writer.commit();
    writer.publish();
  };
  const ask = (symbol: string): CandleBatch => {
    return desk.answer({ id: 'a', symbol, seconds: 1, limit: 100 });
  };
  return { tape, desk, trade, ask };
}

function seconds({ rows }: CandleBatch, onlyHoles: boolean): number[] {
  const out: number[] = [];
  for (let at = 0; at < rows.length; at += CANDLE_FIELDS) {
    if (onlyHoles && rows[at + CandleField.Hole] !== 1) continue;
    out.push(rows[at + CandleField.Second]! - FIRST);
  }
  return out;
}

describe('the desk of candles', () => {
  it('puts each trade into the second of the wall clock and numbers what it has', () => {
    const { tape, trade, ask } = bench();
    trade(0, 100, 0);
    trade(1, 700, 300);
    trade(0, 101, 599);
    trade(0, 102, 600);
    tape.drain();
    const batch = ask('BTCUSDT');
    assert.equal(batch.through, 4);
    assert.equal(batch.anchorWallMs, ANCHOR_MS);
    assert.deepEqual(batch.rows, [
      ...[FIRST, 100, 101, 100, 101, 4, 0, 2, 0],
      ...[FIRST + 1, 102, 102, 102, 102, 2, 0, 1, 0],
    ]);
    assert.deepEqual(seconds(ask('ETHUSDT'), false), [0]);
  });

  it('marks the seconds of trades that the tape has lost, for every instrument', () => {
    const { tape, trade, ask } = bench(16);
    trade(0, 100, 0);
    tape.drain();
    for (let k = 0; k < 40; k++) trade(0, 100 + k, 2000 + 10 * k);
    tape.drain();
    assert.ok(tape.missed > 0, 'the ring was overrun');
    assert.equal(tape.holes, 1);
    assert.deepEqual(seconds(ask('BTCUSDT'), true), [0, 1, 2]);
    assert.deepEqual(seconds(ask('ETHUSDT'), true), [0, 1, 2]);
    assert.equal(ask('BTCUSDT').holes, 1);
  });

  it('marks the time in which the market socket was down, and tells when it moved', () => {
    const { tape, desk, trade, ask } = bench();
    const look = (atMs: number, isUp: boolean): void => desk.look(atMs * 1e6, isUp);
    look(0, false);
    assert.deepEqual(ask('BTCUSDT').rows, [], 'not yet up is no hole');
    look(1000, true);
    trade(0, 100, 1500);
    tape.drain();
    for (const atMs of [5000, 6000, 7000]) look(atMs, false);
    look(8000, true);
    trade(0, 101, 9000);
    tape.drain();
    assert.deepEqual(seconds(ask('BTCUSDT'), true), [4, 5, 6, 7, 8]);
    assert.deepEqual(seconds(ask('BTCUSDT'), false), [1, 4, 5, 6, 7, 8, 9]);
    assert.equal(tape.holes, 4);
  });

  it('knows no stranger', () => {
    const { ask } = bench();
    const batch = ask('NOTHING');
    assert.match(batch.refused, /unknown instrument NOTHING/);
    assert.deepEqual(batch.rows, []);
  });
});
