/**
 * units: the words for numbers. A name ends in its unit; these aliases only document it.
 *
 * Ticks     price as a count of tick sizes, an integer of at most 31 bits.
 * Lots      size as a count of lot sizes, an integer held in a double.
 * Nanos     nanoseconds since engine start, a double.
 * E8        money in 10^-8 quote units, an integer held in a double.
 * Bp        basis points (10^-4), a double.
 *
 * Imports   nothing.
 */
export type Ticks = number;
export type Lots = number;
export type Nanos = number;
export type MoneyE8 = number;
export type BasisPoints = number;

export const E8 = 100_000_000;

/** "No price": a side of a book that is empty. */
export const NO_PRICE = -0x8000_0000;

/** Buyer +1, seller −1: of an order, a position or (aggressor) a trade. */
export const Side = { Buy: 1, Sell: -1 } as const;
export type Side = (typeof Side)[keyof typeof Side];
