/** Snapshots from the host to the feed: whole, one at a time, and only after their head. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SnapshotIntake } from '../../../../engine/core/snapshot-intake.ts';
import type { FeedSession } from '../../../../engine/feeds/feed-session.ts';
import { MessageClass, RecordKind } from '../../../../engine/memory/market-record.ts';
import { RingReader, RingWriter } from '../../../../engine/memory/spsc-ring.ts';

/** A feed that writes down what it is offered. */
class ListeningFeed {
  readonly heard: string[] = [];
  hasPending = false;
  isUseful = true;

  offerSnapshotBegin(instrument: number, id: number): void {
    this.heard.push(`begin ${instrument} ${id}`);
  }

  offerSnapshotLevel(side: number, ticks: number, lots: number): void {
    this.heard.push(`${side > 0 ? 'bid' : 'ask'} ${ticks} ${lots}`);
  }

  offerSnapshotEnd(): void {
    this.heard.push('end');
    this.hasPending = this.isUseful;
  }
}

function bench() {
  const writer = RingWriter.create(64);
  const reader = new RingReader(writer.buffer);
  const feed = new ListeningFeed();
  const intake = new SnapshotIntake(reader, feed as unknown as FeedSession);
  const put = (kind: number, instrument: number, ticks: number, lots: number, id = 0): void => {
    const at = writer.claim(1);
    writer.words[at * 2] = kind | (instrument << 16);
    writer.words[at * 2 + 1] = ticks;
    writer.doubles[at + 1] = lots;
    writer.doubles[at + 2] = id;
  };
  const snapshot = (instrument: number, id: number): void => {
    put(RecordKind.BookClear, instrument, 0, 0, id);
    put(RecordKind.BidLevel, instrument, 100, 7);
    put(RecordKind.AskLevel, instrument, 101, 9);
    put(RecordKind.EndOfMessage | (MessageClass.Snapshot << 8), instrument, 0, 0, id);
    writer.publish();
  };
  return { writer, feed, intake, put, snapshot };
}

const whole = (instrument: number, id: number): string[] => [
  `begin ${instrument} ${id}`,
  'bid 100 7',
  'ask 101 9',
  'end',
];

describe('the snapshot intake', () => {
  it('hands over a whole snapshot, and the next only after the feed has handed on the last', () => {
    const { feed, intake, snapshot } = bench();
    assert.equal(intake.take(), false, 'nothing there');
    snapshot(2, 500);
    snapshot(3, 600);
    assert.equal(intake.take(), true);
    assert.deepEqual(feed.heard, whole(2, 500));
    assert.equal(intake.take(), true);
    assert.equal(feed.heard.length, 4, 'the feed is still at it');
    feed.hasPending = false;
    assert.equal(intake.take(), true);
    assert.deepEqual(feed.heard.slice(4), whole(3, 600));
  });

  it('goes on where the ring ended in the middle of one', () => {
    const { writer, feed, intake, put } = bench();
    put(RecordKind.BookClear, 1, 0, 0, 9);
    put(RecordKind.BidLevel, 1, 100, 7);
    writer.publish();
    assert.equal(intake.take(), false);
    put(RecordKind.AskLevel, 1, 101, 9);
    put(RecordKind.EndOfMessage, 1, 0, 0);
    writer.publish();
    assert.equal(intake.take(), true);
    assert.deepEqual(feed.heard, whole(1, 9));
  });

  it('leaves out levels without a head, and a snapshot that the feed has no use for', () => {
    const { writer, feed, intake, put, snapshot } = bench();
    put(RecordKind.BidLevel, 1, 100, 7);
    put(RecordKind.EndOfMessage, 1, 0, 0);
    writer.publish();
    assert.equal(intake.take(), false);
    assert.deepEqual(feed.heard, []);
    feed.isUseful = false;
    snapshot(0, 1);
    assert.equal(intake.take(), false);
    feed.isUseful = true;
    snapshot(0, 2);
    assert.equal(intake.take(), true);
    assert.deepEqual(feed.heard, [...whole(0, 1), ...whole(0, 2)]);
  });
});
