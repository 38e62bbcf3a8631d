/**
 * crossed-books: a book that stays crossed although its update ids follow each other is wrong, and
 * nothing in the stream will ever say so: it starts over from a snapshot.
 *
 * A venue may cross a book for a message or two; CROSSED_MESSAGES in a row are a wrong book. What
 * the feed answers are records like any other, so a replay sees the same.
 *
 * Drivers   core/trading-loop, replay/virtual-session, on their timers.
 * Imports   book, feeds.
 */
import type { MarketState } from '../book/market-state.ts';
import type { FeedSession } from '../feeds/feed-session.ts';

export const CROSSED_MESSAGES = 5;

/** Calls `onRows` for each book that starts over; the feed's batch holds the records of it. */
export function resyncCrossed(
  states: readonly MarketState[],
  feed: FeedSession,
  onRows: (instrument: number) => void,
): void {
  for (let i = 0; i < states.length; i++) {
    if (states[i]!.crossedRun < CROSSED_MESSAGES) continue;
    if (feed.startOver(i) > 0) onRows(i);
  }
}
