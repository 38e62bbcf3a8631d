/**
 * decode-result: what a decoder says of one frame, and what it noted of it besides the records.
 *
 * Imports   nothing.
 */
export const DecodeResult = {
  /** A whole message was added to the batch. */
  Records: 1,
  /** Valid, and nothing for us: acknowledgements, unknown types, prints without a price. */
  Ignored: 2,
  /** A market message of a symbol that we did not ask for. */
  UnknownSymbol: 3,
  /** Not JSON, a field missing or of the wrong kind, a number off the instrument's grid. */
  Malformed: 4,
  /** More records than the batch has room for. */
  Overflow: 5,
  /** The venue announces that it will close the connection. */
  Shutdown: 6,
  /** The venue refused a request sent on the socket. */
  Refused: 7,
} as const;
export type DecodeResult = (typeof DecodeResult)[keyof typeof DecodeResult];

/** Doubles of a decoder's header: valid after Records. Ids that a message lacks are −1. */
export const HeaderField = {
  /** U, u and pu of a depth update: where book-sync reads them (DiffId). u of a bookTicker. */
  FirstId: 0,
  LastId: 1,
  PreviousId: 2,
  /** E and T in epoch ms, 0 when absent; microseconds are turned into ms. */
  EventMs: 3,
  TransactMs: 4,
  Instrument: 5,
  MessageClass: 6,
  TradeId: 7,
} as const;
export const HEADER_SIZE = 8;
