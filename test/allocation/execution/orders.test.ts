/** The order path allocates nothing: place, encode, replies, private events, timers, release. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Market, MARKET_SIZE } from '../../../engine/domain/market.ts';
import { BookState } from '../../../engine/domain/modes.ts';
import { IntentAction, IntentBatch } from '../../../engine/domain/intent.ts';
import { OrderEventKind, Purpose } from '../../../engine/domain/order.ts';
import { ClientIds } from '../../../engine/execution/client-ids.ts';
import { EVENT_STRIDE, OrderEventQueue } from '../../../engine/execution/order-events.ts';
import { OrderManager } from '../../../engine/execution/order-manager.ts';
import { OrderTable } from '../../../engine/execution/order-table.ts';
import { OrderCounter } from '../../../engine/execution/order-timing.ts';
import { isLegalTransition } from '../../../engine/execution/order-transitions.ts';
import { PaperAccount } from '../../../engine/execution/paper/paper-account.ts';
import { PaperGateway } from '../../../engine/execution/paper/paper-gateway.ts';
import { QueueModel } from '../../../engine/execution/paper/queue-model.ts';
import { SettledOrders } from '../../../engine/execution/settled-orders.ts';
import { TradeIds } from '../../../engine/execution/trade-ids.ts';
import { UsdmDecoder } from '../../../engine/execution/venues/binance-usdm/decode.ts';
import { OrderEncoder } from '../../../engine/execution/venues/binance-usdm/encode.ts';
import { UsdmGateway } from '../../../engine/execution/venues/binance-usdm/gateway.ts';
import { JsonCursor } from '../../../engine/execution/venues/binance-usdm/json-cursor.ts';
import { OrderEventField } from '../../../engine/memory/slots.ts';
import { INSTRUMENTS } from '../../unit/engine/execution/fixtures.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX } from '../gate.ts';

/** V8 takes its time over so many small methods, the more so on a busy machine. */
const THOROUGH = { warmupChunks: 100, rounds: 16, chunks: 12 } as const;

const REPLY = JSON.stringify({
  id: 'p0009ix',
  status: 200,
  result: {
    orderId: 1,
    symbol: 'ABCUSDT',
    status: 'NEW',
    clientOrderId: 'test0001-n0009ix',
    price: '100.0',
    origQty: '0.010',
    executedQty: '0.000',
  },
});
const ORDER = {
  s: 'ABCUSDT',
  c: 'test0001-n0009ix',
  S: 'BUY',
  q: '0.010',
  p: '100.0',
  ap: '100.00',
  x: 'TRADE',
  X: 'FILLED',
  l: '0.010',
  z: '0.010',
  L: '100.0',
  N: 'USDT',
  n: '0.00050000',
  T: 1_790_000_000_123,
  t: 1_000_000_000,
  m: false,
  rp: '-0.01500000',
  er: '0',
};
const FILL = JSON.stringify({ e: 'ORDER_TRADE_UPDATE', E: 1, T: 1, o: ORDER });
const ACCOUNT = JSON.stringify({
  e: 'ACCOUNT_UPDATE',
  a: {
    m: 'ORDER',
    B: [{ a: 'USDT', wb: '99999.12345678', cw: '1', bc: '0' }],
    P: [{ s: 'ABCUSDT', pa: '0.010', ep: '100.05', ps: 'BOTH' }],
  },
});

function intent(): { intents: IntentBatch; row: number } {
  const intents = new IntentBatch();
  const row = intents.claim(IntentAction.Place, 0, 0, 3);
  intents.purpose[row] = Purpose.Entry;
  intents.side[row] = 1;
  intents.priceTicks[row] = 1000;
  intents.lots[row] = 10;
  return { intents, row };
}

describe('the order path allocates nothing', () => {
  // The measuring loop itself settles only after it has run more than one step: some 5 kB a round.
  before(() => {
    const sums = new Float64Array(1);
    for (let i = 1; i <= 3; i++) {
      bytesPerCall(() => void (sums[0] = sums[0]! + i), { warmupChunks: 20, rounds: 2, chunks: 5 });
    }
  });

  it('place, encode, send, cancel, events, timers, release', () => {
    const table = new OrderTable(INSTRUMENTS.length);
    const clientIds = new ClientIds('test0001');
    const events = new OrderEventQueue(16);
    const encoder = new OrderEncoder({
      table,
      instruments: INSTRUMENTS,
      clientIds,
      receiveWindowMs: 1000,
      anchorWallMs: 1_790_000_000_000,
    });
    let sentBytes = 0;
    const gateway = new UsdmGateway({
      encoder,
      send: (_bytes, length) => {
        sentBytes = (sentBytes + length) & 0xffffff;
        return true;
      },
    });
    const manager = new OrderManager({ table, gateway, instruments: INSTRUMENTS });
    const { intents, row } = intent();
    const clock = new Float64Array(1);
    const doubles = events.doubles;
    const bytes = bytesPerCall((call) => {
      clock[0] = clock[0]! + 20_000_000.25;
      const slot = manager.place(intents, row, clock);
      const sequence = table.clientSequence[slot]!;
      const accepted = events.claim(OrderEventKind.Accepted, 0, sequence);
      doubles[accepted + OrderEventField.NowNs] = clock[0]!;
      if ((call & 3) === 0) manager.cancel(slot, clock);
      const fill = events.claim(OrderEventKind.Fill, 0, sequence);
      doubles[fill + OrderEventField.NowNs] = clock[0]!;
      doubles[fill + OrderEventField.Lots] = 10;
      doubles[fill + OrderEventField.PriceTicks] = 1000;
      doubles[fill + OrderEventField.CumulativeLots] = 10;
      doubles[fill + OrderEventField.FeeE8] = 50_000.0;
      doubles[fill + OrderEventField.TradeId] = sequence;
      for (let r = 0; r < events.count; r++) {
        manager.onEvent(events.words, doubles, r * EVENT_STRIDE);
      }
      events.clear();
      manager.onTimer(clock);
      manager.changes.clear();
    }, THOROUGH);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
    const { counters } = manager;
    assert.equal(counters[OrderCounter.Fills], counters[OrderCounter.Placed]);
    assert.equal(counters[OrderCounter.IllegalTransitions], 0);
    assert.ok(sentBytes > 0);
  });

  it('decoding replies, order updates and account updates', () => {
    const table = new OrderTable(INSTRUMENTS.length);
    const clientIds = new ClientIds('test0001');
    const events = new OrderEventQueue(16);
    const decoder = new UsdmDecoder({ instruments: INSTRUMENTS, clientIds, table, events });
    const slot = table.claim(12_345, 0);
    table.lots[slot] = 10;
    const frames = [REPLY, FILL, ACCOUNT].map((text) => Buffer.from(text));
    const rowsSeen = new Int32Array(3);
    const bytes = bytesPerCall((call) => {
      const which = call % 3;
      const frame = frames[which]!;
      decoder.now[0] = call * 0.5;
      if (which === 0) decoder.onReply(frame, frame.length);
      else decoder.onUserEvent(frame, frame.length);
      rowsSeen[which] = rowsSeen[which]! | events.count;
      events.clear();
    }, THOROUGH);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
    assert.deepEqual([...rowsSeen], [1, 1, 1]);
  });

  it('the small parts: trade ids, cursor, settled orders, paper account', () => {
    const trades = new TradeIds(2);
    const cursor = new JsonCursor();
    const settled = new SettledOrders();
    const account = new PaperAccount(INSTRUMENTS);
    const numbers = new Float64Array(2);
    const frame = Buffer.from(ACCOUNT);
    let isFound = 0;
    const bytes = bytesPerCall((call) => {
      numbers[0] = call * 0.5;
      numbers[1] = 1000;
      if (trades.isNew(call & 1, numbers, 0)) isFound += 1;
      cursor.open(frame, 0, frame.length);
      while (cursor.next()) isFound += cursor.shortKey() & 1;
      if (isLegalTransition(call % 10, (call >> 4) % 10)) isFound += 1;
      settled.push(call & 1023);
      isFound += settled.shift() & 1;
      numbers[0] = (call & 1) === 0 ? 10 : -10;
      account.book(call & 1, 1, numbers);
    }, THOROUGH);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
    assert.ok(isFound > 0);
  });

  it('the paper gateway: take, rest, trade, cancel, answer', () => {
    const table = new OrderTable(INSTRUMENTS.length);
    const events = new OrderEventQueue(64);
    const markets = INSTRUMENTS.map(() => ({
      fields: new Float64Array(MARKET_SIZE),
      book: {
        bidLotsAt: (ticks: number) => (ticks < 1000 ? 40 : 0),
        askLotsAt: (ticks: number) => (ticks > 1000 ? 40 : 0),
        levels: () => 0,
      },
    }));
    for (const { fields } of markets) {
      fields[Market.Valid] = 1;
      fields[Market.BookState] = BookState.Synced;
      fields[Market.BidTicks] = 999;
      fields[Market.AskTicks] = 1001;
      fields[Market.BidLots] = 40;
      fields[Market.AskLots] = 40;
    }
    const gateway = new PaperGateway({
      table,
      instruments: INSTRUMENTS,
      markets,
      events,
      queueModel: QueueModel.Prob,
    });
    const manager = new OrderManager({ table, gateway, instruments: INSTRUMENTS });
    const { intents, row } = intent();
    const clock = new Float64Array(1);
    const fields = markets[0]!.fields;
    const bytes = bytesPerCall((call) => {
      clock[0] = clock[0]! + 1_000_000.25;
      gateway.onTimer(clock);
      for (let r = 0; r < events.count; r++) {
        manager.onEvent(events.words, events.doubles, r * EVENT_STRIDE);
      }
      events.clear();
      manager.onTimer(clock);
      fields[Market.NowNs] = clock[0]!;
      fields[Market.TradeCount] = call & 1;
      fields[Market.LastTradeTicks] = 999;
      fields[Market.SellLots] = 7.0;
      gateway.onMarket(0);
      if ((call & 3) === 0) {
        intents.side[row] = (call & 4) === 0 ? 1 : -1;
        intents.priceTicks[row] = (call & 8) === 0 ? 999 : (call & 4) === 0 ? 1001 : 999;
        intents.lots[row] = 5 + (call % 3);
        const slot = manager.place(intents, row, clock);
        if ((call & 16) === 0) manager.cancel(slot, clock);
      }
      manager.changes.clear();
    }, THOROUGH);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
    assert.ok(manager.counters[OrderCounter.Fills]! > 1000, 'orders were filled');
  });
});
