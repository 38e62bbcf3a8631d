/**
 * slots: the journal's alphabet. Everything the pipeline reads or decides is a run of 32-byte slots
 * whose first word is kind | flags << 8 | instrument << 16. Kinds 1–15 are market records.
 *
 *   kind             slots  words and doubles beyond the header (w = int32 index, d = double index)
 *   TurnBegin          1    w1 turn kind; d1 now ns; d2 loop lag ns; d3 health bits
 *   TurnEnd            1    w1 records; d1 end ns
 *   Command            2    flags = command kind; w1 argument; d1 command id; d2 now ns; d3 a; d4..
 *   b..e OrderEvent         3    see OrderEventField
 *   SlowResult         n    w1 slots; a table computed off this thread (correlations, clock offset)
 *   Decision          11    header slot, then DECISION_SIZE doubles
 *   OrderPlaced        3    header (w1 order slot) then: client sequence, side, price, lots, tif,
 *   purpose,
 *                           owner, owner ref, now ns, reduce-only
 *   OrderChange        2    w1 order slot; client sequence, state, filled lots, code, now ns
 *   ScalpChange        9    w1 scalp slot; then SCALP_SIZE doubles
 *   StateChange        2    w1 scope; flags = state; d1 now ns; d2 reason; d3 strategy
 *   Denial             2    flags = verdict; w1 owner; d1 now ns; d2 price; d3 lots; d4 purpose; d5
 *   side QuoteChange        7    header, then QUOTE_SIZE doubles
 *   CommandAck         1    flags = command kind; w1 0 applied, 1 refused; d1 command id; d2
 *   verdict; d3 now ns Fill               4    see FillField
 *   ScalpEnded        10    told to the host alone, never journaled; see ScalpEndedField
 *   OrderEnded         5    the same; see OrderEndedField
 *   Gap                1    d1 how many slots were lost
 *   Marker             1    flags = marker kind (armed-or-exposed…); d1 now ns
 *   Blob               n    w1 slots in all; d1 bytes; then UTF-8 JSON (session header, alerts)
 *   Pad                n    w1 slots; fills a ring's end; never written to disk
 *
 * Inputs are kinds below 32, outputs from 32 on: a replay feeds the inputs and compares the
 * outputs.
 * Imports   memory/market-record.
 */
export const SLOT_BYTES = 32;
export const SLOT_WORDS = 8;
export const SLOT_DOUBLES = 4;

export const SlotKind = {
  TurnBegin: 16,
  TurnEnd: 17,
  Command: 18,
  OrderEvent: 19,
  SlowResult: 20,
  Decision: 32,
  OrderPlaced: 33,
  OrderChange: 34,
  ScalpChange: 35,
  StateChange: 36,
  Denial: 37,
  QuoteChange: 38,
  CommandAck: 39,
  Fill: 40,
  ScalpEnded: 41,
  OrderEnded: 42,
  Gap: 48,
  Marker: 49,
  Blob: 50,
  Pad: 51,
} as const;
export type SlotKind = (typeof SlotKind)[keyof typeof SlotKind];

/** Slots of a kind; 0 means "count in word 1". */
export const SLOTS_OF_KIND: Readonly<Record<number, number>> = {
  16: 1,
  17: 1,
  18: 2,
  19: 3,
  20: 0,
  32: 11,
  33: 3,
  34: 2,
  35: 9,
  36: 2,
  37: 2,
  38: 7,
  39: 1,
  40: 4,
  41: 10,
  42: 5,
  48: 1,
  49: 1,
  50: 0,
  51: 0,
};

export const TurnKind = { Message: 1, Timer: 2, Order: 3, Command: 4, Snapshot: 5 } as const;

/** Bits of TurnBegin's health word: what the pipeline may not know by itself. */
export const Health = {
  MarketSocketDown: 1,
  OrderSocketDown: 2,
  UserStreamDown: 4,
  SocketBusy: 8,
  JournalRingFull: 16,
  JournalFailed: 32,
  LeaseLost: 64,
  Fence: 128,
  ClockSkew: 256,
  VenueBudgetLow: 512,
} as const;

/** Doubles of an OrderEvent, counted from its first slot's double 0 (which is the header). */
export const OrderEventField = {
  ClientSequence: 1,
  Lots: 2,
  PriceTicks: 3,
  CumulativeLots: 4,
  FeeE8: 5,
  RealisedE8: 6,
  TradeId: 7,
  VenueTimeMs: 8,
  /** Venue error code, or OrderState for StatusFound. */
  Code: 9,
  IsMaker: 10,
  /** Engine time at which the event was received. */
  NowNs: 11,
} as const;

/**
 * Doubles of a Fill, counted from its first slot's double 0 (the header; word 1 is the order slot).
 */
export const FillField = {
  ClientSequence: 1,
  Side: 2,
  Lots: 3,
  PriceTicks: 4,
  FeeE8: 5,
  RealisedE8: 6,
  /** Filled so far of the order, this fill included. */
  FilledLots: 7,
  IsMaker: 8,
  Owner: 9,
  Purpose: 10,
  OwnerRef: 11,
  NowNs: 12,
  /** Running number of the fill in its session; only in the host's copy, 0 in a journal. */
  Sequence: 13,
} as const;

/**
 * Doubles of a ScalpEnded, counted from its first slot's double 0 (the header): the scalp's last
 * row (SCALP_SIZE doubles from Row on) and what the row does not say.
 */
export const ScalpEndedField = {
  EndedNs: 1,
  /** Lots closed in this session and their average price; 0 when none. */
  ExitLots: 2,
  ExitTicks: 3,
  Row: 4,
  /** Distance of the first stop from the entry; 0 for a scalp of a session before. */
  StopDistanceTicks: 36,
  /** Worst price at which it could have been closed since the entry; 0 unknown. */
  WorstTicks: 37,
  Sequence: 38,
} as const;

/** Doubles of an OrderEnded, counted from its first slot's double 0 (the header). */
export const OrderEndedField = {
  /** Running number; an order that fills after its end is told again under a new one. */
  Sequence: 1,
  ClientSequence: 2,
  Side: 3,
  PriceTicks: 4,
  Lots: 5,
  FilledLots: 6,
  /** Average of its fills, a double; 0 without one. */
  AverageTicks: 7,
  State: 8,
  Owner: 9,
  Purpose: 10,
  TimeInForce: 11,
  ReduceOnly: 12,
  /** Last venue error code, CODE_NOT_SENT, or 0. */
  Code: 13,
  CreatedNs: 14,
  /** First sign of the venue; 0 when none came. */
  AckNs: 15,
  EndedNs: 16,
  FeeE8: 17,
} as const;

/**
 * Where slots go: the journal ring of the trading thread, or a growing list under virtual time.
 * `claim` gives `count` contiguous slots as an index into `doubles` (words: twice that), or −1 when
 * nothing fits (the sink counts it and writes a Gap as soon as something does).
 */
export interface SlotSink {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** `isWhole`: the caller writes every word, so nothing need be zeroed first. */
  claim(count: number, isWhole?: boolean): number;
  /** Makes everything claimed so far visible to the reader. Once a turn. */
  publish(): void;
}
