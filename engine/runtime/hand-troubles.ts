/**
 * hand-troubles: what a person should hear of his orders: rejected by the venue, expired, of
 * unknown fate, cancelled without having asked.
 *
 * The last one of each instrument stands in the status, so that a terminal that was away sees it;
 * each is an alert as well.
 *
 * Writer    host thread, from the host ring. Units as in memory/slots.
 * Imports   contract, domain, execution, memory, runtime.
 */
import type { HandTrouble } from '../contract/status.ts';
import type { Instrument } from '../domain/instrument.ts';
import { Owner } from '../domain/modes.ts';
import { isTerminal, OrderState } from '../domain/order.ts';
import type { ClientIds } from '../execution/client-ids.ts';
import { CODE_NOT_SENT } from '../execution/gateway.ts';
import { VENUE_ERRORS } from '../execution/venues/binance-usdm/errors.ts';
import type { Alerts } from './alerts.ts';

export interface HandTroublesParts {
  readonly instruments: readonly Instrument[];
  readonly clientIds: ClientIds;
  readonly alerts: Pick<Alerts, 'add'>;
  readonly anchorWallMs: number;
}

interface HandOrder {
  readonly instrument: Instrument;
  readonly text: string;
  readonly lots: number;
}

/** Doubles of OrderPlaced and OrderChange records. */
const Placed = { Sequence: 1, Side: 2, PriceTicks: 3, Lots: 4 } as const;
const Changed = { Sequence: 1, State: 2, FilledLots: 3, Code: 4, NowNs: 5, Previous: 6 } as const;

/** Venue codes that a person meets. */
const CODES: Readonly<Record<number, string>> = {
  [CODE_NOT_SENT]: 'it could not be sent',
  [-5022]: 'post-only, and it would have taken',
  [-2022]: 'reduce-only, and there was nothing to reduce',
};

function meaningOf(code: number): string {
  const known = CODES[code] ?? VENUE_ERRORS.find(({ codes }) => codes.includes(code))?.meaning;
  if (known !== undefined) return `: ${known}`;
  return code === 0 ? '' : `: venue code ${code}`;
}

export class HandTroubles {
  readonly #parts: HandTroublesParts;
  readonly #orders = new Map<number, HandOrder>();
  readonly #last = new Map<number, HandTrouble>();

  constructor(parts: HandTroublesParts) {
    this.#parts = parts;
  }

  /** The last trouble on an instrument, or null. */
  of(instrument: number): HandTrouble | null {
    return this.#last.get(instrument) ?? null;
  }

  /** Another session begins: its orders have the same numbers. */
  forget(): void {
    this.#orders.clear();
    this.#last.clear();
  }

  /** An OrderPlaced record of the hand at double `at`. */
  placed(index: number, doubles: Float64Array, at: number): void {
    const instrument = this.#parts.instruments[index]!;
    const lots = doubles[at + Placed.Lots]!;
    const side = doubles[at + Placed.Side]! > 0 ? 'buy' : 'sell';
    const price = instrument.priceText(doubles[at + Placed.PriceTicks]!);
    const text = `${instrument.symbol}: ${side} ${instrument.sizeText(lots)} at ${price}`;
    this.#orders.set(doubles[at + Placed.Sequence]!, { instrument, text, lots });
  }

  /** An OrderChange record of the hand at double `at`. */
  changed(doubles: Float64Array, at: number): void {
    const sequence = doubles[at + Changed.Sequence]!;
    const order = this.#orders.get(sequence);
    if (order === undefined) return;
    const state = doubles[at + Changed.State]!;
    if (isTerminal(state)) this.#orders.delete(sequence);
    const filled = doubles[at + Changed.FilledLots]!;
    const said = wordsOf(state, doubles[at + Changed.Previous]!, doubles[at + Changed.Code]!);
    if (said === null) {
      // What was unknown is known now.
      const { index } = order.instrument;
      const id = this.#parts.clientIds.text(Owner.Hand, sequence);
      if (this.#last.get(index)?.clientId === id) this.#last.delete(index);
      return;
    }
    const share = order.instrument.sizeText(filled);
    const part = filled > 0 ? ` after ${share} of it had filled` : '';
    const trouble: HandTrouble = {
      atMs: Math.round(this.#parts.anchorWallMs + doubles[at + Changed.NowNs]! / 1e6),
      clientId: this.#parts.clientIds.text(Owner.Hand, sequence),
      outcome: said.outcome,
      text: `${order.text} ${said.words}${part}`,
    };
    this.#last.set(order.instrument.index, trouble);
    this.#parts.alerts.add('warn', `order-${said.outcome}`, trouble.text);
  }
}

function wordsOf(
  state: number,
  previous: number,
  code: number,
): { readonly outcome: string; readonly words: string } | null {
  switch (state) {
    case OrderState.Rejected:
      return { outcome: 'rejected', words: `was rejected${meaningOf(code)}` };
    case OrderState.Expired:
      return { outcome: 'expired', words: 'has expired' };
    case OrderState.Unknown:
      return { outcome: 'unknown', words: 'is of unknown fate: the venue is being asked' };
    case OrderState.Canceled:
      if (previous === OrderState.PendingCancel || previous === OrderState.Unknown) return null;
      return { outcome: 'cancelled', words: 'was cancelled by the venue' };
    default:
      return null;
  }
}
