/**
 * order-flow: who presses at the best prices: order-flow imbalance of the quotes and of the trades.
 *
 * Quotes    e = [bid' ≥ bid] lots' − [bid' ≤ bid] lots − [ask' ≤ ask] lots' + [ask' ≥ ask] lots
 *           at each touch update (' is the newer), summed with exponential decay. The first touch
 *           after an invalid stretch or a snapshot seeds and does not count.
 * Scale     root mean square of that sum over ofiScaleTauS, with a small weight of the mean touch
 *           size until there is history.
 * Trades    f = (buy − sell) / (buy + sell + usual), aggressive lots decayed over flowTauMs, usual
 *           = half of what a usual market trades in that time, so that one small trade is not a 1.
 * Strength  (1 − share) × z / (1 + |z|) + share × f, z = sum / scale; share by market class.
 * Confidence trust. Raw: the decayed sum, lots.
 * Settings  ofiHalfLifeMs 500, ofiScaleTauS 60, flowTauMs 1000, flowShareOneTick 0.2, flowShareWide
 *           0.55.
 * Source    Cont, Kukanov, Stoikov 2014 (arXiv 1011.6402). It explains the present move; as a
 *           forecast it is weak beyond a second.
 *
 * Also writes BuyLotsPerS and SellLotsPerS. Hot path: once a message.
 * Imports   domain, ./signal-constants, ./signal-state.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import {
  Reading as ReadingSlot,
  READING_STRIDE,
  ReadingExtra as ExtraSlot,
  Signal as SignalIndex,
} from '../domain/readings.ts';
import { K as ConstantSlot } from './signal-constants.ts';
import { S as StateSlot } from './signal-state.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const Reading = ReadingSlot;
const ReadingExtra = ExtraSlot;
const Signal = SignalIndex;
const K = ConstantSlot;
const S = StateSlot;

const AT = Signal.OrderFlow * READING_STRIDE;

/** MessageClass number of a snapshot: a new book, not a change of the old one. */
const SNAPSHOT = 4;

/** Trades count whether or not the book is valid: what was traded was traded. */
export function learnTrades(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const decay = state[S.DecayFlow]!;
  const trades = state[S.Learn] === 1 ? market[Market.TradeCount]! : 0;
  let buy = state[S.BuyLots]! * decay;
  let sell = state[S.SellLots]! * decay;
  if (trades > 0) {
    buy += market[Market.BuyLots]!;
    sell += market[Market.SellLots]!;
    state[S.TradesSeen]! += trades;
    state[S.StepVolumeLots]! += market[Market.BuyLots]! + market[Market.SellLots]!;
  }
  state[S.BuyLots] = buy;
  state[S.SellLots] = sell;
  state[S.Trades] = state[S.Trades]! * decay + trades;
  const perS = constants[K.InvFlowTauS]!;
  readings[ReadingExtra.BuyLotsPerS] = buy * perS;
  readings[ReadingExtra.SellLotsPerS] = sell * perS;
}

/** Adds the step from the touch before to this one; seeds after an invalid stretch. */
export function learnTouch(state: Float64Array, market: Float64Array): void {
  state[S.OfiLots]! *= state[S.DecayOfi]!;
  if (state[S.Live] === 0) return;
  const bid = market[Market.BidTicks]!;
  const bidLots = market[Market.BidLots]!;
  const ask = market[Market.AskTicks]!;
  const askLots = market[Market.AskLots]!;
  if (state[S.Seed] === 0 && market[Market.MessageClass] !== SNAPSHOT) {
    const bidBefore = state[S.BidTicks]!;
    const askBefore = state[S.AskTicks]!;
    let step = 0;
    if (bid >= bidBefore) step += bidLots;
    if (bid <= bidBefore) step -= state[S.BidLots]!;
    if (ask <= askBefore) step -= askLots;
    if (ask >= askBefore) step += state[S.AskLots]!;
    state[S.OfiLots]! += step;
  }
  state[S.BidTicks] = bid;
  state[S.BidLots] = bidLots;
  state[S.AskTicks] = ask;
  state[S.AskLots] = askLots;
}

export function updateOrderFlow(
  state: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const buy = state[S.BuyLots]!;
  const sell = state[S.SellLots]!;
  const usual = 0.5 * state[S.VolumeRate]! * constants[K.FlowTauS]!;
  const all = buy + sell + usual;
  const flow = all > 0 ? (buy - sell) / all : 0;
  const ofi = state[S.OfiLots]!;
  const z = ofi * state[S.InvOfiScale]!;
  const quotes = z / (1 + (z < 0 ? -z : z));
  const share =
    state[S.OneTick] === 1 ? constants[K.FlowShareOneTick]! : constants[K.FlowShareWide]!;
  readings[AT + Reading.Strength] = quotes + share * (flow - quotes);
  readings[AT + Reading.Confidence] = state[S.Trust]!;
  readings[AT + Reading.AsOfNs] = state[S.LastMessageNs]!;
  readings[AT + Reading.Raw] = ofi;
}
