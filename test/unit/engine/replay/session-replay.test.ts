/** Session replay: what is no journal of ours is refused in words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JOURNAL_VERSION } from '../../../../engine/core/pipeline-options.ts';
import { TradingCore } from '../../../../engine/core/trading-core.ts';
import { SlotBuffer } from '../../../../engine/memory/slot-buffer.ts';
import { SLOT_WORDS, SlotKind, TurnKind } from '../../../../engine/memory/slots.ts';
import { SessionReplay } from '../../../../engine/replay/session-replay.ts';
import { optionsOf } from '../core/core-bench.ts';

/** The slots that `write` leaves in a sink, as a run of their own. */
function slotsOf(write: (sink: SlotBuffer) => void): { words: Int32Array; count: number } {
  const blocks: Int32Array[] = [];
  const sink = new SlotBuffer(4096, (words, _doubles, count) => {
    blocks.push(words.slice(0, count * SLOT_WORDS));
  });
  write(sink);
  sink.flush();
  const words = Int32Array.from(blocks.flatMap((block) => [...block]));
  return { words, count: words.length / SLOT_WORDS };
}

function feed(replay: SessionReplay, write: (sink: SlotBuffer) => void): boolean {
  const { words, count } = slotsOf(write);
  return replay.feed(words, new Float64Array(words.buffer), count);
}

const header = (sink: SlotBuffer): boolean => TradingCore.writeHeader(sink, optionsOf());

function record(sink: SlotBuffer, kind: number, argument: number): void {
  const at = sink.claim(1);
  sink.words[at * 2] = kind;
  sink.words[at * 2 + 1] = argument;
  sink.doubles[at + 1] = 1e9;
}

describe('session replay', () => {
  it('needs the session record first, once, and of this version', () => {
    const late = new SessionReplay();
    assert.throws(
      () => feed(late, (sink) => record(sink, SlotKind.TurnBegin, TurnKind.Timer)),
      /does not begin with its session record/,
    );
    const twice = new SessionReplay();
    assert.ok(feed(twice, header));
    assert.throws(() => feed(twice, header), /two session records/);
    const old = new SessionReplay();
    const other = { ...optionsOf(), version: JOURNAL_VERSION + 1 };
    assert.throws(
      () => feed(old, (sink) => void TradingCore.writeHeader(sink, other)),
      /the journal is of version 2, this program reads 1/,
    );
  });

  it('refuses a record that is none, or one longer than its block', () => {
    const replay = new SessionReplay();
    feed(replay, header);
    assert.throws(() => feed(replay, (sink) => record(sink, 200, 0)), /a record of -1 slots/);
    const words = new Int32Array(SLOT_WORDS);
    words[0] = SlotKind.Command;
    const doubles = new Float64Array(words.buffer);
    assert.throws(() => replay.feed(words, doubles, 1), /a record of 2 slots breaks its block/);
  });

  it('of an empty session is fine; of a turn nobody recorded it is not', () => {
    const replay = new SessionReplay();
    feed(replay, header);
    const report = replay.finish();
    assert.deepEqual([report.difference, report.turns], [null, 0]);
    const other = new SessionReplay();
    feed(other, header);
    // A turn whose recorded end says something else than what comes out.
    const more = feed(other, (sink) => {
      record(sink, SlotKind.TurnBegin, TurnKind.Timer);
      record(sink, SlotKind.TurnEnd, 5);
    });
    assert.equal(more, false, 'nothing more is wanted');
    assert.match(other.finish().difference!, /^turn 1, slot \d+ of the turn/);
  });
});
