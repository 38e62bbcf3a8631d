/**
 * stream-plan: what to connect to, as data. Venues make plans, market-sockets carries them out.
 *
 * Imports   feeds/feed-route.
 */
import type { FeedRoute } from './feed-route.ts';

export interface StreamPlan {
  readonly name: string;
  /** It is bound to speak soon after it was asked for: staying mute is a fault. */
  readonly isSteady: boolean;
}

/** One connection. */
export interface RoutePlan {
  readonly route: FeedRoute;
  /** Between the endpoint and /stream. */
  readonly path: string;
  readonly streams: readonly StreamPlan[];
}

/** Longest list of names put into a URL; longer ones are subscribed to in chunks. */
const URL_STREAMS_CHARACTERS_MAX = 1500;
const CHUNK_STREAMS = 50;

export interface Connection {
  readonly url: string;
  /** Requests to send once it is open, at most five a second. */
  readonly requests: readonly string[];
}

/** URL of a route's combined streams, and what to send when they do not fit a URL. */
export function connectionOf(endpoint: string, plan: RoutePlan): Connection {
  const base = `${endpoint.replace(/\/+$/, '')}${plan.path}/stream`;
  const names = plan.streams.map((stream) => stream.name);
  const joined = names.join('/');
  if (joined.length <= URL_STREAMS_CHARACTERS_MAX) {
    return { url: `${base}?streams=${joined}`, requests: [] };
  }
  const requests: string[] = [];
  for (let from = 0; from < names.length; from += CHUNK_STREAMS) {
    const params = names.slice(from, from + CHUNK_STREAMS);
    requests.push(JSON.stringify({ method: 'SUBSCRIBE', params, id: requests.length + 1 }));
  }
  return { url: base, requests };
}
