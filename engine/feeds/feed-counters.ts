/**
 * feed-counters: what a feed session counts, as indices of an Int32Array.
 *
 * Imports   nothing.
 */
export const FeedCounter = {
  /** Frames received. */
  Frames: 0,
  /** Messages handed on, by class. */
  Depth: 1,
  Trades: 2,
  Touch: 3,
  Marks: 4,
  Snapshots: 5,
  /** Holes found in a synced book's sequence. */
  Gaps: 6,
  /** Times a book had to start over, for whatever reason. */
  Resyncs: 7,
  /** Diffs dropped as older than the book or as repeats. */
  Repeats: 8,
  /** Snapshots refused: older than the first diff kept. */
  StaleSnapshots: 9,
  Malformed: 10,
  /** Frames that took the slow way through JSON.parse. */
  Fallback: 11,
  UnknownSymbol: 12,
  /** Messages too large for a batch, or too many diffs kept. */
  Overflow: 13,
  /** Valid frames that are no market message for us. */
  Ignored: 14,
  Refused: 15,
  Shutdown: 16,
  ConnectionsLost: 17,
  /** Levels left out: their price is beyond what 31-bit ticks can count. */
  BeyondRange: 18,
} as const;
export const FEED_COUNTERS = 19;
export const FEED_COUNTER_NAMES = [
  'frames',
  'depth',
  'trades',
  'touch',
  'marks',
  'snapshots',
  'gaps',
  'resyncs',
  'repeats',
  'staleSnapshots',
  'malformed',
  'fallback',
  'unknownSymbol',
  'overflow',
  'ignored',
  'refused',
  'shutdown',
  'connectionsLost',
  'beyondRange',
] as const;
