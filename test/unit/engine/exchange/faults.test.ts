/** faults: each switch does what it says, and a wrong switch is refused by name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FAULT_NAMES } from '../../../../engine/exchange/server/faults.ts';
import type { InProcessOptions } from '../../../../engine/exchange/server/in-process.ts';
import { InProcessExchange } from '../../../../engine/exchange/server/in-process.ts';
import { limit, otherPlaces, quietDesk } from './support.ts';

interface Depth {
  readonly e: string;
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly pu: number;
  readonly b: [string, string][];
  readonly a: [string, string][];
}

/** Texts of a run of 2 s on the streams of BTCUSDT. */
function run(options: InProcessOptions, act?: (exchange: InProcessExchange) => void): string[] {
  const streams = ['btcusdt@depth@100ms', 'btcusdt@bookTicker', 'btcusdt@aggTrade'];
  const exchange = new InProcessExchange({ seed: 4, streams, ...options });
  const texts: string[] = [];
  exchange.onMarket((text) => texts.push(text.toString()));
  exchange.advanceTo(1000);
  act?.(exchange);
  exchange.advanceTo(2000);
  return texts;
}

function depths(texts: readonly string[]): Depth[] {
  return texts
    .filter((text) => text.startsWith('{"e":"depthUpdate"'))
    .map((text) => JSON.parse(text) as Depth);
}

function breaks(found: readonly Depth[]): number {
  let count = 0;
  for (let i = 1; i < found.length; i++) if (found[i]?.pu !== found[i - 1]?.u) count += 1;
  return count;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const PLACE = {
  symbol: 'TESTUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.100',
  price: '100.0',
};

/** What one fill looks like on the user stream under the given faults. */
function labels(faults: Record<string, unknown>): string[] {
  const desk = quietDesk({ faults });
  otherPlaces(desk, limit('ask', -1, 1000, 100));
  desk.call('order.place', PLACE);
  return desk.sequence();
}

describe('faults on market data', () => {
  it('sends an unbroken chain of depth updates without faults', () => {
    const found = depths(run({}));
    assert.ok(found.length >= 19);
    assert.equal(breaks(found), 0);
    assert.ok(found.every((d) => d.U <= d.u && d.pu < d.U));
  });

  it('drops one in n, or the next n', () => {
    const whole = depths(run({})).length;
    const dropped = depths(run({ faults: { dropDepthOneIn: 4 } }));
    assert.equal(dropped.length, whole - Math.floor(whole / 4));
    assert.ok(breaks(dropped) >= 4);
    const gap = depths(run({}, (exchange) => exchange.setFaults({ gapNext: 3 })));
    assert.equal(gap.length, whole - 3);
    assert.equal(breaks(gap), 1);
  });

  it('doubles, crosses, garbles and truncates', () => {
    const plain = run({});
    const doubled = run({ faults: { duplicateOneIn: 2 } });
    assert.equal(doubled.length, plain.length + Math.floor(plain.length / 2));
    const crossed = depths(run({ faults: { crossedNext: 1 } }))[0];
    assert.ok(Number(crossed?.b[0]?.[0]) > Number(crossed?.a[0]?.[0]));
    const broken = run({ faults: { garbageNext: 1, truncatedNext: 2 } });
    assert.equal(broken.filter((text) => !isJson(text)).length, 3);
  });

  it('goes silent, mutes a class, and delays without overtaking', () => {
    const plain = run({}).length;
    const silent = run({}, (exchange) => exchange.setFaults({ silenceMs: 900 })).length;
    assert.ok(silent < plain * 0.7 && silent > plain * 0.3);
    const muted = run({ faults: { muteClass: 'market' } });
    assert.ok(muted.length > 0 && muted.every((text) => !text.includes('aggTrade')));
    const late = run({ faults: { delayMs: 200, delayJitterMs: 50 } });
    assert.deepEqual(late, run({}).slice(0, late.length), 'same order, some still under way');
    assert.ok(late.length < plain);
  });

  it('serves the stale snapshot the asked number of times', () => {
    const exchange = new InProcessExchange({ seed: 4 });
    exchange.setFaults({ staleSnapshotNext: 1 });
    exchange.advanceTo(3000);
    const id = (): number => {
      const body = exchange.rest('GET', '/fapi/v1/depth?symbol=BTCUSDT&limit=1000')?.body ?? '';
      return (JSON.parse(body) as { lastUpdateId: number }).lastUpdateId;
    };
    const stale = id();
    assert.ok(stale < id());
  });
});

describe('faults on orders', () => {
  it('rejects the next with the code', () => {
    const desk = quietDesk({ faults: { rejectNext: 1, rejectCode: -1008 } });
    const refused = desk.call('order.place', PLACE);
    assert.deepEqual([refused.status, refused.error?.code], [503, -1008]);
    assert.equal(desk.call('order.place', PLACE).status, 200);
  });

  it('loses the reply while the order lives', () => {
    for (const [loseAckAs, status] of [
      ['silent', 0],
      ['503', 503],
      ['-1007', 408],
    ] as const) {
      const desk = quietDesk({ faults: { loseAckNext: 1, loseAckAs } });
      const order = { ...PLACE, newClientOrderId: 'lost' };
      assert.equal(desk.call('order.place', order).status, status);
      assert.deepEqual(desk.sequence(), ['NEW/NEW']);
      const which = { symbol: 'TESTUSDT', origClientOrderId: 'lost' };
      assert.equal(desk.call('order.status', which).result?.['status'], 'NEW');
    }
  });

  it('reorders and doubles events', () => {
    const trade = 'TRADE/FILLED';
    assert.deepEqual(labels({}), ['NEW/NEW', trade, 'TRADE_LITE', 'ACCOUNT_UPDATE']);
    assert.deepEqual(labels({ eventOrder: 'tradeLiteFirst' })[1], 'TRADE_LITE');
    assert.deepEqual(labels({ eventOrder: 'accountFirst' })[1], 'ACCOUNT_UPDATE');
    const doubled = labels({ duplicateTradeOneIn: 1 });
    assert.equal(doubled.filter((label) => label === trade).length, 2);
    const swept = labels({ accountUpdatePerSweep: true });
    assert.equal(swept.at(-1), 'ACCOUNT_UPDATE');
  });

  it('delays requests, replies and events; a late request meets -5028', () => {
    const desk = quietDesk({ latencies: { orderMs: 50, replyMs: 20, userMs: 10 } });
    const { exchange } = desk;
    const replies: [number, string][] = [];
    const send = (recvWindow: number): void => {
      const params = { ...PLACE, recvWindow, timestamp: exchange.wallNowMs };
      exchange.sendWsApi(JSON.stringify({ id: 9, method: 'order.place', params }), (reply) => {
        replies.push([exchange.nowMs, reply]);
      });
    };
    send(100);
    exchange.advanceTo(59);
    assert.deepEqual(desk.sequence(), []);
    exchange.advanceTo(60);
    assert.deepEqual(desk.sequence(), ['NEW/NEW']);
    exchange.advanceTo(69);
    assert.equal(replies.length, 0);
    exchange.advanceTo(100);
    assert.equal(replies[0]?.[0], 70);
    send(40);
    exchange.advanceTo(200);
    assert.match(replies[1]?.[1] ?? '', /-5028/);
  });

  it('answers 429 for a while and hides orders for a while', () => {
    const desk = quietDesk();
    desk.exchange.setFaults({ rateLimitMs: 1000 });
    assert.equal(desk.call('order.place', PLACE).status, 429);
    desk.exchange.advanceTo(1001);
    desk.exchange.setFaults({ hideOrdersMs: 500 });
    assert.equal(desk.call('order.place', { ...PLACE, newClientOrderId: 'h' }).status, 200);
    const which = { symbol: 'TESTUSDT', origClientOrderId: 'h' };
    assert.equal(desk.call('order.status', which).error?.code, -2013);
    desk.exchange.advanceTo(1600);
    assert.equal(desk.call('order.status', which).status, 200);
  });

  it('expires every listen key twice over and says so', () => {
    const desk = quietDesk();
    desk.call('userDataStream.start');
    desk.exchange.setFaults({ expireListenKeys: true });
    assert.deepEqual(desk.sequence(), ['listenKeyExpired']);
    assert.equal(desk.call('userDataStream.ping').error?.code, -1125);
  });
});

describe('fault settings', () => {
  it('refuses what it does not know, naming it, and changes nothing', () => {
    const exchange = new InProcessExchange({ hasFlow: false });
    const set = (body: string): string =>
      exchange.rest('POST', '/sim/faults', {}, body)?.body ?? '';
    assert.match(set('{"delayMs":5,"explode":1}'), /unknown fault 'explode'/);
    assert.match(set('{"delayMs":"5"}'), /fault 'delayMs' cannot be/);
    assert.match(set('{"delayMs":-1}'), /fault 'delayMs' cannot be/);
    assert.match(set('{"delayMs":1.5}'), /fault 'delayMs' cannot be/);
    assert.match(set('{"loseAckAs":"maybe"}'), /fault 'loseAckAs' cannot be/);
    assert.match(set('{"rejectCode":5}'), /fault 'rejectCode' cannot be/);
    assert.match(set('[]'), /JSON object/);
    assert.match(set('{'), /not JSON/);
    assert.match(set('{"toString":1}'), /unknown fault/);
    assert.equal(exchange.service.faults.state.delayMs, 0);
    assert.match(set('{"delayMs":5}'), /"delayMs":5/);
    assert.ok(FAULT_NAMES.length > 20);
  });
});
