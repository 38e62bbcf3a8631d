/**
 * history-desk: everything that a terminal may ask about what happened before it came.
 *
 * Bounded: what is pushed out or could not be read in time is counted and told. Filled by the host
 * from the host ring, the tape and its own alerts; the trading thread knows nothing of it.
 *
 * Writer    host thread. Imports contract, memory, domain, runtime.
 */
import { HISTORY_KEPT, HISTORY_PAGE_MAX } from '../../contract/history.ts';
import type { ClosedScalp, EndedOrder, EquityPoint, EventRow } from '../../contract/history.ts';
import type {
  DecisionEvent,
  FillEvent,
  HistoryAnswer,
  HistoryRequest,
  HistoryRow,
} from '../../contract/events.ts';
import type { Alert } from '../../contract/status.ts';
import { EngineHead } from '../../core/published.ts';
import { Decision } from '../../domain/decision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { ClientIds } from '../../execution/client-ids.ts';
import {
  FillField,
  OrderEndedField,
  ScalpEndedField,
  SLOT_DOUBLES,
  SlotKind,
  SLOTS_OF_KIND,
} from '../../memory/slots.ts';
import { decisionEvent, fillEvent } from '../event-decoder.ts';
import type { EventContext } from '../event-decoder.ts';
import { EquityCurve } from './equity-curve.ts';
import { closedScalp, endedOrder, stateEvent } from './history-rows.ts';
import { RecordStore } from './record-store.ts';
import type { Decode, Page } from './record-store.ts';
import { RowList } from './row-list.ts';
import { TradeHistory } from './trade-history.ts';

type Recorded = 'fills' | 'decisions' | 'scalps' | 'orders';

/** What the engine knows when it makes its desk. */
export interface DeskSource {
  readonly instruments: readonly Instrument[];
  readonly start: { readonly session: { readonly startWallMs: number } };
  readonly clientIds: ClientIds;
  readonly views: { readonly tape: { readonly missed: number } };
}

interface Counted {
  readonly page: Page<HistoryRow>;
  readonly missed: number;
  readonly dropped: number;
}

export class HistoryDesk {
  readonly context: EventContext;
  readonly #tapeMissed: () => number;
  readonly #stores: Readonly<Record<Recorded, RecordStore>> = {
    fills: storeOf('fills', SlotKind.Fill),
    decisions: storeOf('decisions', SlotKind.Decision),
    scalps: storeOf('scalps', SlotKind.ScalpEnded),
    orders: storeOf('orders', SlotKind.OrderEnded),
  };
  readonly #decoders: Readonly<Record<Recorded, Decode<HistoryRow>>>;
  readonly #events = new RowList<EventRow>(HISTORY_KEPT.events);
  readonly #equity = new EquityCurve();
  readonly #trades: TradeHistory;

  constructor(context: EventContext, tapeMissed: () => number) {
    this.context = context;
    this.#tapeMissed = tapeMissed;
    this.#trades = new TradeHistory(context.instruments.length, context.anchorWallMs);
    this.#decoders = {
      fills: (instrument, doubles, base) => fillEvent(context, instrument, doubles, base),
      decisions: (instrument, doubles, base) => decisionEvent(context, instrument, doubles, base),
      scalps: (instrument, doubles, base) => closedScalp(context, instrument, doubles, base),
      orders: (instrument, doubles, base) => endedOrder(context, instrument, doubles, base),
    };
  }

  /** The desk of an engine whose instruments, session and views are known. */
  static of({ instruments, start, clientIds, views }: DeskSource): HistoryDesk {
    const anchorWallMs = start.session.startWallMs;
    return new HistoryDesk({ instruments, anchorWallMs, clientIds }, () => views.tape.missed);
  }

  /** A record of the host ring; its double 0 is at `base`. */
  fill(instrument: number, doubles: Float64Array, base: number): FillEvent {
    this.#stores.fills.append(doubles[base + FillField.Sequence]!, instrument, doubles, base);
    return fillEvent(this.context, instrument, doubles, base);
  }

  decision(instrument: number, doubles: Float64Array, base: number): DecisionEvent {
    const sequence = doubles[base + SLOT_DOUBLES + Decision.Sequence]!;
    this.#stores.decisions.append(sequence, instrument, doubles, base);
    return decisionEvent(this.context, instrument, doubles, base);
  }

  scalp(instrument: number, doubles: Float64Array, base: number): ClosedScalp {
    const sequence = doubles[base + ScalpEndedField.Sequence]!;
    this.#stores.scalps.append(sequence, instrument, doubles, base);
    return closedScalp(this.context, instrument, doubles, base);
  }

  order(instrument: number, doubles: Float64Array, base: number): EndedOrder {
    const sequence = doubles[base + OrderEndedField.Sequence]!;
    this.#stores.orders.append(sequence, instrument, doubles, base);
    return endedOrder(this.context, instrument, doubles, base);
  }

  stateChange(state: number, scope: number, reason: number, nowNs: number): EventRow {
    const event = stateEvent(this.context, state, scope, reason, nowNs);
    return this.#events.append((sequence) => ({ sequence, ...event }));
  }

  alert({ atMs, level, code, text }: Alert): EventRow {
    return this.#events.append((sequence) => ({
      sequence,
      atMs,
      kind: 'alert',
      level,
      code,
      text,
    }));
  }

  /** Once a second, from a copy of the engine view; null before the first view: unknown, not 0. */
  equity(head: Float64Array, nowNs: number): EquityPoint | null {
    if (head[EngineHead.Turns] === 0) return null;
    const realised = head[EngineHead.RealisedE8]! - head[EngineHead.FeesE8]!;
    const day = realised + head[EngineHead.UnrealisedE8]!;
    const wallMs = this.context.anchorWallMs + nowNs / 1e6;
    return this.#equity.add(wallMs, day, head[EngineHead.DrawdownE8]!);
  }

  /** Fields of FrameTrade from `at` on. */
  onTrade(rows: Float64Array, at: number, sequence: number): void {
    this.#trades.append(sequence, rows, at);
  }

  answer(request: HistoryRequest): HistoryAnswer {
    const { id, what, symbol } = request;
    const { page, missed, dropped } = this.#look(request);
    // An instrument that is not here has no history.
    const isUnknown = symbol !== null && this.#indexOf(symbol) < 0;
    return {
      type: 'history',
      id,
      what,
      rows: isUnknown ? [] : page.rows,
      more: !isUnknown && page.more,
      missed,
      dropped,
      retryInMs: null,
    };
  }

  #look({ what, symbol, before, limit: wanted }: HistoryRequest): Counted {
    const limit = Math.min(wanted, HISTORY_PAGE_MAX[what]);
    const index = symbol === null ? -1 : this.#indexOf(symbol);
    switch (what) {
      case 'events':
        return {
          page: this.#events.page(before, limit),
          missed: 0,
          dropped: this.#events.dropped,
        };
      case 'equity':
        return {
          page: this.#equity.page(before, limit),
          missed: 0,
          dropped: this.#equity.dropped,
        };
      case 'trades':
        return {
          page: this.#trades.page(before, limit, index),
          missed: this.#tapeMissed(),
          dropped: this.#trades.dropped(index),
        };
      case 'fills':
      case 'decisions':
      case 'scalps':
      case 'orders': {
        const store = this.#stores[what];
        const page = store.page(before, limit, index, this.#decoders[what]);
        return { page, missed: store.missed, dropped: store.dropped };
      }
    }
  }

  #indexOf(symbol: string): number {
    return this.context.instruments.findIndex((instrument) => instrument.symbol === symbol);
  }
}

function storeOf(what: Recorded, kind: SlotKind): RecordStore {
  return new RecordStore(HISTORY_KEPT[what], SLOTS_OF_KIND[kind]! * SLOT_DOUBLES);
}
