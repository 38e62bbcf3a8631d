/**
 * stages: the spans whose latency is recorded, by number and by name.
 *
 * ReceiveToSent is the whole way; inner stages are sampled (1 turn in 64), so their counts differ.
 * SentToAck and AckToFill hold the venue and the network, the others only this process.
 * Imports   nothing.
 */
export const Stage = {
  /** Buffer received → market records. */
  Decode: 0,
  /** → records applied to the book. */
  Book: 1,
  /** → signals updated. */
  Signals: 2,
  /** → exits, quotes and entries decided. */
  Decision: 3,
  /** → intents through the risk gate. */
  Gate: 4,
  /** → order request encoded. */
  Encode: 5,
  /** → handed to the socket. */
  Send: 6,
  /** Buffer received → order handed to the socket, for turns that sent one. */
  ReceiveToSent: 7,
  SentToAck: 8,
  AckToFill: 9,
  /** Receive stamp → end stamp of every turn. */
  Turn: 10,
  /** How late the 10 ms timer came. */
  LoopLag: 11,
} as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

/** For JSON and screens. */
export const STAGE_NAMES = [
  'decode',
  'book',
  'signals',
  'decision',
  'gate',
  'encode',
  'send',
  'receive-to-sent',
  'sent-to-ack',
  'ack-to-fill',
  'turn',
  'loop-lag',
] as const;
export type StageName = (typeof STAGE_NAMES)[number];

export const STAGE_COUNT = STAGE_NAMES.length;

/** Inner stages are stamped in one turn of this many. A power of two. */
export const SAMPLE_EVERY = 64;
