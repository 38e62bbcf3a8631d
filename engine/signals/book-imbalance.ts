/**
 * book-imbalance: which side of the book is heavier, at the touch and over five levels.
 *
 * Touch     (bid − ask) / (bid + ask) lots at the best prices, newest of depth and bookTicker.
 * Five      the same over five levels of the depth book, each level's lots × scale / (scale +
 *           distance from its best price), scale = imbalanceDistanceSpreads × mean spread: half the
 *           weight at that distance. Worked out anew on depth messages, held between them.
 * Strength  share × touch + (1 − share) × five; share by market class. Confidence trust.
 * Raw       the touch imbalance.
 * Settings  imbalanceTouchShareOneTick 0.8, imbalanceTouchShareWide 0.5, imbalanceDistanceSpreads
 *           2.
 * Source    Gould & Bonart 2015 (arXiv 1512.03492). Strong for one-tick books, weak for wide ones;
 *           the levels behind the touch add nothing to it in one-tick books.
 *
 * Hot path: once a message. Imports domain, ./signal-constants, ./signal-state.
 */
import { LEVELS, Market as MarketSlot } from '../domain/market.ts';
import {
  Reading as ReadingSlot,
  READING_STRIDE,
  Signal as SignalIndex,
} from '../domain/readings.ts';
import { K as ConstantSlot } from './signal-constants.ts';
import { S as StateSlot } from './signal-state.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const Reading = ReadingSlot;
const Signal = SignalIndex;
const K = ConstantSlot;
const S = StateSlot;

const AT = Signal.BookImbalance * READING_STRIDE;

/** MessageClass numbers after which the levels may differ: depth, snapshot. */
const DEPTH = 1;
const SNAPSHOT = 4;

export function updateBookImbalance(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const kind = market[Market.MessageClass];
  if (kind === DEPTH || kind === SNAPSHOT || state[S.Seed] === 1) {
    weighLevels(state, market, constants);
  }
  const bid = market[Market.BidLots]!;
  const ask = market[Market.AskLots]!;
  const touch = (bid - ask) / (bid + ask);
  const share =
    state[S.OneTick] === 1 ? constants[K.TouchShareOneTick]! : constants[K.TouchShareWide]!;
  const five = state[S.FiveLevels]!;
  readings[AT + Reading.Strength] = five + share * (touch - five);
  readings[AT + Reading.Confidence] = state[S.Trust]!;
  readings[AT + Reading.AsOfNs] = state[S.LastMessageNs]!;
  readings[AT + Reading.Raw] = touch;
}

function weighLevels(state: Float64Array, market: Float64Array, constants: Float64Array): void {
  const wanted = constants[K.DistanceSpreads]! * state[S.MeanSpreadTicks]!;
  const scale = wanted > 1 ? wanted : 1;
  const bestBid = market[Market.BidTicks0]!;
  const bestAsk = market[Market.AskTicks0]!;
  let bids = 0;
  let asks = 0;
  for (let level = 0; level < LEVELS; level++) {
    const bidLots = market[Market.BidLots0 + level]!;
    const askLots = market[Market.AskLots0 + level]!;
    if (bidLots > 0) {
      bids += (bidLots * scale) / (scale + bestBid - market[Market.BidTicks0 + level]!);
    }
    if (askLots > 0) {
      asks += (askLots * scale) / (scale + market[Market.AskTicks0 + level]! - bestAsk);
    }
  }
  const all = bids + asks;
  state[S.FiveLevels] = all > 0 ? (bids - asks) / all : 0;
}
