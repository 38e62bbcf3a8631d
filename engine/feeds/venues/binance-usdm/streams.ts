/**
 * streams: which streams of Binance USD-M are taken, and on which of its routes.
 *
 * The venue serves book streams on /public and the rest on /market. A stream asked for on the wrong
 * route is acknowledged and stays mute, so the table below is the only place that pairs them.
 *
 * Imports   feeds/stream-plan.
 */
import { FeedRoute } from '../../feed-route.ts';
import type { RoutePlan } from '../../stream-plan.ts';

export const BINANCE_USDM_ENDPOINTS = {
  rest: 'https://fapi.binance.com',
  stream: 'wss://fstream.binance.com',
} as const;

export interface UsdmStreamOptions {
  /** How often diffs come: the venue offers 100ms, 250ms and 500ms. */
  readonly depthSpeed?: '100ms' | '250ms' | '500ms';
}

/** The two connections of a session over these symbols. */
export function usdmStreamPlan(
  symbols: readonly string[],
  { depthSpeed = '100ms' }: UsdmStreamOptions = {},
): readonly RoutePlan[] {
  const names = symbols.map((symbol) => symbol.toLowerCase());
  // 250 ms is the venue's default and has no suffix.
  const suffix = depthSpeed === '250ms' ? '' : `@${depthSpeed}`;
  return [
    {
      route: FeedRoute.Book,
      path: '/public',
      streams: names.flatMap((name) => [
        { name: `${name}@depth${suffix}`, isSteady: true },
        { name: `${name}@bookTicker`, isSteady: false },
      ]),
    },
    {
      route: FeedRoute.Trades,
      path: '/market',
      streams: names.flatMap((name) => [
        { name: `${name}@aggTrade`, isSteady: false },
        { name: `${name}@markPrice@1s`, isSteady: true },
      ]),
    },
  ];
}
