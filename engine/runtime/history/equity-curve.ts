/**
 * equity-curve: the day's result, one point a second, thinned as it grows old.
 *
 * Every second for half an hour, every tenth for six hours more, every sixtieth for two days more.
 * A point keeps its number, so a thinned curve has holes in its numbers and none in its time.
 *
 * Writer    host thread, once a second. Imports contract, domain, ./record-store, ./row-list.
 */
import type { EquityPoint } from '../../contract/history.ts';
import { moneyText } from '../../domain/instrument.ts';
import type { Page } from './record-store.ts';
import { pageOf } from './row-list.ts';

/** Points kept of each pace, newest first; the sum is HISTORY_KEPT.equity. */
const TIERS: readonly { readonly every: number; readonly kept: number }[] = [
  { every: 1, kept: 1800 },
  { every: 10, kept: 2160 },
  { every: 60, kept: 2880 },
];

export class EquityCurve {
  readonly #tiers: readonly EquityPoint[][] = TIERS.map(() => []);
  #last = 0;
  /** Points that are older than everything kept; those that thinning left out are not counted. */
  dropped = 0;

  add(atMs: number, dayE8: number, drawdownE8: number): EquityPoint {
    const point: EquityPoint = {
      sequence: ++this.#last,
      atMs: Math.round(atMs),
      day: moneyText(Math.round(dayE8)),
      drawdown: moneyText(Math.round(drawdownE8)),
    };
    this.#keep(0, point);
    return point;
  }

  #keep(tier: number, point: EquityPoint): void {
    const { every, kept } = TIERS[tier] ?? { every: 1, kept: 0 };
    if (kept === 0) {
      this.dropped++;
      return;
    }
    if (point.sequence % every !== 0) return;
    const points = this.#tiers[tier]!;
    points.push(point);
    if (points.length > kept) this.#keep(tier + 1, points.shift()!);
  }

  page(before: number | null, limit: number): Page<EquityPoint> {
    return pageOf(this.#tiers.toReversed().flat(), before, limit);
  }
}
