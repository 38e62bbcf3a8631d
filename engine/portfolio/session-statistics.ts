/**
 * session-statistics: what closed scalps and ended orders say about a session, and how surely.
 *
 * A scalp is won when its result after fees is above zero. Every mean comes with its standard error
 * and the number of results behind it, so that whoever shows it can leave out the digits that the
 * data do not bear. Nothing is known from no data: such figures are null, never 0.
 *
 * Units     money in quote units as doubles, for display only; ms; R is a result over what the
 *           first stop risked.
 * Imports   nothing.
 */
export interface ScalpResult {
  readonly symbol: string;
  readonly exitKind: string;
  readonly openedBy: readonly string[];
  readonly closedAtMs: number;
  readonly heldMs: number;
  /** Realised by the venue's figures, its fees, and the first less the second. */
  readonly gross: number;
  readonly fees: number;
  readonly net: number;
  /** What the first stop risked, above 0; null unknown. */
  readonly risk: number | null;
}

export interface Estimate {
  readonly value: number;
  /** Standard error of `value`; null from fewer than two results. */
  readonly error: number | null;
  readonly count: number;
}

export interface Summary {
  readonly count: number;
  readonly wins: number;
  readonly losses: number;
  readonly net: number;
  readonly gross: number;
  readonly fees: number;
  /** Share of scalps that were won. */
  readonly winRate: Estimate | null;
  /** Mean result after fees, of one scalp. */
  readonly expectancy: Estimate | null;
  /** The same in units of the first risk, of those whose risk is known. */
  readonly expectancyR: Estimate | null;
  readonly averageWin: Estimate | null;
  readonly averageLoss: Estimate | null;
  /** Sum of what was won over the sum of what was lost; null without a loss. */
  readonly profitFactor: number | null;
  readonly medianHoldMs: number | null;
  /** Fees over the gross result; null unless the gross result is above 0. */
  readonly feeShare: number | null;
}

export interface Group {
  readonly key: string;
  readonly summary: Summary;
}

export interface EntryOrder {
  readonly size: number;
  readonly filled: number;
}

export interface FillRatio {
  readonly orders: number;
  /** Orders that filled at all. */
  readonly touched: number;
  /** Share of orders that filled at all. */
  readonly rate: Estimate | null;
  /** Mean filled share of the ordered size. */
  readonly share: Estimate | null;
}

export function summarise(results: readonly ScalpResult[]): Summary {
  const nets = results.map(({ net }) => net);
  const won = nets.filter((net) => net > 0);
  const lost = nets.filter((net) => net < 0);
  const gross = sum(results.map((result) => result.gross));
  const fees = sum(results.map((result) => result.fees));
  const lostSum = -sum(lost);
  return {
    count: results.length,
    wins: won.length,
    losses: lost.length,
    net: sum(nets),
    gross,
    fees,
    winRate: proportion(won.length, results.length),
    expectancy: mean(nets),
    expectancyR: mean(multiples(results)),
    averageWin: mean(won),
    averageLoss: mean(lost),
    profitFactor: lostSum > 0 ? sum(won) / lostSum : null,
    medianHoldMs: median(results.map(({ heldMs }) => heldMs)),
    feeShare: gross > 0 ? fees / gross : null,
  };
}

/** Results in units of their first risk. */
export function multiples(results: readonly ScalpResult[]): number[] {
  return results.flatMap(({ net, risk }) => (risk !== null && risk > 0 ? [net / risk] : []));
}

/** Summaries by key, largest group first; a result counts in each of its keys. */
export function grouped(
  results: readonly ScalpResult[],
  keysOf: (result: ScalpResult) => readonly string[],
): Group[] {
  const groups = new Map<string, ScalpResult[]>();
  for (const result of results) {
    for (const key of keysOf(result)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [result]);
      else group.push(result);
    }
  }
  return [...groups]
    .map(([key, members]) => ({ key, summary: summarise(members) }))
    .toSorted((a, b) => b.summary.count - a.summary.count || (a.key < b.key ? -1 : 1));
}

/** Largest fall of the summed results below their highest sum so far; the start counts as 0. */
export function largestFall(nets: readonly number[]): number {
  let total = 0;
  let peak = 0;
  let fall = 0;
  for (const net of nets) {
    total += net;
    peak = Math.max(peak, total);
    fall = Math.max(fall, peak - total);
  }
  return fall;
}

export function fillRatio(orders: readonly EntryOrder[]): FillRatio {
  const shares = orders.flatMap(({ size, filled }) => (size > 0 ? [filled / size] : []));
  const touched = shares.filter((share) => share > 0).length;
  return {
    orders: shares.length,
    touched,
    rate: proportion(touched, shares.length),
    share: mean(shares),
  };
}

export function mean(values: readonly number[]): Estimate | null {
  const count = values.length;
  if (count === 0) return null;
  const value = sum(values) / count;
  if (count === 1) return { value, error: null, count };
  const squares = sum(values.map((each) => (each - value) ** 2));
  return { value, error: Math.sqrt(squares / (count - 1) / count), count };
}

/**
 * A share of `count`. Its error is taken as if two more had gone each way (Agresti and Coull):
 * three wins of three are no certainty.
 */
export function proportion(hits: number, count: number): Estimate | null {
  if (count === 0) return null;
  const value = hits / count;
  if (count === 1) return { value, error: null, count };
  const tempered = (hits + 2) / (count + 4);
  return { value, error: Math.sqrt((tempered * (1 - tempered)) / (count + 4)), count };
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Decimals of a figure whose standard error is `error`: down to the error's first digit, at most
 * `most`.
 */
export function decimalsBorne(error: number | null, most: number): number {
  if (error === null || !(error > 0)) return most;
  return Math.min(most, Math.max(0, -Math.floor(Math.log10(error))));
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
