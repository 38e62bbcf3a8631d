/**
 * decision: the record of one judgement by a strategy: entry or veto, with every number it used.
 *
 * Writer    strategies (fields below), core (sequence and risk verdict). Readers: journal, screen.
 * Units     as the names say; strengths and confidences as in readings.ts.
 * Imports   domain/readings.
 */
import { SIGNAL_COUNT } from './readings.ts';

export const Decision = {
  Sequence: 0,
  TimeNs: 1,
  Instrument: 2,
  /** +1 long, −1 short, 0 no direction. */
  Side: 3,
  Score: 4,
  AgreeCount: 5,
  EdgeTicks: 6,
  /** Both fees + half spread + slip. */
  CostTicks: 7,
  FeeTicks: 8,
  HalfSpreadTicks: 9,
  SlipTicks: 10,
  /** Verdict number (verdict.ts); PASS when the entry was sent to the gate and passed. */
  Verdict: 11,
  PriceTicks: 12,
  Lots: 13,
  StopTicks: 14,
  TargetTicks: 15,
  Sigma5mTicks: 16,
  SpreadTicks: 17,
  /** Bit s set: signal s agrees with Side. */
  AgreeMask: 18,
  /** Portfolio sigma after the trade over its limit, when the correlation check decided. */
  PortfolioLoad: 19,
  MicroTicks: 20,
  Strategy: 21,
  MarketClass: 22,
  Spare: 23,
  /** From here SIGNAL_COUNT strengths, then SIGNAL_COUNT confidences. */
  Strength0: 24,
  Confidence0: 24 + SIGNAL_COUNT,
} as const;

/** Decision.Strategy of what a person asked for; strategies number themselves from 1. */
export const HAND_STRATEGY = 99;

/** 40 doubles: ten 32-byte slots. */
export const DECISION_SIZE = 24 + 2 * SIGNAL_COUNT;
