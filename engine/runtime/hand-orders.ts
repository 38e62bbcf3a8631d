/**
 * hand-orders: what a person asks of a ladder, checked at the border and handed to the trading
 * thread.
 *
 * Unlocking is what exposes: the marker goes to disk and the venue's dead-man's switch is set
 * before the first ladder unlocks, and both stay while one is unlocked. So an order waits for
 * nothing between the press and the trading thread. One that is taken up late is not placed.
 * Locking and cancelling wait for nobody.
 *
 * Errors    none thrown: a refusal names what is wrong, where, and what to do.
 * Writer    host thread. Imports contract, core, domain, execution, runtime.
 */
import type { Command, HandTimeInForce } from '../contract/commands.ts';
import { CommandCode } from '../core/command-codes.ts';
import { EngineRow } from '../core/published.ts';
import type { Instrument } from '../domain/instrument.ts';
import { fixedText, moneyText, trimmedText } from '../domain/instrument.ts';
import { Mode, Owner } from '../domain/modes.ts';
import { TimeInForce } from '../domain/order.ts';
import { parseClientId } from '../execution/client-ids.ts';
import type { RelayedCommand } from './command-relay.ts';
import type { EngineHost } from './engine-host.ts';
import { exposing, exposingBar } from './exposing.ts';
import { outcomeOf, refused, relayed, type Outcome } from './outcome.ts';

type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** An order of a person, in ticks and lots, or the one line that says why it is none. */
export type CheckedOrder =
  | { readonly ticks: number; readonly lots: number; readonly refusal: null }
  | { readonly refusal: string };

/** Ticks travel as 32-bit integers. */
const TICKS_MAX = 2 ** 31 - 1;

const TIMES: Readonly<Record<HandTimeInForce, number>> = {
  gtc: TimeInForce.Gtc,
  'post-only': TimeInForce.Gtx,
  ioc: TimeInForce.Ioc,
};

export class HandOrders {
  readonly #engine: EngineHost;

  constructor(engine: EngineHost) {
    this.#engine = engine;
  }

  /** `instrument` is −1 for all of them. */
  unlock(instrument: number, unlocked: boolean): Promise<Outcome> {
    const engine = this.#engine;
    const lock = { code: CommandCode.UnlockLadder, instrument, values: [0] };
    if (!unlocked) return relayed(engine, lock);
    return exposing(engine, async () => {
      const answer = await engine.relay.send({ ...lock, values: [1] });
      // What was not answered in time may still be applied: not without its lock behind it.
      if (!answer.answered) void engine.relay.send(lock);
      return outcomeOf(answer);
    });
  }

  place(command: CommandOf<'placeOrder'>, index: number): Promise<Outcome> {
    const engine = this.#engine;
    const order = checkOrder(engine.instruments[index]!, command);
    if (order.refusal !== null) return Promise.resolve(refused(order.refusal));
    const { side, timeInForce, reduceOnly } = command;
    const relay: RelayedCommand = {
      code: CommandCode.PlaceOrder,
      instrument: index,
      values: [
        side === 'buy' ? 1 : -1,
        order.ticks,
        order.lots,
        TIMES[timeInForce],
        reduceOnly ? 1 : 0,
      ],
      // The clock of a tape runs at its own speed.
      ...(engine.options.mode === Mode.Replay ? {} : { askedNs: engine.nowNs() }),
    };
    return this.#placeCovered(relay);
  }

  /** The marker is there since the ladder was unlocked; were it not, it would be written first. */
  #placeCovered(command: RelayedCommand): Promise<Outcome> {
    const engine = this.#engine;
    const late = 'the trading thread did not answer; it will not place the order any more';
    if (!engine.marks.isOurs) return exposing(engine, () => relayed(engine, command, late));
    const bar = exposingBar(engine);
    return bar === null ? relayed(engine, command, late) : Promise.resolve(refused(bar));
  }

  cancel(clientId: string): Promise<Outcome> {
    const parts = parseClientId(clientId);
    if (parts === null || parts.prefix !== this.#engine.clientIds.prefix) {
      const text = `${clientId} is no order of this session; see the orders of the status`;
      return Promise.resolve(refused(text));
    }
    return relayed(this.#engine, { code: CommandCode.CancelOrder, values: [parts.sequence] });
  }

  cancelAll(command: CommandOf<'cancelOrders'>, instrument: number): Promise<Outcome> {
    const side = command.side === null ? 0 : command.side === 'buy' ? 1 : -1;
    const owner = command.scope === 'hand' ? Owner.Hand : 0;
    const values = [side, owner];
    return relayed(this.#engine, { code: CommandCode.CancelOrders, instrument, values });
  }
}

/** Exact ticks and lots, within what the venue takes. */
export function checkOrder(
  instrument: Instrument,
  order: Pick<CommandOf<'placeOrder'>, 'price' | 'size' | 'reduceOnly'>,
): CheckedOrder {
  const { symbol, spec } = instrument;
  const no = (text: string): CheckedOrder => ({ refusal: `${symbol}: ${text}` });
  const ticks = onGrid(() => instrument.ticksOf(order.price));
  if (ticks === null) {
    const step = trimmedText(spec.tickSize);
    return no(`price ${order.price} is no multiple of the tick size ${step}; give one that is`);
  }
  const lots = onGrid(() => instrument.lotsOf(order.size));
  if (lots === null) {
    const step = trimmedText(spec.lotSize);
    return no(`size ${order.size} is no multiple of the lot size ${step}; give one that is`);
  }
  if (ticks < 1 || ticks > TICKS_MAX) return no(`price ${order.price} is out of range`);
  if (lots < instrument.minLots) {
    return no(
      `size ${order.size} is below the least of ${instrument.sizeText(instrument.minLots)}`,
    );
  }
  if (lots > instrument.maxLots) {
    return no(`size ${order.size} is above the most of ${instrument.sizeText(instrument.maxLots)}`);
  }
  const notionalE8 = instrument.notionalE8(ticks, lots);
  if (!order.reduceOnly && notionalE8 < instrument.minNotionalE8) {
    const value = trimmedText(moneyText(Math.round(notionalE8)));
    const least = trimmedText(fixedText(instrument.minNotionalE8, 8));
    return no(`${order.size} at ${order.price} is worth ${value}, the least is ${least}`);
  }
  return { ticks, lots, refusal: null };
}

function onGrid(read: () => number): number | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** True while any ladder is unlocked in the engine view. */
export function isAnyUnlocked(views: EngineHost['views']): boolean {
  const { engine, layout } = views;
  for (let index = 0; index < layout.instruments; index++) {
    if (engine[layout.row(index) + EngineRow.LadderUnlocked] === 1) return true;
  }
  return false;
}
