/**
 * venue-desk: everything about the venue that is slow: REST metadata, snapshots, clock, the venue's
 * dead-man's switch, and looking whether orders are really gone. Host thread only.
 *
 * Errors    EngineError of the REST clients.
 * Imports   base, domain, execution, feeds, memory.
 */
import { EngineError, messageOf } from '../base/errors.ts';
import type { Instrument, InstrumentSpec } from '../domain/instrument.ts';
import { E8 } from '../domain/units.ts';
import { CancelOnlySession } from '../execution/venues/binance-usdm/cancel-only.ts';
import type { CancelReport } from '../execution/venues/binance-usdm/cancel-only.ts';
import { UsdmRest } from '../execution/venues/binance-usdm/rest.ts';
import type { Row } from '../execution/venues/binance-usdm/rest.ts';
import type { Signer } from '../execution/venues/binance-usdm/sign.ts';
import { RestMarket } from '../feeds/rest-market.ts';
import { MessageClass, RecordKind } from '../memory/market-record.ts';
import type { RingWriter } from '../memory/spsc-ring.ts';
import type { VenueAccess, VenuePosition } from './venue-access.ts';

export interface VenueDeskOptions {
  readonly rest: string;
  readonly signer: Signer;
  readonly symbols: readonly string[];
  readonly receiveWindowMs: number;
  readonly isLoopbackOnly: boolean;
}

export class VenueDesk implements VenueAccess {
  readonly rest: UsdmRest;
  readonly #market: RestMarket;
  readonly #options: VenueDeskOptions;

  constructor(options: VenueDeskOptions) {
    this.#options = options;
    this.rest = new UsdmRest({
      base: options.rest,
      signer: options.signer,
      receiveWindowMs: options.receiveWindowMs,
      isLoopbackOnly: options.isLoopbackOnly,
    });
    this.#market = new RestMarket({ venue: 'binance-usdm', endpoint: options.rest });
  }

  close(): void {
    this.rest.close();
  }

  /** Venue's clock minus ours in ms; its uncertainty is half the round trip. */
  async syncClock(): Promise<{ offsetMs: number; uncertaintyMs: number }> {
    const offsetMs = await this.rest.syncTime();
    return { offsetMs, uncertaintyMs: this.rest.roundTripMs / 2 };
  }

  /** Increments as the venue states them, fees as it charges this account. */
  async specs(): Promise<readonly InstrumentSpec[]> {
    const specs = await this.#market.specs(this.#options.symbols);
    const out: InstrumentSpec[] = [];
    for (const spec of specs) {
      const fees = (await this.rest.commissionRate(spec.symbol)) as Row;
      const makerFee = textOr(fees['makerCommissionRate'], spec.makerFee);
      const takerFee = textOr(fees['takerCommissionRate'], spec.takerFee);
      out.push({ ...spec, makerFee, takerFee });
    }
    return out;
  }

  /** Wallet balance of the quote currency in 10^-8. */
  async walletE8(quoteAsset: string): Promise<number> {
    const rows = await this.rest.balance();
    const row = rows.find((each) => each['asset'] === quoteAsset);
    if (row === undefined) {
      throw new EngineError('venue/rejected', `the account holds no ${quoteAsset}`);
    }
    return Math.round(Number(row['balance']) * E8);
  }

  /** Open positions of the account, of whatever instrument. */
  async positions(): Promise<readonly VenuePosition[]> {
    const rows = await this.rest.positionRisk();
    return rows
      .map((row) => ({
        symbol: String(row['symbol']),
        amount: String(row['positionAmt']),
        entryPrice: String(row['entryPrice']),
      }))
      .filter((position) => Number(position.amount) !== 0);
  }

  /** Fetches a depth snapshot and lays it into the ring of the trading thread. */
  async snapshot(instrument: Instrument, ring: RingWriter): Promise<void> {
    const { lastUpdateId, bids, asks } = await this.#market.depth(instrument);
    const slots = bids.length + asks.length + 2;
    if (ring.freeSlots() < slots) {
      throw new EngineError(
        'feed/stale',
        `${instrument.symbol}: no room for a snapshot of ${slots}`,
      );
    }
    const header = instrument.index << 16;
    const base = ring.claim(1);
    ring.words[base * 2] = RecordKind.BookClear | header;
    ring.doubles[base + 2] = lastUpdateId;
    for (const [ticks, lots] of bids) putLevel(ring, RecordKind.BidLevel | header, ticks, lots);
    for (const [ticks, lots] of asks) putLevel(ring, RecordKind.AskLevel | header, ticks, lots);
    const end = ring.claim(1);
    ring.words[end * 2] = RecordKind.EndOfMessage | (MessageClass.Snapshot << 8) | header;
    ring.doubles[end + 2] = lastUpdateId;
    ring.publish();
  }

  /** Renews the venue's dead-man's switch of each symbol; 0 ends it. One line per failure. */
  async countdown(symbols: readonly string[], windowMs: number): Promise<readonly string[]> {
    const errors: string[] = [];
    for (const symbol of symbols) {
      try {
        await this.rest.countdownCancelAll(symbol, windowMs);
      } catch (error) {
        errors.push(`${symbol}: ${messageOf(error)}`);
      }
    }
    return errors;
  }

  /** Cancels everything by a way of its own and looks until nothing is left. */
  cancelEverything(isBlocked: boolean): Promise<CancelReport> {
    const { symbols, receiveWindowMs } = this.#options;
    const session = new CancelOnlySession({ rest: this.rest, symbols, receiveWindowMs });
    return session.cancelEverything(isBlocked);
  }
}

function putLevel(ring: RingWriter, header: number, ticks: number, lots: number): void {
  const base = ring.claim(1);
  ring.words[base * 2] = header;
  ring.words[base * 2 + 1] = ticks;
  ring.doubles[base + 1] = lots;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
