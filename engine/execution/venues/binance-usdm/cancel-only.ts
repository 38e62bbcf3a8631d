/**
 * cancel-only: the host's own way to take everything off the venue, independent of the trading
 * thread.
 *
 * It can cancel and look, nothing else: it holds a REST client and places no orders. Used when KILL
 * is not acknowledged in time or the trading thread has stopped beating, and to verify any KILL.
 *
 *   cancelled   every symbol's cancel-all was answered with success
 *   verified    the venue then listed no open order of ours, twice: the second time after the
 *               receive window, so that a placement still on its way would have shown
 *   residual    what was still open, by client id, when time ran out
 *
 * Writer    the host (watchdog, kill, restart). Units wall ms.
 * Imports   base, execution.
 */
import { EngineError, messageOf } from '../../../base/errors.ts';
import type { Row, UsdmRest } from './rest.ts';

export interface CancelReport {
  /** The fence was up before the first request: set by the caller. */
  readonly blocked: boolean;
  readonly cancelled: boolean;
  readonly verified: boolean;
  readonly residual: readonly ResidualOrder[];
  /** One line for each failure on the way. */
  readonly errors: readonly string[];
}

export interface ResidualOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
}

export interface CancelOnlyParts {
  readonly rest: UsdmRest;
  readonly symbols: readonly string[];
  readonly receiveWindowMs: number;
  readonly attempts?: number;
  readonly wait?: (ms: number) => Promise<void>;
}

const ATTEMPTS = 5;
const RETRY_MS = 200;
const MARGIN_MS = 200;

export class CancelOnlySession {
  readonly #parts: CancelOnlyParts;
  readonly #wait: (ms: number) => Promise<void>;

  constructor(parts: CancelOnlyParts) {
    this.#parts = parts;
    this.#wait = parts.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  /** Cancels all, verifies, waits out the receive window and verifies again. Never throws. */
  async cancelEverything(blocked: boolean): Promise<CancelReport> {
    const errors: string[] = [];
    let residual: readonly ResidualOrder[] | null = null;
    let cancelled = false;
    const attempts = this.#parts.attempts ?? ATTEMPTS;
    let windowPassed = false;
    for (let attempt = 0; attempt < attempts; attempt++) {
      cancelled = (await this.#cancelAll(errors)) || cancelled;
      residual = await this.#openOrders(errors);
      if (residual?.length === 0) {
        if (windowPassed) return { blocked, cancelled, verified: true, residual, errors };
        await this.#wait(this.#parts.receiveWindowMs + MARGIN_MS);
        windowPassed = true;
        residual = await this.#openOrders(errors);
        if (residual?.length === 0) {
          return { blocked, cancelled, verified: true, residual, errors };
        }
      } else {
        await this.#wait(RETRY_MS * 2 ** attempt);
      }
    }
    return { blocked, cancelled, verified: false, residual: residual ?? [], errors };
  }

  /** Open orders now, or null when the venue did not answer. */
  async #openOrders(errors: string[]): Promise<readonly ResidualOrder[] | null> {
    try {
      const rows = await this.#parts.rest.openOrders();
      const symbols = new Set(this.#parts.symbols);
      return rows.map(residualOf).filter((order) => symbols.has(order.symbol));
    } catch (error) {
      errors.push(messageOf(error));
      return null;
    }
  }

  async #cancelAll(errors: string[]): Promise<boolean> {
    const results = await Promise.all(
      this.#parts.symbols.map((symbol) => this.#cancelSymbol(symbol, errors)),
    );
    return results.every(Boolean);
  }

  async #cancelSymbol(symbol: string, errors: string[]): Promise<boolean> {
    try {
      await this.#parts.rest.cancelAllOpenOrders(symbol);
      return true;
    } catch (error) {
      errors.push(`${symbol}: ${messageOf(error)}`);
      // A refused cancel-all of a symbol without orders is no failure of the cancel.
      return error instanceof EngineError && error.facts['code'] === -2011;
    }
  }
}

function residualOf(row: Row): ResidualOrder {
  return {
    symbol: String(row['symbol']),
    clientOrderId: String(row['clientOrderId']),
    side: String(row['side']),
    price: String(row['price']),
    quantity: String(row['origQty']),
  };
}
