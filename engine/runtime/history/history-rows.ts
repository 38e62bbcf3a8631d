/**
 * history-rows: records that the trading thread told the host → rows of history in words.
 *
 * Units     decimal texts on the instrument's grid, money texts in quote units, epoch ms.
 * Imports   contract, core, domain, execution, memory, runtime.
 */
import type { ClosedScalp, EndedOrder, EventRow } from '../../contract/history.ts';
import {
  scopeInstrument,
  scopeStrategy,
  STRATEGY_MARKET_MAKING,
  STRATEGY_SCALPER,
} from '../../core/command-codes.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { moneyText } from '../../domain/instrument.ts';
import { OWNER_NAMES, TradingState } from '../../domain/modes.ts';
import {
  ORDER_STATE_NAMES,
  OrderState,
  Purpose,
  PURPOSE_NAMES,
  TIME_IN_FORCE_NAMES,
} from '../../domain/order.ts';
import { Scalp } from '../../domain/scalp.ts';
import { NO_PRICE } from '../../domain/units.ts';
import { Verdict } from '../../domain/verdict.ts';
import { CODE_NOT_FOUND, CODE_NOT_SENT } from '../../execution/gateway.ts';
import { venueErrorOf } from '../../execution/venues/binance-usdm/errors.ts';
import { OrderEndedField, ScalpEndedField } from '../../memory/slots.ts';
import type { EventContext } from '../event-decoder.ts';
import {
  agreeing,
  averagePriceText,
  round,
  tradingStateName,
  verdictName,
} from '../status-builder.ts';

/** A ScalpEnded record. */
export function closedScalp(
  context: EventContext,
  index: number,
  doubles: Float64Array,
  base: number,
): ClosedScalp {
  const row = base + ScalpEndedField.Row;
  const v = (field: number): number => doubles[row + field]!;
  const f = (field: number): number => doubles[base + field]!;
  const instrument = context.instruments[index]!;
  const side = v(Scalp.Side);
  const lots = v(Scalp.EntryLots);
  const entry = v(Scalp.AvgEntryTicks);
  const money = (ticks: number): string => {
    return moneyText(Math.round(ticks * lots * instrument.tickLotE8));
  };
  const worst = f(ScalpEndedField.WorstTicks);
  const risk = f(ScalpEndedField.StopDistanceTicks);
  const isWhole = f(ScalpEndedField.ExitLots) === lots;
  return {
    sequence: f(ScalpEndedField.Sequence),
    id: v(Scalp.Id),
    symbol: instrument.symbol,
    side: side > 0 ? 'long' : 'short',
    openedAtMs: Math.round(context.anchorWallMs + v(Scalp.OpenedNs) / 1e6),
    closedAtMs: Math.round(context.anchorWallMs + f(ScalpEndedField.EndedNs) / 1e6),
    size: instrument.sizeText(lots),
    entry: averagePriceText(instrument, entry),
    exit: isWhole ? averagePriceText(instrument, f(ScalpEndedField.ExitTicks)) : null,
    exitKind: PURPOSE_NAMES[v(Scalp.ExitPurpose)] ?? 'manual',
    gross: moneyText(v(Scalp.RealisedE8)),
    fees: moneyText(v(Scalp.FeesE8)),
    net: moneyText(v(Scalp.RealisedE8) - v(Scalp.FeesE8)),
    mae: worst > 0 ? money(Math.min(0, side * (worst - entry))) : null,
    mfe: worst > 0 ? money(Math.max(0, side * (v(Scalp.BestTicks) - entry))) : null,
    risk: risk > 0 ? money(risk) : null,
    exitSlipTicks: isWhole ? exitSlip(v, f(ScalpEndedField.ExitTicks)) : null,
    openedBy: agreeing(v(Scalp.AgreeMask)),
    score: round(v(Scalp.Score), 3),
    decision: v(Scalp.DecisionSequence),
  };
}

/** How far the exit lies beyond the level that asked for it; only where one level closed it all. */
function exitSlip(v: (field: number) => number, exitTicks: number): number | null {
  const purpose = v(Scalp.ExitPurpose);
  if (v(Scalp.HalfOut) === 1) return null;
  const level = purpose === Purpose.Stop ? v(Scalp.StopTicks) : NO_PRICE;
  if (level === NO_PRICE || level <= 0) return null;
  return round(v(Scalp.Side) * (level - exitTicks), 2);
}

/** An OrderEnded record. */
export function endedOrder(
  context: EventContext,
  index: number,
  doubles: Float64Array,
  base: number,
): EndedOrder {
  const f = (field: number): number => doubles[base + field]!;
  const wall = (ns: number): number => Math.round(context.anchorWallMs + ns / 1e6);
  const instrument: Instrument = context.instruments[index]!;
  const owner = f(OrderEndedField.Owner);
  const average = f(OrderEndedField.AverageTicks);
  const created = f(OrderEndedField.CreatedNs);
  const acked = f(OrderEndedField.AckNs);
  return {
    sequence: f(OrderEndedField.Sequence),
    clientId: context.clientIds.text(owner, f(OrderEndedField.ClientSequence)),
    symbol: instrument.symbol,
    side: f(OrderEndedField.Side) > 0 ? 'buy' : 'sell',
    price: instrument.priceText(f(OrderEndedField.PriceTicks)),
    size: instrument.sizeText(f(OrderEndedField.Lots)),
    filled: instrument.sizeText(f(OrderEndedField.FilledLots)),
    average: average > 0 ? averagePriceText(instrument, average) : null,
    state: ORDER_STATE_NAMES[f(OrderEndedField.State)] ?? 'unknown',
    reason: reasonOf(f(OrderEndedField.State), f(OrderEndedField.Code)),
    owner: OWNER_NAMES[owner] ?? 'none',
    purpose: PURPOSE_NAMES[f(OrderEndedField.Purpose)] ?? 'manual',
    timeInForce: TIME_IN_FORCE_NAMES[f(OrderEndedField.TimeInForce)] ?? 'GTC',
    reduceOnly: f(OrderEndedField.ReduceOnly) === 1,
    fee: moneyText(f(OrderEndedField.FeeE8)),
    createdAtMs: wall(created),
    endedAtMs: wall(f(OrderEndedField.EndedNs)),
    ackMs: acked > 0 ? round((acked - created) / 1e6, 2) : null,
  };
}

/** A filled order needs no reason; the last error of another may be of its cancel. */
function reasonOf(state: number, code: number): string {
  if (code === 0 || state === OrderState.Filled) return '';
  if (code === CODE_NOT_SENT) return 'could not be sent';
  if (code === CODE_NOT_FOUND) return 'never reached the venue';
  const meaning = venueErrorOf(code)?.meaning;
  return meaning === undefined ? `venue code ${code}` : `${meaning} (venue code ${code})`;
}

/** A StateChange record as an event, without its number. */
export function stateEvent(
  context: EventContext,
  state: number,
  scope: number,
  reason: number,
  nowNs: number,
): Omit<EventRow, 'sequence'> {
  const name = tradingStateName(state);
  const why = reason === Verdict.PASS ? '' : `: ${verdictName(reason)}`;
  const isRestricted = state === TradingState.Halted || state === TradingState.Reducing;
  return {
    atMs: Math.round(context.anchorWallMs + nowNs / 1e6),
    kind: 'state',
    level: isRestricted ? 'danger' : state === TradingState.Armed ? 'warn' : 'info',
    code: name,
    text: `${scopeText(context, scope)} ${name}${why}`,
  };
}

function scopeText({ instruments }: EventContext, scope: number): string {
  const strategy = scopeStrategy(scope);
  const symbol = instruments[scopeInstrument(scope)]?.symbol;
  const words: string[] = [];
  if (strategy === STRATEGY_SCALPER) words.push('scalper');
  else if (strategy === STRATEGY_MARKET_MAKING) words.push('market maker');
  if (symbol !== undefined) words.push(`on ${symbol}`);
  return words.length === 0 || scope === 0 ? 'everything' : words.join(' ');
}
