/**
 * feed-route: groups of streams that share a connection.
 *
 * Imports   nothing.
 */
/** Losing Book takes the books down; losing Trades leaves them. */
export const FeedRoute = { Book: 1, Trades: 2 } as const;
export type FeedRoute = (typeof FeedRoute)[keyof typeof FeedRoute];
export const FEED_ROUTE_NAMES = ['none', 'book', 'trades'] as const;
