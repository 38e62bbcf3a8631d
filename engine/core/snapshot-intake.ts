/**
 * snapshot-intake: depth snapshots from the host's ring into the feed session.
 *
 * The host fetches and parses REST answers and writes them as market records: BookClear (id),
 * levels, EndOfMessage(Snapshot). One snapshot at a time; the next waits until the feed has handed
 * on the last.
 *
 * Writer of the ring: host. Reader: the trading thread, on its timer.
 * Imports   domain, feeds, memory.
 */
import { Side } from '../domain/units.ts';
import type { FeedSession } from '../feeds/feed-session.ts';
import { instrumentOf, kindOf, RecordKind } from '../memory/market-record.ts';
import type { RingReader } from '../memory/spsc-ring.ts';

export class SnapshotIntake {
  readonly #ring: RingReader;
  readonly #feed: FeedSession;
  #isOpen = false;

  constructor(ring: RingReader, feed: FeedSession) {
    this.#ring = ring;
    this.#feed = feed;
  }

  /** Moves what the ring holds; true when the feed has records to hand on. */
  take(): boolean {
    const ring = this.#ring;
    const feed = this.#feed;
    if (feed.hasPending) return true;
    for (let at = ring.peek(); at >= 0; at = ring.peek()) {
      const header = ring.words[at * 2]!;
      const ticks = ring.words[at * 2 + 1]!;
      const kind = kindOf(header);
      if (kind === RecordKind.BookClear) {
        feed.offerSnapshotBegin(instrumentOf(header), ring.doubles[at + 2]!);
        this.#isOpen = true;
      } else if (this.#isOpen && kind === RecordKind.BidLevel) {
        feed.offerSnapshotLevel(Side.Buy, ticks, ring.doubles[at + 1]!);
      } else if (this.#isOpen && kind === RecordKind.AskLevel) {
        feed.offerSnapshotLevel(Side.Sell, ticks, ring.doubles[at + 1]!);
      } else if (this.#isOpen && kind === RecordKind.EndOfMessage) {
        this.#isOpen = false;
        feed.offerSnapshotEnd();
        ring.advance();
        return feed.hasPending;
      }
      ring.advance();
    }
    return false;
  }
}
