/**
 * fake-hand: what the fake engine makes of orders by hand: locks, resting orders, a position.
 *
 * An order that would take fills at once at the best price, except post-only: that one is rejected.
 * Resting orders never fill by themselves.
 *
 * Imports   engine contract; ./fake-market.
 */
import type { Command } from '../../engine/contract/commands.ts';
import type { HandStatus, HandTrouble, OrderStatus } from '../../engine/contract/status.ts';
import type { FakeBook } from './fake-market.ts';

type PlaceCommand = Extract<Command, { kind: 'placeOrder' }>;

interface Holding {
  readonly lots: number;
  readonly entryTicks: number;
}

export class FakeHand {
  readonly unlocked = new Set<string>();
  orders: readonly OrderStatus[] = [];
  readonly troubles = new Map<string, HandTrouble>();
  readonly holdings = new Map<string, Holding>();
  #number = 0;

  /** Why a command of the hand is refused; null when it is not. */
  refusalOf(command: Command, state: string): string | null {
    if (command.kind === 'unlockLadder') {
      return command.unlocked && state === 'HALTED' ? 'STATE_FORBIDS' : null;
    }
    if (command.kind !== 'placeOrder') return null;
    return this.unlocked.has(command.symbol) ? null : 'LADDER_LOCKED';
  }

  apply(command: Command, books: readonly FakeBook[]): void {
    const { kind } = command;
    if (kind === 'unlockLadder') this.#lock(command.symbol, command.unlocked, books);
    else if (kind === 'placeOrder') {
      const book = books.find(({ instrument }) => instrument.symbol === command.symbol);
      if (book !== undefined) this.#place(command, book);
    } else if (kind === 'cancelOrder') this.#keep((order) => order.clientId !== command.clientId);
    else if (kind === 'cancelOrders') {
      const { symbol, side } = command;
      this.#keep((order) => {
        const isHere = symbol === null || order.symbol === symbol;
        return !isHere || (side !== null && order.side !== side);
      });
    } else if (kind === 'flatten') this.#flatten(command.symbol);
    else if (kind === 'kill') {
      this.unlocked.clear();
      this.orders = [];
    }
  }

  status({ instrument, bidTicks, askTicks }: FakeBook): HandStatus {
    const { lots, entryTicks } = this.holdings.get(instrument.symbol) ?? FLAT;
    const exit = lots > 0 ? bidTicks : askTicks;
    const unrealised = (lots * (exit - entryTicks) * instrument.tickLotE8) / 1e8;
    return {
      lots,
      position: instrument.sizeText(lots),
      entry: lots === 0 ? null : instrument.priceText(entryTicks),
      unrealised: unrealised.toFixed(8),
      realised: '0.00000000',
      trouble: this.troubles.get(instrument.symbol) ?? null,
    };
  }

  #lock(symbol: string | null, unlocked: boolean, books: readonly FakeBook[]): void {
    for (const { instrument } of books) {
      if (symbol !== null && instrument.symbol !== symbol) continue;
      if (unlocked) this.unlocked.add(instrument.symbol);
      else this.unlocked.delete(instrument.symbol);
    }
  }

  #place(command: PlaceCommand, book: FakeBook): void {
    const { instrument, bidTicks, askTicks } = book;
    const ticks = instrument.ticksOf(command.price);
    const isBuy = command.side === 'buy';
    const wouldTake = isBuy ? ticks >= askTicks : ticks <= bidTicks;
    const clientId = `fake-h${String(++this.#number).padStart(6, '0')}`;
    const text = `${command.symbol}: ${command.side} ${command.size} at ${command.price}`;
    if (wouldTake && command.timeInForce === 'post-only') {
      const words = 'was rejected: post-only, and it would have taken';
      this.#trouble(command.symbol, clientId, 'rejected', `${text} ${words}`);
      return;
    }
    if (wouldTake) {
      const lots = instrument.lotsOf(command.size) * (isBuy ? 1 : -1);
      this.#fill(command.symbol, lots, isBuy ? askTicks : bidTicks);
      return;
    }
    if (command.timeInForce === 'ioc') {
      this.#trouble(command.symbol, clientId, 'expired', `${text} has expired`);
      return;
    }
    const order: OrderStatus = {
      clientId,
      symbol: command.symbol,
      side: command.side,
      price: instrument.priceText(ticks),
      size: instrument.sizeText(instrument.lotsOf(command.size)),
      filled: instrument.sizeText(0),
      state: 'open',
      owner: 'hand',
      purpose: 'manual',
      timeInForce: command.timeInForce === 'gtc' ? 'GTC' : 'GTX',
      reduceOnly: command.reduceOnly,
      ageMs: 0,
    };
    this.orders = [...this.orders, order];
  }

  #fill(symbol: string, lots: number, ticks: number): void {
    const before = this.holdings.get(symbol) ?? FLAT;
    const after = before.lots + lots;
    this.holdings.set(symbol, { lots: after, entryTicks: after === 0 ? 0 : ticks });
  }

  #flatten(symbol: string | null): void {
    this.#keep((order) => symbol !== null && order.symbol !== symbol);
    if (symbol === null) this.holdings.clear();
    else this.holdings.delete(symbol);
  }

  #trouble(symbol: string, clientId: string, outcome: string, text: string): void {
    this.troubles.set(symbol, { atMs: Date.now(), clientId, outcome, text });
  }

  #keep(isKept: (order: OrderStatus) => boolean): void {
    this.orders = this.orders.filter(isKept);
  }
}

const FLAT: Holding = { lots: 0, entryTicks: 0 };
