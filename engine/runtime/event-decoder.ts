/**
 * event-decoder: records of the host ring → what terminals are told.
 *
 * Writer    host thread. Imports contract, core, domain, memory.
 */
import type { DecisionEvent, FillEvent, SignalReading } from '../contract/events.ts';
import { Decision, HAND_STRATEGY } from '../domain/decision.ts';
import type { Instrument } from '../domain/instrument.ts';
import { moneyText } from '../domain/instrument.ts';
import { OWNER_NAMES } from '../domain/modes.ts';
import { PURPOSE_NAMES } from '../domain/order.ts';
import { SIGNAL_NAMES } from '../domain/readings.ts';
import { Verdict } from '../domain/verdict.ts';
import type { ClientIds } from '../execution/client-ids.ts';
import { FillField, SLOT_DOUBLES } from '../memory/slots.ts';
import { averagePriceText, round, verdictName } from './status-builder.ts';

export interface EventContext {
  readonly instruments: readonly Instrument[];
  readonly anchorWallMs: number;
  readonly clientIds: ClientIds;
}

/** A Decision record: the header slot's double 0 is at `base`. */
export function decisionEvent(
  context: EventContext,
  instrumentIndex: number,
  doubles: Float64Array,
  base: number,
): DecisionEvent {
  const d = (field: number): number => doubles[base + SLOT_DOUBLES + field]!;
  const instrument = context.instruments[instrumentIndex]!;
  const side = d(Decision.Side);
  const verdict = verdictName(d(Decision.Verdict));
  const byHand = d(Decision.Strategy) === HAND_STRATEGY;
  const wallMs = context.anchorWallMs + d(Decision.TimeNs) / 1e6;
  return {
    sequence: d(Decision.Sequence),
    atMs: Math.floor(wallMs),
    nanos: Math.floor((d(Decision.TimeNs) % 1e6) + 0.5),
    symbol: instrument.symbol,
    strategy: byHand ? 'hand' : 'scalper',
    side: side > 0 ? 'long' : side < 0 ? 'short' : 'none',
    verdict,
    entered: d(Decision.Verdict) === Verdict.PASS,
    score: round(d(Decision.Score), 3),
    agree: d(Decision.AgreeCount),
    edgeTicks: round(d(Decision.EdgeTicks), 2),
    costTicks: round(d(Decision.CostTicks), 2),
    feeTicks: round(d(Decision.FeeTicks), 2),
    halfSpreadTicks: round(d(Decision.HalfSpreadTicks), 2),
    slipTicks: round(d(Decision.SlipTicks), 2),
    price: d(Decision.PriceTicks) > 0 ? instrument.priceText(d(Decision.PriceTicks)) : null,
    size: d(Decision.Lots) > 0 ? instrument.sizeText(d(Decision.Lots)) : null,
    readings: readingsOf(d),
    why: byHand ? handText(instrument, d, verdict) : whyText(d, verdict),
  };
}

function readingsOf(d: (field: number) => number): SignalReading[] {
  const mask = d(Decision.AgreeMask);
  return SIGNAL_NAMES.map((signal, index) => ({
    signal,
    strength: round(d(Decision.Strength0 + index), 3),
    confidence: round(d(Decision.Confidence0 + index), 3),
    agrees: ((mask >> index) & 1) === 1,
  }));
}

/** The sum that decided, in words. */
function whyText(d: (field: number) => number, verdict: string): string {
  const agree = `score ${signed(d(Decision.Score), 2)}, ${d(Decision.AgreeCount)}/8 agree`;
  const edge = d(Decision.EdgeTicks);
  const cost = d(Decision.CostTicks);
  if (cost <= 0) return agree;
  const net = edge - cost;
  const sum =
    `edge ${edge.toFixed(1)} − fees ${d(Decision.FeeTicks).toFixed(1)} − half spread ` +
    `${d(Decision.HalfSpreadTicks).toFixed(1)} − slip ${d(Decision.SlipTicks).toFixed(1)} = ` +
    `${signed(net, 1)} ticks`;
  if (verdict === 'CORRELATED') {
    const load = (d(Decision.PortfolioLoad) * 100).toFixed(0);
    return `portfolio σ would be ${load} % of its limit; ${agree}`;
  }
  return `${sum}; ${agree}`;
}

/** What a person asked, and whether it left. */
function handText(instrument: Instrument, d: (field: number) => number, verdict: string): string {
  const side = d(Decision.Side) > 0 ? 'buy' : 'sell';
  const size = instrument.sizeText(d(Decision.Lots));
  const what = `${side} ${size} at ${instrument.priceText(d(Decision.PriceTicks))} by hand`;
  return verdict === 'PASS' ? `${what}: sent` : `${what}: not sent`;
}

function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 ? `−${text}` : `+${text}`;
}

/** A Fill record. */
export function fillEvent(
  context: EventContext,
  instrumentIndex: number,
  doubles: Float64Array,
  base: number,
): FillEvent {
  const f = (field: number): number => doubles[base + field]!;
  const instrument = context.instruments[instrumentIndex]!;
  return {
    sequence: f(FillField.Sequence),
    atMs: Math.round(context.anchorWallMs + f(FillField.NowNs) / 1e6),
    symbol: instrument.symbol,
    side: f(FillField.Side) > 0 ? 'buy' : 'sell',
    price: averagePriceText(instrument, f(FillField.PriceTicks)),
    size: instrument.sizeText(f(FillField.Lots)),
    fee: moneyText(f(FillField.FeeE8)),
    realised: moneyText(f(FillField.RealisedE8)),
    maker: f(FillField.IsMaker) === 1,
    owner: OWNER_NAMES[f(FillField.Owner)] ?? 'none',
    purpose: PURPOSE_NAMES[f(FillField.Purpose)] ?? 'manual',
    clientId: context.clientIds.text(f(FillField.Owner), f(FillField.ClientSequence)),
  };
}
