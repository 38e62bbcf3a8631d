/**
 * book-sync: may this diff be applied? Sequencing of one instrument's depth stream.
 *
 * Binance spot (rule FirstId): drop u ≤ id; apply when U ≤ id + 1 (so the legal adjacent case
 * U = lastUpdateId + 1 passes); anything later is a gap.
 * Binance USD-M (rule PreviousId): after a snapshot drop u < lastUpdateId and begin with the event
 * that spans it, U ≤ lastUpdateId ≤ u, or whose predecessor ended at or before it, pu ≤
 * lastUpdateId (the same event when ids between two events belong to other instruments); afterwards
 * pu must be the previous u. An event that ends at or before the last one is a repeat (overlapping
 * sockets).
 *
 * Life      Idle → Connecting → Buffering → Synced → (gap) Resyncing → Synced; a lost connection
 *           takes any state to Connecting. While Buffering or Resyncing diffs are kept, not
 *           applied.
 * Writer    FeedSession. Ids are update ids, integers in doubles below 2^53.
 * Hot path: onDiff. Ids are read from an array, verdicts are small integers.
 * Imports   domain/modes.
 */
import { BookState } from '../domain/modes.ts';

export const SyncRule = { FirstId: 1, PreviousId: 2 } as const;
export type SyncRule = (typeof SyncRule)[keyof typeof SyncRule];

export const SyncVerdict = {
  /** Older than the book, or a repeat: drop it. */
  Ignore: 0,
  /** Apply it; the book's id moved to its u. */
  Apply: 1,
  /** Keep it until a snapshot comes. */
  Keep: 2,
  /** Something is missing before it: keep it, and ask for a snapshot. */
  Gap: 3,
} as const;
export type SyncVerdict = (typeof SyncVerdict)[keyof typeof SyncVerdict];

/** Where a diff's ids lie in the array handed to onDiff. */
export const DiffId = { First: 0, Last: 1, Previous: 2 } as const;

export class BookSync {
  readonly rule: SyncRule;
  state: BookState = BookState.Idle;
  /** Id of the book: of the last diff applied, or of the snapshot. One element. */
  readonly bookId = new Float64Array(1);
  /** False between a snapshot and the first diff applied to it. */
  #isBridged = false;

  constructor(rule: SyncRule) {
    this.rule = rule;
  }

  onConnecting(): void {
    this.state = BookState.Connecting;
    this.#isBridged = false;
  }

  /** The depth stream is up: diffs are kept until a snapshot joins them. */
  onConnected(): void {
    if (this.state === BookState.Synced) return;
    this.state = BookState.Buffering;
    this.#isBridged = false;
  }

  /** Something was lost: start over from a snapshot. */
  onLost(): void {
    this.state = BookState.Resyncing;
    this.#isBridged = false;
  }

  /** A snapshot was taken as the book; the diffs kept must now be offered in order. */
  onSnapshot(lastUpdateId: number): void {
    this.bookId[0] = lastUpdateId;
    this.#isBridged = false;
    this.state = BookState.Synced;
  }

  /** Judges a diff by ids[DiffId.…]; Apply moves the book's id, Gap starts a resync. */
  onDiff(ids: Float64Array): SyncVerdict {
    if (this.state !== BookState.Synced) return SyncVerdict.Keep;
    const verdict = this.rule === SyncRule.FirstId ? this.#byFirstId(ids) : this.#byPreviousId(ids);
    if (verdict === SyncVerdict.Apply) {
      this.bookId[0] = ids[DiffId.Last]!;
      this.#isBridged = true;
    } else if (verdict === SyncVerdict.Gap) this.onLost();
    return verdict;
  }

  #byFirstId(ids: Float64Array): SyncVerdict {
    const id = this.bookId[0]!;
    if (ids[DiffId.Last]! <= id) return SyncVerdict.Ignore;
    return ids[DiffId.First]! <= id + 1 ? SyncVerdict.Apply : SyncVerdict.Gap;
  }

  #byPreviousId(ids: Float64Array): SyncVerdict {
    const id = this.bookId[0]!;
    const last = ids[DiffId.Last]!;
    const previous = ids[DiffId.Previous]!;
    if (this.#isBridged) {
      if (last <= id) return SyncVerdict.Ignore;
      return previous === id ? SyncVerdict.Apply : SyncVerdict.Gap;
    }
    if (last < id) return SyncVerdict.Ignore;
    return ids[DiffId.First]! <= id || previous <= id ? SyncVerdict.Apply : SyncVerdict.Gap;
  }
}
