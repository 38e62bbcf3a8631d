/**
 * errors: what a Binance USD-M error code means for us, as data.
 *
 * `outcome` is the question that matters for an order: 'rejected' is proof that it was not placed,
 * 'unknown' is no proof of anything, 'exists' proves that an earlier send with this id lives.
 * A code that is not listed counts as rejected: the venue answered with an error of its own.
 *
 * Readers   decode (hot), rest, the screen.
 * Imports   nothing.
 */
export type ErrorOutcome = 'rejected' | 'unknown' | 'exists';

export const Reaction = {
  /** Freeze the exposure, wait for the stream, query by client id. */
  Query: 'query',
  /** Wait 200, 400, 800 ms and try again, a few times. */
  BackOff: 'back-off',
  /** Stop until the window ends or Retry-After. */
  StopUntilWindow: 'stop-until-window',
  ResyncClock: 'resync-clock',
  /** Signature, key or address: halt and alarm. */
  Halt: 'halt',
  /** Malformed by us: halt the instrument. */
  HaltInstrument: 'halt-instrument',
  RefreshFilters: 'refresh-filters',
  /** Normal business: reprice, or nothing to do. */
  Routine: 'routine',
  /** Balance, margin or order count: cut size and alarm. */
  CutSize: 'cut-size',
  /** Reduce-only conflict: cancel the others and send again. */
  CancelOthers: 'cancel-others',
  /** The venue restricts the account: only reduce, alarm. */
  ReduceOnlyMode: 'reduce-only-mode',
  Report: 'report',
} as const;
export type Reaction = (typeof Reaction)[keyof typeof Reaction];

export interface VenueErrorEntry {
  readonly codes: readonly number[];
  readonly meaning: string;
  readonly outcome: ErrorOutcome;
  readonly reaction: Reaction;
}

export const VENUE_ERRORS: readonly VenueErrorEntry[] = [
  row([-1006, -1007], 'no answer from the engine in time', 'unknown', Reaction.Query),
  row([-1001], 'internal error, failed', 'rejected', Reaction.BackOff),
  row([-1008], 'overload; what reduces and cancels is exempt', 'rejected', Reaction.BackOff),
  row([-1003, -1015], 'weight or order rate exceeded', 'rejected', Reaction.StopUntilWindow),
  row([-1021, -5028], 'time stamp outside the receive window', 'rejected', Reaction.ResyncClock),
  row([-1022, -2014, -2015], 'signature, key or address', 'rejected', Reaction.Halt),
  row([-1102, -1106, -1111, -1116, -1121], 'malformed', 'rejected', Reaction.HaltInstrument),
  row(
    [-4014, -4023, -4001, -4002, -4003, -4004, -4005, -4013, -4164, -4016, -4024, -4131, -5029],
    'price, size or value filter',
    'rejected',
    Reaction.RefreshFilters,
  ),
  row([-2010], 'new order rejected', 'rejected', Reaction.Report),
  row(
    [-5022, -5021],
    'post-only would take, or fill-or-kill unfillable',
    'rejected',
    Reaction.Routine,
  ),
  row([-2011], 'cancel of an order that is not open', 'rejected', Reaction.Query),
  row([-2013], 'order not found', 'unknown', Reaction.Query),
  row([-4116], 'client id in use by an open order', 'exists', Reaction.Query),
  row([-2018, -2019, -2027, -2025], 'balance, margin or open orders', 'rejected', Reaction.CutSize),
  row([-2022, -4118], 'reduce-only conflict', 'rejected', Reaction.CancelOthers),
  row(
    [-2023, -4087, -4088, -4105, -4106, -4107, -4189, -4192, -4400, -4401],
    'liquidation, restriction or cooling-off',
    'rejected',
    Reaction.ReduceOnlyMode,
  ),
  row(
    [-4061, -4062],
    'position side or reduce-only invalid for the mode',
    'rejected',
    Reaction.Halt,
  ),
  row([-5024, -5025, -5026, -5027, -5043], 'modify refused', 'rejected', Reaction.Query),
  row(
    [-4120],
    'conditional orders have an interface of their own',
    'rejected',
    Reaction.HaltInstrument,
  ),
  row([-4109], 'account inactive', 'rejected', Reaction.Halt),
  row([-1125], 'listen key is dead', 'rejected', Reaction.Report),
];

/** Codes that belong to normal business and never count towards a halt. */
export const ROUTINE_CODES: readonly number[] = VENUE_ERRORS.filter(
  (entry) => entry.reaction === Reaction.Routine || entry.reaction === Reaction.CancelOthers,
).flatMap((entry) => entry.codes);

const OUTCOME_UNKNOWN = 1;
const OUTCOME_EXISTS = 2;
const LOWEST_CODE = 6000;
/** By −code; 0 is rejected. */
const OUTCOMES = new Uint8Array(LOWEST_CODE);
for (const { codes, outcome } of VENUE_ERRORS) {
  for (const code of codes) {
    if (outcome === 'unknown') OUTCOMES[-code] = OUTCOME_UNKNOWN;
    else if (outcome === 'exists') OUTCOMES[-code] = OUTCOME_EXISTS;
  }
}

/**
 * True when an error reply to a placement proves that nothing was placed. `status` is the reply's
 * HTTP status; `saysUnknown` whether its text begins with "Unknown error".
 */
export function provesNotPlaced(status: number, code: number, saysUnknown: boolean): boolean {
  if (status === 408) return false;
  if (status >= 500 && status !== 503) return code === -1001 || code === -1008;
  if (status === 503 && saysUnknown) return false;
  if (code >= 0 || code <= -LOWEST_CODE) return status >= 400 && status < 500;
  return OUTCOMES[-code] === 0;
}

export function venueErrorOf(code: number): VenueErrorEntry | undefined {
  return VENUE_ERRORS.find((entry) => entry.codes.includes(code));
}

function row(
  codes: readonly number[],
  meaning: string,
  outcome: ErrorOutcome,
  reaction: Reaction,
): VenueErrorEntry {
  return { codes, meaning, outcome, reaction };
}
