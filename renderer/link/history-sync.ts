/**
 * history-sync: joins what the engine tells live with what it keeps, so that a window that was away
 * shows the same rows as one that never was.
 *
 * For each kind it knows which running numbers were told. After every connect it asks for the
 * newest page, then for the newest gap, until none is left above what the window keeps. One request
 * a kind is out at a time. A number that an answer passes over is lost and is not asked for again.
 *
 * Writer    of the history shelves, the decisions store and the trade log, with event-router.
 * Imports   contract, live, stores.
 */
import type {
  DecisionEvent,
  HistoryAnswer,
  HistoryRequest,
  HistoryRow,
  HistoryRows,
} from '../../engine/contract/events.ts';
import { HISTORY_KINDS, HISTORY_PAGE_MAX } from '../../engine/contract/history.ts';
import type { HistoryKind, TradeRow } from '../../engine/contract/history.ts';
import { ToldRanges } from '../live/told-ranges.ts';
import type { TradeLog } from '../live/trade-log.ts';
import { DECISIONS_MAX, decisionsMade } from '../stores/decisions-store.ts';
import { rowsTold, shelfChanged, SHELF_BOUNDS, SHELF_KINDS } from '../stores/history-store.ts';
import type { ShelfKind } from '../stores/history-store.ts';

/** Trades that a window fetches when it comes. */
const TRADES_FETCHED = 2000;

interface Track {
  readonly kind: HistoryKind;
  readonly bound: number;
  readonly told: ToldRanges;
  needsNewest: boolean;
  out: HistoryRequest | null;
  waits: ReturnType<typeof setTimeout> | null;
}

export class HistorySync {
  readonly #send: (request: HistoryRequest) => void;
  readonly #trades: TradeLog;
  readonly #tracks: readonly Track[];
  #isOpen = false;
  #number = 0;

  constructor(send: (request: HistoryRequest) => void, trades: TradeLog) {
    this.#send = send;
    this.#trades = trades;
    this.#tracks = HISTORY_KINDS.map((kind) => ({
      kind,
      bound: boundOf(kind),
      told: kind === 'trades' ? trades.told : new ToldRanges(),
      needsNewest: true,
      out: null,
      waits: null,
    }));
  }

  /** The link is live: whatever was told before stays, the newest is asked for. */
  opened(): void {
    this.#isOpen = true;
    for (const track of this.#tracks) {
      track.needsNewest = true;
      this.#next(track);
    }
  }

  closed(): void {
    this.#isOpen = false;
    for (const track of this.#tracks) halt(track);
  }

  /** Another session: nothing that was told is of it. The stores are emptied by the router. */
  forget(): void {
    for (const track of this.#tracks) {
      halt(track);
      track.told.clear();
      track.needsNewest = true;
    }
    this.#trades.clear();
  }

  /** A live row has come; it is put into its store by the router. */
  heard(kind: HistoryKind, sequence: number): void {
    const track = this.#track(kind);
    track.told.add(sequence, sequence + 1);
    this.#next(track);
  }

  /** Looks for gaps that nobody was told of: those of the trades, which come with frames. */
  look(): void {
    for (const track of this.#tracks) this.#next(track);
  }

  answered(answer: HistoryAnswer): void {
    const track = this.#track(answer.what);
    const { out } = track;
    if (out === null || out.id !== answer.id) return;
    track.out = null;
    if (answer.retryInMs !== null) {
      track.waits = setTimeout(() => {
        track.waits = null;
        this.#next(track);
      }, answer.retryInMs);
      return;
    }
    this.#take(track, out, answer);
    this.#next(track);
  }

  #take(track: Track, out: HistoryRequest, { rows, more, missed, dropped }: HistoryAnswer): void {
    const first = rows[0]?.sequence ?? 0;
    const last = rows.at(-1)?.sequence ?? 0;
    if (out.before === null) track.needsNewest = false;
    // Nothing older is kept, or (which a sound engine never says) older rows but none of them.
    const from = more && first > 0 ? first : 1;
    track.told.add(from, out.before ?? last + 1);
    this.#store(track.kind, rows);
    if (isShelf(track.kind)) shelfChanged(track.kind, { missed, dropped });
  }

  #store(kind: HistoryKind, rows: readonly HistoryRow[]): void {
    switch (kind) {
      case 'trades':
        return this.#trades.insert(rows as readonly TradeRow[]);
      case 'decisions':
        return decisionsMade(rows as readonly DecisionEvent[]);
      case 'fills':
      case 'orders':
      case 'scalps':
      case 'events':
      case 'equity':
        return rowsTold(kind, rows as readonly HistoryRows[typeof kind][]);
    }
  }

  #next(track: Track): void {
    const { kind, told, bound } = track;
    const gap = track.needsNewest ? null : told.gap(Math.max(1, told.newest - bound + 1));
    const isWhole = !track.needsNewest && gap === null;
    if (isShelf(kind)) shelfChanged(kind, { isWhole, from: told.wholeFrom });
    if (!this.#isOpen || track.out !== null || track.waits !== null || isWhole) return;
    const page = HISTORY_PAGE_MAX[kind];
    this.#ask(track, gap?.to ?? null, gap === null ? page : Math.min(page, gap.to - gap.from));
  }

  #ask(track: Track, before: number | null, limit: number): void {
    const id = `history-${++this.#number}`;
    track.out = { type: 'history', id, what: track.kind, symbol: null, before, limit };
    this.#send(track.out);
  }

  #track(kind: HistoryKind): Track {
    return this.#tracks[HISTORY_KINDS.indexOf(kind)]!;
  }
}

function halt(track: Track): void {
  track.out = null;
  if (track.waits !== null) clearTimeout(track.waits);
  track.waits = null;
}

function isShelf(kind: HistoryKind): kind is ShelfKind {
  return (SHELF_KINDS as readonly string[]).includes(kind);
}

function boundOf(kind: HistoryKind): number {
  if (kind === 'trades') return TRADES_FETCHED;
  return kind === 'decisions' ? DECISIONS_MAX : SHELF_BOUNDS[kind];
}
