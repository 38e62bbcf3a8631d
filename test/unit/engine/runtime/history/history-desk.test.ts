/** The history desk: rows in words, counts told, messages bounded. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRequest } from '../../../../../engine/contract/events.ts';
import {
  HISTORY_BYTES_MAX,
  HISTORY_KINDS,
  HISTORY_PAGE_MAX,
} from '../../../../../engine/contract/history.ts';
import type { HistoryKind } from '../../../../../engine/contract/history.ts';
import { scopeWord } from '../../../../../engine/core/command-codes.ts';
import { EngineHead } from '../../../../../engine/core/published.ts';
import { Decision, DECISION_SIZE } from '../../../../../engine/domain/decision.ts';
import { Instrument } from '../../../../../engine/domain/instrument.ts';
import { Owner, TradingState } from '../../../../../engine/domain/modes.ts';
import { OrderState, Purpose } from '../../../../../engine/domain/order.ts';
import { Scalp } from '../../../../../engine/domain/scalp.ts';
import { Verdict } from '../../../../../engine/domain/verdict.ts';
import { ClientIds } from '../../../../../engine/execution/client-ids.ts';
import { CODE_NOT_SENT } from '../../../../../engine/execution/gateway.ts';
import {
  FillField,
  OrderEndedField,
  ScalpEndedField,
  SLOT_DOUBLES,
} from '../../../../../engine/memory/slots.ts';
import { HistoryDesk } from '../../../../../engine/runtime/history/history-desk.ts';
import { SPEC } from '../../core/core-bench.ts';

const ANCHOR = 1_790_000_000_000;
const IDS = new ClientIds('abcd1234');

function desk(): HistoryDesk {
  const instruments = [
    new Instrument(0, { ...SPEC, symbol: 'FIRST' }),
    new Instrument(1, { ...SPEC, symbol: 'OTHER' }),
  ];
  return new HistoryDesk({ instruments, anchorWallMs: ANCHOR, clientIds: IDS }, () => 4);
}

function record(size: number, fields: readonly (readonly [number, number])[]): Float64Array {
  const doubles = new Float64Array(size);
  for (const [field, value] of fields) doubles[field] = value;
  return doubles;
}

function ask(what: HistoryKind, change: Partial<HistoryRequest> = {}): HistoryRequest {
  return { type: 'history', id: 'h', what, symbol: null, before: null, limit: 1000, ...change };
}

const fillRecord = (sequence: number): Float64Array =>
  record(16, [
    [FillField.Sequence, sequence],
    [FillField.Side, 1],
    [FillField.Lots, 250],
    [FillField.PriceTicks, 10_000],
    [FillField.Owner, Owner.Scalper],
  ]);

const row = (field: number): number => ScalpEndedField.Row + field;

/** A short of 1,000 lots from 10,000.5, stopped at 10,015. */
function scalpRecord(change: readonly (readonly [number, number])[] = []): Float64Array {
  return record(40, [
    [ScalpEndedField.Sequence, 1],
    [ScalpEndedField.EndedNs, 90e9],
    [ScalpEndedField.ExitLots, 1000],
    [ScalpEndedField.ExitTicks, 10_016.25],
    [ScalpEndedField.StopDistanceTicks, 14.5],
    [ScalpEndedField.WorstTicks, 10_015],
    [row(Scalp.Id), 7],
    [row(Scalp.Side), -1],
    [row(Scalp.EntryLots), 1000],
    [row(Scalp.AvgEntryTicks), 10_000.5],
    [row(Scalp.BestTicks), 9_999],
    [row(Scalp.StopTicks), 10_015],
    [row(Scalp.OpenedNs), 30e9],
    [row(Scalp.RealisedE8), -157_500_000],
    [row(Scalp.FeesE8), 20_000_000],
    [row(Scalp.ExitPurpose), Purpose.Stop],
    [row(Scalp.AgreeMask), 0b11],
    [row(Scalp.Score), -0.6125],
    [row(Scalp.DecisionSequence), 42],
    ...change,
  ]);
}

describe('a closed scalp', () => {
  it('is told with what it made, risked and how far it went either way', () => {
    // One lot by one tick is 0.0001 quote; 1,000 lots make it 0.1 a tick.
    assert.deepEqual(desk().scalp(1, scalpRecord(), 0), {
      sequence: 1,
      id: 7,
      symbol: 'OTHER',
      side: 'short',
      openedAtMs: ANCHOR + 30_000,
      closedAtMs: ANCHOR + 90_000,
      size: '1.000',
      entry: '1000.05',
      exit: '1001.63',
      exitKind: 'stop',
      gross: '-1.57500000',
      fees: '0.20000000',
      net: '-1.77500000',
      mae: '-1.45000000',
      mfe: '0.15000000',
      risk: '1.45000000',
      exitSlipTicks: 1.25,
      openedBy: ['momentum', 'acceleration'],
      score: -0.612,
      decision: 42,
    });
  });

  it('of a session before leaves open what nobody knows', () => {
    const scalp = desk().scalp(
      0,
      scalpRecord([
        [ScalpEndedField.ExitLots, 500],
        [ScalpEndedField.StopDistanceTicks, 0],
        [ScalpEndedField.WorstTicks, 0],
      ]),
      0,
    );
    const { exit, mae, mfe, risk, exitSlipTicks } = scalp;
    assert.deepEqual([exit, mae, mfe, risk, exitSlipTicks], [null, null, null, null, null]);
  });

  it('has no slip where a target closed it', () => {
    const purpose = ScalpEndedField.Row + Scalp.ExitPurpose;
    assert.equal(desk().scalp(0, scalpRecord([[purpose, Purpose.Target]]), 0).exitSlipTicks, null);
  });
});

const order = (change: readonly (readonly [number, number])[] = []): Float64Array =>
  record(20, [
    [OrderEndedField.Sequence, 3],
    [OrderEndedField.ClientSequence, 36],
    [OrderEndedField.Side, -1],
    [OrderEndedField.PriceTicks, 10_001],
    [OrderEndedField.Lots, 500],
    [OrderEndedField.FilledLots, 200],
    [OrderEndedField.AverageTicks, 10_001.5],
    [OrderEndedField.State, OrderState.Canceled],
    [OrderEndedField.Owner, Owner.Quoter],
    [OrderEndedField.Purpose, Purpose.Quote],
    [OrderEndedField.TimeInForce, 1],
    [OrderEndedField.CreatedNs, 1e9],
    [OrderEndedField.AckNs, 1e9 + 2_345_000],
    [OrderEndedField.EndedNs, 4e9],
    [OrderEndedField.FeeE8, 11],
    ...change,
  ]);

describe('an ended order', () => {
  it('is told with its average and the time to the venue’s first sign', () => {
    assert.deepEqual(desk().order(0, order(), 0), {
      sequence: 3,
      clientId: IDS.text(Owner.Quoter, 36),
      symbol: 'FIRST',
      side: 'sell',
      price: '1000.1',
      size: '0.500',
      filled: '0.200',
      average: '1000.15',
      state: 'canceled',
      reason: '',
      owner: 'quoter',
      purpose: 'quote',
      timeInForce: 'GTX',
      reduceOnly: false,
      fee: '0.00000011',
      createdAtMs: ANCHOR + 1000,
      endedAtMs: ANCHOR + 4000,
      ackMs: 2.35,
    });
  });

  const reasons: readonly (readonly [number, number, string | RegExp])[] = [
    [OrderState.Rejected, CODE_NOT_SENT, 'could not be sent'],
    [OrderState.Rejected, -2013, 'never reached the venue'],
    [OrderState.Rejected, -123_456, 'venue code -123456'],
    [OrderState.Rejected, -1021, /receive window \(venue code -1021\)/],
    [OrderState.Filled, -2011, ''],
  ];
  for (const [state, code, reason] of reasons) {
    it(`${state} with code ${code} says why`, () => {
      const told = desk().order(
        0,
        order([
          [OrderEndedField.State, state],
          [OrderEndedField.Code, code],
          [OrderEndedField.AckNs, 0],
        ]),
        0,
      );
      if (typeof reason === 'string') assert.equal(told.reason, reason);
      else assert.match(told.reason, reason);
      assert.equal(told.ackMs, null);
    });
  }
});

describe('events', () => {
  it('are alerts and changes of state under one numbering', () => {
    const history = desk();
    history.alert({ atMs: 5, level: 'warn', code: 'x', text: 'something' });
    history.stateChange(TradingState.Armed, scopeWord(0, 1), Verdict.PASS, 2e9);
    history.stateChange(TradingState.Halted, 0, Verdict.REJECT_RATE, 3e9);
    assert.deepEqual(history.answer(ask('events')).rows, [
      { sequence: 1, atMs: 5, kind: 'alert', level: 'warn', code: 'x', text: 'something' },
      {
        sequence: 2,
        atMs: ANCHOR + 2000,
        kind: 'state',
        level: 'warn',
        code: 'ARMED',
        text: 'scalper on OTHER ARMED',
      },
      {
        sequence: 3,
        atMs: ANCHOR + 3000,
        kind: 'state',
        level: 'danger',
        code: 'HALTED',
        text: 'everything HALTED: REJECT_RATE',
      },
    ]);
  });
});

describe('an answer', () => {
  it('tells what was missed and what is kept no more', () => {
    const history = desk();
    for (const sequence of [1, 2, 6]) history.fill(sequence % 2, fillRecord(sequence), 0);
    const answer = history.answer(ask('fills', { id: 'mine', limit: 2 }));
    assert.deepEqual(
      [answer.id, answer.what, answer.more, answer.missed, answer.dropped, answer.retryInMs],
      ['mine', 'fills', true, 3, 0, null],
    );
    assert.deepEqual(
      answer.rows.map(({ sequence }) => sequence),
      [2, 6],
    );
    assert.equal(history.answer(ask('trades')).missed, 4);
  });

  it('for one instrument has its rows; for one that is not here it has none', () => {
    const history = desk();
    for (const sequence of [1, 2, 3]) history.fill(sequence % 2, fillRecord(sequence), 0);
    const of = (symbol: string): number[] =>
      history.answer(ask('fills', { symbol })).rows.map(({ sequence }) => sequence);
    assert.deepEqual([of('FIRST'), of('OTHER'), of('NONE')], [[2], [1, 3], []]);
  });

  it('has equity from the first view on, in money to the last unit', () => {
    const history = desk();
    const head = new Float64Array(32);
    assert.equal(history.equity(head, 1e9), null, 'nothing is known yet');
    head[EngineHead.Turns] = 1;
    head[EngineHead.RealisedE8] = 500;
    head[EngineHead.FeesE8] = 20;
    head[EngineHead.UnrealisedE8] = -100.4;
    head[EngineHead.DrawdownE8] = 7;
    const point = history.equity(head, 2e9);
    assert.deepEqual(point, {
      sequence: 1,
      atMs: ANCHOR + 2000,
      day: '0.00000380',
      drawdown: '0.00000007',
    });
    assert.deepEqual(history.answer(ask('equity')).rows, [point]);
  });

  it('is never longer than a message may be, whatever is asked for', () => {
    const history = desk();
    const long = -9_007_199_254_740_991;
    const wide = record(44, [
      [SLOT_DOUBLES + Decision.PriceTicks, 1e9],
      [SLOT_DOUBLES + Decision.CostTicks, 1e6],
    ]);
    for (let i = Decision.Strength0; i < DECISION_SIZE; i++) wide[SLOT_DOUBLES + i] = -0.123;
    const trade = Float64Array.of(0, 2 ** 31, 123_456_789, -1, 1.23456e15);
    const head = new Float64Array(32).fill(long / 8);
    const text = 'a line of text that an alert might have, rather long, as such lines may be ';
    for (let n = 1; n <= 1000; n++) {
      wide[SLOT_DOUBLES + Decision.Sequence] = n;
      history.decision(0, wide, 0);
      const money: (readonly [number, number])[] = [
        [FillField.FeeE8, long],
        [FillField.RealisedE8, long],
        [FillField.PriceTicks, 1e9 + 0.5],
      ];
      history.fill(
        0,
        Float64Array.from(fillRecord(n)).map((v, k) => money.find(([f]) => f === k)?.[1] ?? v),
        0,
      );
      const scalp = scalpRecord([[ScalpEndedField.Row + Scalp.AgreeMask, 255]]);
      scalp[ScalpEndedField.Sequence] = n;
      history.scalp(0, scalp, 0);
      history.order(
        0,
        record(20, [
          [OrderEndedField.Sequence, n],
          [OrderEndedField.Code, -4014],
          [OrderEndedField.State, OrderState.Rejected],
          [OrderEndedField.FeeE8, long],
          [OrderEndedField.PriceTicks, 1e9],
        ]),
        0,
      );
      history.equity(head, n * 1e9);
      history.onTrade(trade, 0, n);
      history.alert({
        atMs: ANCHOR,
        level: 'danger',
        code: 'a-long-code-of-an-alert',
        text: text + text,
      });
    }
    for (const what of HISTORY_KINDS) {
      const answer = history.answer(ask(what));
      assert.equal(answer.rows.length, HISTORY_PAGE_MAX[what], what);
      const { length } = JSON.stringify(answer);
      assert.ok(length <= HISTORY_BYTES_MAX, `${what}: ${length}`);
    }
  });
});
