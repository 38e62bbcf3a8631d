/** The recorder: each kind of record comes out of both sinks as it went in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandCode, scopeWord } from '../../../../engine/core/command-codes.ts';
import { Recorder } from '../../../../engine/core/recorder.ts';
import { DECISION_SIZE } from '../../../../engine/domain/decision.ts';
import { TradingState } from '../../../../engine/domain/modes.ts';
import { QUOTE_SIZE } from '../../../../engine/domain/quote.ts';
import { SCALP_SIZE, SCALPS_MAX } from '../../../../engine/domain/scalp.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { OrderEventQueue } from '../../../../engine/execution/order-events.ts';
import { MarketBatch, RecordKind } from '../../../../engine/memory/market-record.ts';
import {
  FillField,
  OrderEventField,
  SLOT_DOUBLES,
  SLOTS_OF_KIND,
  SlotKind,
  TurnKind,
} from '../../../../engine/memory/slots.ts';
import type { SlotSink } from '../../../../engine/memory/slots.ts';
import { keepingSink, type SeenRecord } from './core-bench.ts';

function bench() {
  const journaled: SeenRecord[] = [];
  const told: SeenRecord[] = [];
  const journal = keepingSink(journaled);
  const host = keepingSink(told);
  const recorder = new Recorder(journal, host);
  const flush = (): void => {
    journal.flush();
    host.flush();
  };
  /** The only record of the journal, and whether the host got the same. */
  const only = (): SeenRecord => {
    flush();
    assert.equal(journaled.length, 1);
    return journaled[0]!;
  };
  return { recorder, journaled, told, flush, only };
}

/** 1, 2, 3 …: every field its own value. */
function counting(size: number, from = 1): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => from + k);
}

const CLOCK = Float64Array.from([5e9, 7e6, 96, 6e9]);

describe('the recorder', () => {
  it('writes both ends of a turn', () => {
    const { recorder, journaled, flush, told } = bench();
    recorder.turnBegin(TurnKind.Timer, CLOCK);
    recorder.turnEnd(17, CLOCK);
    flush();
    const [begin, end] = journaled;
    assert.deepEqual([begin!.kind, begin!.argument], [SlotKind.TurnBegin, TurnKind.Timer]);
    assert.deepEqual([...begin!.doubles.slice(1)], [5e9, 7e6, 96]);
    assert.deepEqual([end!.kind, end!.argument], [SlotKind.TurnEnd, 17]);
    assert.equal(end!.doubles[1], 6e9);
    assert.equal(told.length, 0, 'turns are nothing for a screen');
  });

  it('copies market records as they are, more of them than one run', () => {
    const { recorder, journaled, flush } = bench();
    const batch = new MarketBatch();
    for (let k = 0; k < 700; k++) {
      const row = batch.claim(RecordKind.BidLevel, k & 0xff, 3, 10_000 + k);
      batch.doubles[row * SLOT_DOUBLES + 1] = k + 0.5;
    }
    recorder.market(batch, 0, batch.count);
    flush();
    assert.equal(journaled.length, 700);
    for (const [k, record] of journaled.entries()) {
      assert.deepEqual(
        [record.kind, record.flags, record.instrument, record.argument, record.doubles[1]],
        [RecordKind.BidLevel, k & 0xff, 3, 10_000 + k, k + 0.5],
      );
    }
  });

  it('copies an input of several slots from any place of its source', () => {
    const { recorder, only } = bench();
    const events = new OrderEventQueue(4);
    events.claim(1, 0, 11);
    const base = events.claim(3, 5, 12);
    events.doubles.set(counting(11), base + 1);
    recorder.input(events.doubles, events.words, base, 3);
    const record = only();
    assert.deepEqual([record.kind, record.flags, record.instrument], [SlotKind.OrderEvent, 3, 5]);
    // The first double of each slot holds that slot's words.
    assert.equal(record.doubles[OrderEventField.ClientSequence], 1);
    assert.equal(record.doubles[OrderEventField.NowNs], 11);
  });

  const multi = [
    {
      name: 'a decision',
      kind: SlotKind.Decision,
      size: DECISION_SIZE,
      toHost: true,
      write: (recorder: Recorder) => recorder.decision(counting(DECISION_SIZE), 6),
      argument: 0,
      from: 1,
    },
    {
      name: 'a scalp of the middle of the table',
      kind: SlotKind.ScalpChange,
      size: SCALP_SIZE,
      toHost: false,
      write: (recorder: Recorder) => recorder.scalp(counting(SCALP_SIZE * SCALPS_MAX), 9, 6),
      argument: 9,
      from: 9 * SCALP_SIZE + 1,
    },
    {
      name: 'a quote',
      kind: SlotKind.QuoteChange,
      size: QUOTE_SIZE,
      toHost: false,
      write: (recorder: Recorder) => recorder.quote(counting(QUOTE_SIZE * 8), 6),
      argument: 0,
      from: 6 * QUOTE_SIZE + 1,
    },
  ] as const;
  for (const { name, kind, size, toHost, write, argument, from } of multi) {
    it(`writes ${name} whole`, () => {
      const { recorder, only, told } = bench();
      write(recorder);
      const record = only();
      assert.deepEqual([record.kind, record.instrument, record.argument], [kind, 6, argument]);
      assert.equal(record.doubles.length, SLOTS_OF_KIND[kind]! * SLOT_DOUBLES);
      assert.deepEqual(record.doubles.slice(SLOT_DOUBLES), counting(size, from));
      assert.deepEqual(told, toHost ? [record] : []);
    });
  }

  it('writes a fill by its fields, and what a longer record left behind is gone', () => {
    const { recorder, journaled, told, flush } = bench();
    recorder.decision(counting(DECISION_SIZE, 1000), 1);
    const fill = counting(FillField.NowNs + 1, 0);
    recorder.fill(fill, 2, 33, 9);
    flush();
    const record = journaled[1]!;
    assert.deepEqual([record.kind, record.instrument, record.argument], [SlotKind.Fill, 2, 33]);
    for (let k = 1; k <= FillField.NowNs; k++) assert.equal(record.doubles[k], k);
    assert.deepEqual([...record.doubles.slice(FillField.NowNs + 1)], [0, 0, 0]);
    const { Sequence } = FillField;
    assert.equal(told[1]!.doubles[Sequence], 9, 'the host alone learns its running number');
    assert.deepEqual(told[1]!.doubles.slice(0, Sequence), record.doubles.slice(0, Sequence));
  });

  it('tells the host alone what no journal needs', () => {
    const { recorder, journaled, told, flush } = bench();
    recorder.doubles.set(counting(18), 1);
    recorder.tell(SlotKind.OrderEnded, 6, 12);
    flush();
    assert.deepEqual(journaled, []);
    const [record] = told;
    assert.deepEqual(
      [record!.kind, record!.flags, record!.instrument, record!.argument],
      [SlotKind.OrderEnded, 0, 6, 12],
    );
    assert.deepEqual(record!.doubles.slice(1, 19), counting(18));
  });

  it('writes answers and changes of state for both', () => {
    const { recorder, journaled, told, flush } = bench();
    recorder.commandAck(CommandCode.Arm, 41, true, Verdict.LEASE_LOST, CLOCK);
    const scope = scopeWord(1, 4);
    recorder.stateChange(scope, TradingState.Halted, 1, Verdict.REJECT_RATE, CLOCK);
    flush();
    const [ack, change] = journaled;
    assert.deepEqual(
      [ack!.kind, ack!.flags, ack!.argument],
      [SlotKind.CommandAck, CommandCode.Arm, 1],
    );
    assert.deepEqual([...ack!.doubles.slice(1)], [41, Verdict.LEASE_LOST, 5e9]);
    assert.deepEqual(
      [change!.kind, change!.flags, change!.argument],
      [SlotKind.StateChange, TradingState.Halted, scope],
    );
    assert.deepEqual([...change!.doubles.slice(1, 4)], [5e9, Verdict.REJECT_RATE, 1]);
    assert.deepEqual(told, journaled);
  });

  it('goes on when a sink is full: nothing is thrown, the other sink has it', () => {
    const told: SeenRecord[] = [];
    const host = keepingSink(told);
    const full: SlotSink = {
      words: new Int32Array(8),
      doubles: new Float64Array(4),
      claim: () => -1,
      publish: () => undefined,
    };
    const recorder = new Recorder(full, host);
    recorder.commandAck(CommandCode.Kill, 1, false, 0, CLOCK);
    recorder.market(new MarketBatch(), 0, 0);
    recorder.publish();
    host.flush();
    assert.equal(told.length, 1);
    const alone = new Recorder(full, null);
    alone.fill(counting(16), 0, 0, 1);
    alone.publish();
  });
});
