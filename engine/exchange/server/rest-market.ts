/**
 * rest-market: depth limits and their request weights, shared by REST and the WebSocket API.
 *
 * Imports   server/{params,venue-error}.
 */
import type { Params } from './params.ts';
import { VenueError } from './venue-error.ts';

const DEFAULT_LIMIT = 500;
const WEIGHTS: ReadonlyMap<number, number> = new Map([
  [5, 2],
  [10, 2],
  [20, 2],
  [50, 2],
  [100, 5],
  [500, 10],
  [1000, 20],
]);

export function depthLimit(params: Params): number {
  const text = params.get('limit');
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!WEIGHTS.has(limit)) throw new VenueError(-4021);
  return limit;
}

export function depthWeight(params: Params): number {
  return WEIGHTS.get(Number(params.get('limit') ?? DEFAULT_LIMIT)) ?? 1;
}
