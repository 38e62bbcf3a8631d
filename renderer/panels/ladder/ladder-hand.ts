/**
 * ladder-hand: carries out what a press or a key on a ladder means, if the engine has acknowledged
 * that it may; says at the ladder's foot what was not sent, and why.
 *
 * Nothing is guessed: lock and lease are those of the newest status, the price is the press's, a
 * taking order is no larger than what is displayed up to its price.
 *
 * Imports   commands, format, live, stores, ./hand-*.
 */
import type { OrderStatus } from '../../../engine/contract/status.ts';
import { cancelOrder, placeOrder } from '../../commands/commands.ts';
import type { Grid } from '../../format/grid.ts';
import { grouped } from '../../format/numbers.ts';
import { liveMarket } from '../../live/live-market.ts';
import { useConnection } from '../../stores/connection-store.ts';
import { handSizes, sayAtLadder, showPreview, useHand } from '../../stores/hand-store.ts';
import { currentInstrument, currentStatus } from '../../stores/status-store.ts';
import type { LadderIndex } from '../../stores/view-store.ts';
import { type Cell, meaningOf, type Wish } from './hand-press.ts';
import { displayedLots, worth } from './hand-size.ts';

export interface LadderHand {
  /** What a press here would do, to be read before it is done; null: the pointer is elsewhere. */
  hover(cell: Cell | null, isTaking: boolean): void;
  act(wish: Wish): void;
}

export interface LadderHandParts {
  readonly ladder: LadderIndex;
  readonly grid: Grid;
  /** Ticks that a row stands for, from the given price up or down. */
  readonly rowOf: (ticks: number, side: number) => number;
}

type PlaceWish = Extract<Wish, { kind: 'place' }>;

export function createLadderHand(parts: LadderHandParts): LadderHand {
  const { ladder, grid } = parts;
  const say = (text: string): void => sayAtLadder(grid.symbol, text);

  const act = (wish: Wish): void => {
    if (wish.kind === 'nothing') {
      if (wish.why !== '') say(wish.why);
      return;
    }
    const hindrance = wish.kind === 'place' ? mayPlace(grid.symbol) : mayCancel();
    if (hindrance !== null) say(hindrance);
    else if (wish.kind === 'cancel') cancelRow(parts, wish.ticks, say);
    else place(grid, wish, say);
  };

  return {
    act,
    hover: (cell, isTaking) => {
      showPreview(ladder, cell === null ? '' : previewOf(parts, cell, isTaking));
    },
  };
}

/** Why nothing may be cancelled from here; null when it may. */
function mayCancel(): string | null {
  const status = currentStatus();
  if (status === null || useConnection.getState().phase !== 'live') {
    return 'not connected: nothing was sent';
  }
  if (status.lease.mine) return null;
  const { holder } = status.lease;
  return `read-only: ${holder ?? 'nobody'} is in control; L takes control`;
}

function mayPlace(symbol: string): string | null {
  const hindrance = mayCancel();
  if (hindrance !== null) return hindrance;
  const isOpen = currentInstrument(symbol)?.ladder === 'unlocked';
  return isOpen ? null : 'locked: nothing was sent; U or the lock above opens it';
}

function place(grid: Grid, wish: PlaceWish, say: (text: string) => void): void {
  const lots = lotsOf(grid, wish);
  if (typeof lots === 'string') {
    say(lots);
    return;
  }
  const { isPostOnly, isReduceOnly } = useHand.getState();
  placeOrder({
    symbol: grid.symbol,
    side: wish.side > 0 ? 'buy' : 'sell',
    price: grid.plainPrice(wish.ticks),
    size: grid.plainSize(lots),
    timeInForce: wish.isTaking ? 'ioc' : isPostOnly ? 'post-only' : 'gtc',
    reduceOnly: isReduceOnly,
  });
}

/** Lots to send, or why there are none. */
function lotsOf(grid: Grid, wish: PlaceWish): number | string {
  const text = handSizes(grid.symbol)?.size ?? '';
  const lots = grid.lots(text);
  if (!(lots > 0)) {
    return `size ${text === '' ? 'missing' : text} is no multiple of ${grid.plainSize(1)}`;
  }
  if (!wish.isTaking) return lots;
  const { book } = liveMarket;
  const at = book.isValid(grid.index) ? book.ladderOffset(grid.index) : -1;
  const shown = at < 0 ? 0 : displayedLots(book.frame, at, wish.side, wish.ticks);
  return shown > 0 ? Math.min(lots, shown) : 'nothing is displayed up to that price';
}

/** Orders of an instrument that stand in the row of `ticks`, a side at a time. */
function ordersInRow({ grid, rowOf }: LadderHandParts, ticks: number): readonly OrderStatus[] {
  const orders = currentStatus()?.orders ?? [];
  return orders.filter(({ symbol, price, side }) => {
    if (symbol !== grid.symbol) return false;
    const sign = side === 'buy' ? 1 : -1;
    return rowOf(grid.ticks(price), sign) === rowOf(ticks, sign);
  });
}

function cancelRow(parts: LadderHandParts, ticks: number, say: (text: string) => void): void {
  const here = ordersInRow(parts, ticks);
  const own = here.filter(({ owner }) => owner === 'hand');
  for (const { clientId } of own) cancelOrder(clientId);
  if (own.length > 0) return;
  const [other] = here;
  const text =
    other === undefined
      ? 'no order in that row'
      : `that order is the ${other.owner}'s: Shift + Cancel all takes every owner's`;
  say(text);
}

function previewOf(parts: LadderHandParts, cell: Cell, isTaking: boolean): string {
  const { grid } = parts;
  const wish = meaningOf(cell, false, isTaking);
  if (wish.kind === 'nothing') return '';
  if (wish.kind === 'cancel') {
    const own = ordersInRow(parts, wish.ticks).filter(({ owner }) => owner === 'hand');
    if (own.length === 0) return '';
    const count = own.length === 1 ? '1 order' : `${own.length} orders`;
    return `Cancel ${count} at ${grid.price(wish.ticks)}`;
  }
  if (mayPlace(grid.symbol) !== null) return '';
  const lots = lotsOf(grid, wish);
  if (typeof lots === 'string') return lots;
  const verb = wish.side > 0 ? 'Buy' : 'Sell';
  const value = grouped(worth(grid, wish.ticks, lots).toFixed(2));
  const how = wish.isTaking ? 'TAKE' : useHand.getState().isPostOnly ? 'POST' : 'GTC';
  return `${verb} ${grid.plainSize(lots)} × ${grid.price(wish.ticks)} = ${value} ${how}`;
}
