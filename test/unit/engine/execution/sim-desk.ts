/**
 * sim-desk: an order manager trading on a running simulated exchange through the real gateway.
 *
 * Imports   engine execution, exchange, portfolio; test/support.
 */
import { Instrument, type InstrumentSpec } from '../../../../engine/domain/instrument.ts';
import { IntentAction, IntentBatch } from '../../../../engine/domain/intent.ts';
import { Purpose } from '../../../../engine/domain/order.ts';
import { E8 } from '../../../../engine/domain/units.ts';
import {
  type RunningExchange,
  type ServerOptions,
  startExchangeServer,
} from '../../../../engine/exchange/server/server.ts';
import { ClientIds } from '../../../../engine/execution/client-ids.ts';
import { EVENT_STRIDE, OrderEventQueue } from '../../../../engine/execution/order-events.ts';
import { OrderManager } from '../../../../engine/execution/order-manager.ts';
import { OrderTable } from '../../../../engine/execution/order-table.ts';
import type { OrderTiming } from '../../../../engine/execution/order-timing.ts';
import { UsdmDecoder } from '../../../../engine/execution/venues/binance-usdm/decode.ts';
import { OrderEncoder } from '../../../../engine/execution/venues/binance-usdm/encode.ts';
import { endpointsOf } from '../../../../engine/execution/venues/binance-usdm/endpoints.ts';
import { UsdmGateway } from '../../../../engine/execution/venues/binance-usdm/gateway.ts';
import { UsdmRest } from '../../../../engine/execution/venues/binance-usdm/rest.ts';
import {
  type SessionTiming,
  UsdmSession,
} from '../../../../engine/execution/venues/binance-usdm/session.ts';
import { throwawayKey } from '../../../../engine/execution/venues/binance-usdm/sign.ts';
import { PositionKeeper } from '../../../../engine/portfolio/position-keeper.ts';
import { until } from '../../../support/until.ts';

export const ACCOUNT = 'desk';
const WINDOW_MS = 1000;
const MS = 1e6;

export interface DeskOptions {
  readonly server?: ServerOptions;
  readonly order?: Partial<OrderTiming>;
  readonly session?: Partial<SessionTiming>;
}

interface Wanted {
  readonly side: 1 | -1;
  readonly priceTicks: number;
  readonly lots: number;
  readonly timeInForce?: number;
  readonly reduceOnly?: boolean;
  readonly owner?: number;
}

export class SimDesk {
  readonly exchange: RunningExchange;
  readonly instruments: readonly Instrument[];
  readonly table: OrderTable;
  readonly manager: OrderManager;
  readonly session: UsdmSession;
  readonly decoder: UsdmDecoder;
  readonly gateway: UsdmGateway;
  readonly rest: UsdmRest;
  readonly clientIds: ClientIds;
  readonly keeper: PositionKeeper;
  readonly events = new OrderEventQueue();
  readonly clock = new Float64Array(1);
  readonly fence = new Int32Array(1);
  /** Kinds of rows in the order in which they came. */
  readonly kinds: number[] = [];
  readonly notices: string[] = [];
  readonly #intents = new IntentBatch();
  readonly #start = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #fill = new Float64Array(6);

  constructor(
    exchange: RunningExchange,
    publicKey: ReturnType<typeof throwawayKey>,
    options: DeskOptions,
  ) {
    this.exchange = exchange;
    this.instruments = exchange.service.core.markets.map(
      (market, index) => new Instrument(index, specOf(market)),
    );
    this.keeper = new PositionKeeper(this.instruments);
    this.table = new OrderTable(this.instruments.length);
    const anchorWallMs = Date.now();
    this.clientIds = new ClientIds('test0001');
    const encoder = new OrderEncoder({
      table: this.table,
      instruments: this.instruments,
      clientIds: this.clientIds,
      receiveWindowMs: WINDOW_MS,
      anchorWallMs,
    });
    encoder.offset[0] = exchange.service.wallNowMs - Date.now();
    this.decoder = new UsdmDecoder({
      instruments: this.instruments,
      clientIds: this.clientIds,
      table: this.table,
      events: this.events,
    });
    this.gateway = new UsdmGateway({
      encoder,
      send: (bytes, length) => this.session.send(bytes, length),
      fence: this.fence,
    });
    this.manager = new OrderManager({
      table: this.table,
      gateway: this.gateway,
      instruments: this.instruments,
      timing: options.order ?? {},
    });
    const endpoints = endpointsOf(exchange.url);
    this.rest = new UsdmRest({
      base: endpoints.rest,
      signer: publicKey.signer,
      isLoopbackOnly: true,
    });
    this.session = new UsdmSession({
      endpoints,
      signer: publicKey.signer,
      table: this.table,
      decoder: this.decoder,
      events: this.events,
      nowNs: () => this.#nowNs(),
      venueMs: () => exchange.service.wallNowMs,
      receiveWindowMs: WINDOW_MS,
      onRows: () => this.#drain(),
      onNotice: (text) => this.notices.push(text),
      isLoopbackOnly: true,
      timing: options.session ?? {},
    });
    this.#timer = setInterval(() => this.#tick(), 10);
  }

  async start(): Promise<void> {
    await this.rest.syncTime();
    this.session.start();
    await until(() => this.session.isReady, { what: 'the session to be ready' });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.session.stop();
    this.rest.close();
    await this.exchange.close();
  }

  place(instrument: number, wanted: Wanted): number {
    const batch = this.#intents;
    batch.clear();
    const row = batch.claim(IntentAction.Place, instrument, wanted.owner ?? 3, 0);
    batch.purpose[row] = wanted.reduceOnly === true ? Purpose.Flatten : Purpose.Manual;
    batch.side[row] = wanted.side;
    batch.priceTicks[row] = wanted.priceTicks;
    batch.lots[row] = wanted.lots;
    batch.timeInForce[row] = wanted.timeInForce ?? 0;
    batch.reduceOnly[row] = wanted.reduceOnly === true ? 1 : 0;
    this.#stamp();
    const slot = this.manager.place(batch, row, this.clock);
    this.#book();
    return slot;
  }

  cancel(slot: number): boolean {
    this.#stamp();
    const isSent = this.manager.cancel(slot, this.clock);
    this.#book();
    return isSent;
  }

  /** Best bid and ask in ticks of the running exchange. */
  touch(instrument: number): readonly [number, number] {
    const market = this.exchange.service.core.markets[instrument]!;
    return [market.book.bids.best()!.priceTicks, market.book.asks.best()!.priceTicks];
  }

  /** Wallet change that the exchange itself states, in 1e-8. */
  walletChangeE8(): number {
    const account = this.exchange.service.core.accounts.get(ACCOUNT)!;
    return Number(account.walletE8 - account.startWalletE8);
  }

  #nowNs(): number {
    return (performance.now() - this.#start) * MS + 1;
  }

  #stamp(): void {
    this.clock[0] = this.#nowNs();
  }

  #tick(): void {
    this.#stamp();
    this.manager.onTimer(this.clock);
    this.#book();
  }

  #drain(): void {
    for (let row = 0; row < this.events.count; row++) {
      this.kinds.push(this.events.kindOf(row));
      this.manager.onEvent(this.events.words, this.events.doubles, row * EVENT_STRIDE);
      this.#book();
    }
    this.events.clear();
  }

  #book(): void {
    const changes = this.manager.changes;
    for (let row = 0; row < changes.count; row++) {
      if (changes.fillLots[row] === 0) continue;
      const slot = changes.slot[row]!;
      this.#fill[0] = changes.fillSide[row]!;
      this.#fill[1] = changes.fillLots[row]!;
      this.#fill[2] = changes.fillTicks[row]!;
      this.#fill[3] = changes.feeE8[row]!;
      this.#fill[4] = changes.realisedE8[row]!;
      this.#fill[5] = changes.isEstimated[row]!;
      const owner = slot < 0 ? 0 : this.table.owner[slot]!;
      this.keeper.onFill(changes.instrument[row]!, owner, this.#fill);
    }
    changes.clear();
  }
}

export async function openDesk(options: DeskOptions = {}): Promise<SimDesk> {
  const exchange = await startExchangeServer({
    seed: 7,
    startWallMs: Date.now(),
    ...options.server,
  });
  const key = throwawayKey('desk-key');
  exchange.service.register({
    apiKey: key.signer.apiKey,
    publicKeyPem: key.publicKeyPem,
    account: ACCOUNT,
    wallet: '100000',
  });
  const desk = new SimDesk(exchange, key, options);
  await desk.start();
  return desk;
}

function specOf(market: RunningExchange['service']['core']['markets'][number]): InstrumentSpec {
  const { spec } = market;
  return {
    symbol: spec.symbol,
    venue: 'binance-usdm',
    baseAsset: spec.baseAsset,
    quoteAsset: spec.quoteAsset,
    tickSize: market.priceText(1),
    lotSize: market.sizeText(1),
    minQty: market.sizeText(spec.minLots),
    maxQty: market.sizeText(spec.maxLots),
    minNotional: String(spec.minNotionalE8 / E8),
    makerFee: '0',
    takerFee: '0.0001',
  };
}
