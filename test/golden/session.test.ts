/** One seed, one journal, byte for byte; and the journal replays to itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePipelineOptions } from '../../engine/core/pipeline-options.ts';
import type { PipelineOptions } from '../../engine/core/pipeline-options.ts';
import { TradingCore } from '../../engine/core/trading-core.ts';
import { readBlob } from '../../engine/journal/blob.ts';
import { kindOf, RecordKind } from '../../engine/memory/market-record.ts';
import { SlotBuffer } from '../../engine/memory/slot-buffer.ts';
import { slotsOfRecord } from '../../engine/memory/slot-length.ts';
import { SLOT_BYTES, SLOT_WORDS, SlotKind } from '../../engine/memory/slots.ts';
import { SessionReplay } from '../../engine/replay/session-replay.ts';
import type { ReplayReport } from '../../engine/replay/session-replay.ts';
import { GOLDEN_SEED, readGolden, runGolden } from './session-run.ts';

const RETAKE = 'if decisions were meant to change: node test/golden/session-run.ts';

interface Journal {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly slots: number;
}

/** The golden session once for all tests, with its journal kept. */
const blocks: Uint8Array[] = [];
const first = runGolden({}, GOLDEN_SEED, (words, _doubles, count) => {
  blocks.push(new Uint8Array(words.buffer, words.byteOffset, count * SLOT_WORDS * 4).slice());
});
const bytes = Uint8Array.from(Buffer.concat(blocks));

function journalCopy(): Journal {
  const { buffer } = bytes.slice();
  const words = new Int32Array(buffer);
  return { words, doubles: new Float64Array(buffer), slots: words.length / SLOT_WORDS };
}

function replay({ words, doubles, slots }: Journal): ReplayReport {
  const session = new SessionReplay();
  session.feed(words, doubles, slots);
  return session.finish();
}

/** The replay of the same inputs under changed options. */
function replayWith(change: (options: PipelineOptions) => Partial<PipelineOptions>): ReplayReport {
  const { words, doubles, slots } = journalCopy();
  const options = parsePipelineOptions(readBlob(words, doubles, 0).text);
  const session = new SessionReplay();
  const header = new SlotBuffer(1024, (...run) => void session.feed(...run));
  TradingCore.writeHeader(header, { ...options, ...change(options) });
  header.flush();
  const from = slotsOfRecord(words, 0);
  const rest = words.slice(from * SLOT_WORDS);
  session.feed(rest, new Float64Array(rest.buffer), slots - from);
  return session.finish();
}

/** Slot of the first record that `isIt`, from the middle of the journal on. */
function slotOf({ words, slots }: Journal, isIt: (header: number) => boolean): number {
  for (let slot = 0; slot < slots; slot += slotsOfRecord(words, slot * SLOT_WORDS)) {
    if (slot > slots / 2 && isIt(words[slot * SLOT_WORDS]!)) return slot;
  }
  throw new Error('the journal holds no such record');
}

describe('the golden session', () => {
  it('has the committed hash', () => {
    assert.ok(first.orders > 50 && first.fills > 0, 'a session that trades');
    assert.deepEqual(first, readGolden(), RETAKE);
  });

  it('has the same journal when it is run again', () => {
    assert.deepEqual(runGolden(), first);
  });

  it('has another journal for another seed, or for one changed constant of a signal', () => {
    const constant = runGolden({ signals: { ofiHalfLifeMs: 501 } });
    assert.notEqual(constant.sha256, first.sha256);
    assert.notEqual(runGolden({}, GOLDEN_SEED + 1).sha256, first.sha256);
  });
});

describe('the journal of the golden session', () => {
  it('replays to itself, byte for byte', () => {
    const report = replay(journalCopy());
    assert.deepEqual(report, {
      turns: report.turns,
      slots: first.slots,
      decisions: first.decisions,
      orders: first.orders,
      fills: first.fills,
      endedByGap: false,
      difference: null,
    });
    assert.ok(report.turns > 10_000);
  });

  it('shows one changed byte of a market record as a difference', () => {
    const journal = journalCopy();
    const slot = slotOf(journal, (header) => kindOf(header) === RecordKind.BuyTrade);
    // The high byte of the traded lots' mantissa.
    new Uint8Array(journal.words.buffer)[slot * SLOT_BYTES + 8 + 6]! ^= 0x08;
    assert.notEqual(replay(journal).difference, null);
  });

  it('shows a flipped bit of an output as a difference', () => {
    const journal = journalCopy();
    const slot = slotOf(journal, (header) => kindOf(header) === SlotKind.Decision);
    journal.words[slot * SLOT_WORDS + SLOT_WORDS + 2]! ^= 1;
    assert.match(replay(journal).difference!, /^turn \d+, slot \d+ of the turn, byte \d+/);
  });

  it('shows a changed constant as a difference', () => {
    const same = replayWith(({ signals }) => ({ signals }));
    assert.equal(same.difference, null, 'control: the header written anew');
    const other = replayWith(({ signals }) => ({ signals: { ...signals, ofiHalfLifeMs: 501 } }));
    assert.notEqual(other.difference, null);
  });

  it('ends at a gap, and leaves a torn last turn out', () => {
    const journal = journalCopy();
    const inTurn = slotOf(journal, (header) => kindOf(header) === RecordKind.EndOfMessage);
    const torn = replay({ ...journal, slots: inTurn });
    assert.equal(torn.difference, null);
    assert.ok(torn.turns > 1000);
    journal.words[inTurn * SLOT_WORDS] = SlotKind.Gap;
    const gap = replay(journal);
    assert.equal(gap.endedByGap, true);
    assert.equal(gap.difference, null);
    assert.equal(gap.turns, torn.turns);
  });
});
