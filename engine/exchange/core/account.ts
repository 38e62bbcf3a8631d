/**
 * account: one participant's wallet, positions, orders and fills.
 *
 * One-way positions with the open cost kept as an exact integer: closing part of a position takes
 * the same part of the cost, rounded once, and the rest stays, so that cost is conserved and wallet
 * = start + Σ realised − Σ fees holds to the last unit.
 *
 * Writer    core/matcher and core/exchange-core.
 * Units     lots signed (short < 0); money 1e-8 quote units in BigInt.
 * Imports   base/assert, core/money, core/orders.
 */
import { assert } from '../../base/assert.ts';
import type { FeeRates } from './defaults.ts';
import { feeE8, roundDiv } from './money.ts';
import type { BookOrder, Side } from './order-book.ts';
import type { ExecType, OrderRequest, OrderStatus } from './orders.ts';

export class Position {
  lots = 0;
  /** What the open lots cost at entry; 0 when flat, else > 0 whatever the side. */
  costE8 = 0n;
  realisedE8 = 0n;
  feesE8 = 0n;
  /** Realised less fees since this position was opened; for the break-even price. */
  sinceOpenE8 = 0n;
  updatedMs = 0;

  /** Unrealised PnL at a mark in ticks (double), 1e-8 quote units, approximate. */
  unrealisedE8(markTicks: number, tickLotE8: number): number {
    if (this.lots === 0) return 0;
    const value = markTicks * Math.abs(this.lots) * tickLotE8;
    return this.lots > 0 ? value - Number(this.costE8) : Number(this.costE8) - value;
  }
}

export class AccountOrder {
  readonly id: number;
  readonly account: Account;
  readonly request: OrderRequest;
  priceTicks: number;
  /** Total lots of the order, filled ones included; shrinks when the venue shrinks it. */
  lots: number;
  executedLots = 0;
  costE8 = 0n;
  status: OrderStatus = 'NEW';
  expiryReason = 0;
  readonly createdMs: number;
  updatedMs: number;
  modifyCount = 0;
  modifyId = '';
  /** Its place in the book, when it rests. */
  resting: BookOrder<AccountOrder> | null = null;

  constructor(id: number, account: Account, request: OrderRequest, nowMs: number) {
    this.id = id;
    this.account = account;
    this.request = request;
    this.priceTicks = request.priceTicks;
    this.lots = request.lots;
    this.createdMs = nowMs;
    this.updatedMs = nowMs;
  }

  get clientId(): string {
    return this.request.clientId;
  }

  get remainingLots(): number {
    return this.lots - this.executedLots;
  }

  get isOpen(): boolean {
    return this.status === 'NEW' || this.status === 'PARTIALLY_FILLED';
  }
}

/** One thing that happened to one order. Fresh per event; readers may keep it. */
export interface Execution {
  readonly order: AccountOrder;
  readonly exec: ExecType;
  /** Order status and totals as of this event; the order itself moves on. */
  readonly status: OrderStatus;
  readonly executedLots: number;
  readonly totalLots: number;
  readonly priceTicks: number;
  readonly costE8: bigint;
  readonly lastLots: number;
  readonly lastTicks: number;
  readonly tradeId: number;
  readonly isMaker: boolean;
  readonly feeE8: bigint;
  readonly realisedE8: bigint;
  readonly expiryReason: number;
  readonly timeMs: number;
}

/** A fill as the account's history keeps it. */
export interface AccountTrade {
  readonly tradeId: number;
  readonly order: AccountOrder;
  readonly lots: number;
  readonly priceTicks: number;
  readonly isMaker: boolean;
  readonly feeE8: bigint;
  readonly realisedE8: bigint;
  readonly timeMs: number;
}

export interface FillMoney {
  readonly realisedE8: bigint;
  readonly feeE8: bigint;
}

const HISTORY_MAX = 20_000;

export class Account {
  readonly id: string;
  readonly startWalletE8: bigint;
  walletE8: bigint;
  realisedE8 = 0n;
  feesE8 = 0n;
  orderCount = 0;
  tradeCount = 0;
  fees: FeeRates;
  leverage: number;
  readonly positions: Position[] = [];
  /** Open orders by id, oldest first. */
  readonly open = new Map<number, AccountOrder>();
  readonly openByClientId = new Map<string, AccountOrder>();
  /** Everything the venue remembers, oldest first. */
  readonly orders = new Map<number, AccountOrder>();
  readonly latestByClientId = new Map<string, AccountOrder>();
  readonly trades: AccountTrade[] = [];
  /** Per market: when the countdown fires, in simulation ms; Infinity when disarmed. */
  readonly countdowns: number[] = [];
  readonly countdownSpans: number[] = [];

  constructor(id: string, walletE8: bigint, fees: FeeRates, leverage: number) {
    this.id = id;
    this.startWalletE8 = walletE8;
    this.walletE8 = walletE8;
    this.fees = fees;
    this.leverage = leverage;
  }

  addMarket(): void {
    this.positions.push(new Position());
    this.countdowns.push(Number.POSITIVE_INFINITY);
    this.countdownSpans.push(0);
  }

  position(marketIndex: number): Position {
    const position = this.positions[marketIndex];
    assert(position !== undefined, `position of market ${marketIndex}`);
    return position;
  }

  remember(order: AccountOrder): void {
    this.orderCount += 1;
    this.orders.set(order.id, order);
    this.latestByClientId.set(order.clientId, order);
    this.open.set(order.id, order);
    this.openByClientId.set(order.clientId, order);
    if (this.orders.size > HISTORY_MAX) this.#forgetOldest();
  }

  close(order: AccountOrder): void {
    this.open.delete(order.id);
    if (this.openByClientId.get(order.clientId) === order) {
      this.openByClientId.delete(order.clientId);
    }
  }

  #forgetOldest(): void {
    for (const order of this.orders.values()) {
      if (order.isOpen) continue;
      this.orders.delete(order.id);
      if (this.latestByClientId.get(order.clientId) === order) {
        this.latestByClientId.delete(order.clientId);
      }
      return;
    }
  }

  /** Books one fill: position, realised PnL, fee, wallet. */
  applyFill(
    marketIndex: number,
    side: Side,
    lots: number,
    notionalPerLotE8: bigint,
    isMaker: boolean,
  ): FillMoney {
    assert(Number.isSafeInteger(lots) && lots > 0, 'filled lots');
    const position = this.position(marketIndex);
    const wasFlat = position.lots === 0;
    if (wasFlat) position.sinceOpenE8 = 0n;
    const realised = movePosition(position, side, lots, notionalPerLotE8);
    const rate = isMaker ? this.fees.makerRateE8 : this.fees.takerRateE8;
    const fee = feeE8(notionalPerLotE8 * BigInt(lots), rate);
    position.realisedE8 += realised;
    position.feesE8 += fee;
    position.sinceOpenE8 += realised - fee;
    this.realisedE8 += realised;
    this.feesE8 += fee;
    this.walletE8 += realised - fee;
    assert(this.isBalanced(), 'wallet = start + realised − fees');
    return { realisedE8: realised, feeE8: fee };
  }

  isBalanced(): boolean {
    return this.walletE8 === this.startWalletE8 + this.realisedE8 - this.feesE8;
  }

  keepTrade(trade: AccountTrade): void {
    this.tradeCount += 1;
    this.trades.push(trade);
    if (this.trades.length > HISTORY_MAX * 2) this.trades.splice(0, HISTORY_MAX);
  }
}

/** Moves a position by a fill and returns the realised PnL. */
function movePosition(position: Position, side: Side, lots: number, perLotE8: bigint): bigint {
  const held = Math.abs(position.lots);
  const isClosing = position.lots !== 0 && Math.sign(position.lots) !== side;
  if (!isClosing) {
    position.lots += side * lots;
    position.costE8 += perLotE8 * BigInt(lots);
    return 0n;
  }
  const closing = Math.min(held, lots);
  const part =
    closing === held ? position.costE8 : roundDiv(position.costE8 * BigInt(closing), BigInt(held));
  const value = perLotE8 * BigInt(closing);
  const realised = position.lots > 0 ? value - part : part - value;
  position.costE8 -= part;
  position.lots += side * closing;
  const opening = lots - closing;
  if (opening > 0) {
    position.lots = side * opening;
    position.costE8 = perLotE8 * BigInt(opening);
  }
  assert(position.lots !== 0 || position.costE8 === 0n, 'a flat position costs nothing');
  return realised;
}
