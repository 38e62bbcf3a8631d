/** flow: the exogenous market: the same bytes for a seed, deep, lively, a little predictable. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { ExchangeCore } from '../../../../engine/exchange/core/exchange-core.ts';
import { SILENT_SINK } from '../../../../engine/exchange/core/sink.ts';
import { InProcessExchange } from '../../../../engine/exchange/server/in-process.ts';

/** Hash of everything a run says, with orders sent from inside the market callback. */
function runHash(seed: number, stepMs: number, untilMs: number): { hash: string; count: number } {
  const exchange = new InProcessExchange({
    seed,
    latencies: { orderMs: 3, replyMs: 2, userMs: 5 },
  });
  const digest = createHash('sha256');
  let count = 0;
  exchange.register({ apiKey: 'h', secret: 's', account: 'h' });
  const account = exchange.service.core.accounts.get('h');
  assert.ok(account !== undefined);
  exchange.onMarket((text) => {
    digest.update(text);
    count += 1;
    if (count % 500 !== 0) return;
    const side = count % 1000 === 0 ? 1 : -1;
    const market = exchange.service.core.markets[(count / 500) % 8];
    assert.ok(market !== undefined);
    exchange.service.core.place(account, {
      marketIndex: market.index,
      side,
      type: 'MARKET',
      timeInForce: 'IOC',
      priceTicks: 0,
      lots: Math.ceil(1e9 / (market.askTicks * market.tickLotE8)) + 10,
      isReduceOnly: false,
      clientId: `c${count}`,
      selfTradeMode: 'EXPIRE_MAKER',
      goodTillMs: Number.POSITIVE_INFINITY,
      goodTillDate: 0,
    });
  });
  exchange.onUser((text) => digest.update(text));
  for (let ms = stepMs; ms < untilMs; ms += stepMs) exchange.advanceTo(ms);
  exchange.advanceTo(untilMs);
  assert.ok(account.tradeCount > 0 && account.isBalanced());
  return { hash: digest.digest('hex'), count };
}

describe('exchange flow', () => {
  it('gives the same bytes for a seed however it is stepped', () => {
    const once = runHash(7, 100, 10_000);
    assert.deepEqual(runHash(7, 100, 10_000), once);
    assert.deepEqual(runHash(7, 37.3, 10_000), once);
    assert.notEqual(runHash(8, 100, 10_000).hash, once.hash);
  });

  it('keeps about the asked message rate, each kind present', () => {
    for (const [rate, low, high] of [
      [100, 70, 140],
      [1000, 800, 1300],
      [5000, 3500, 7000],
    ] as const) {
      const exchange = new InProcessExchange({ seed: 5, messagesPerSecond: rate });
      exchange.advanceTo(60_000 * Math.min(1, 2000 / rate));
      const seconds = exchange.nowMs / 1000;
      const sent = exchange.service.hub.sentByClass;
      const perSecond = (sent.public + sent.market) / seconds;
      assert.ok(perSecond > low && perSecond < high, `${rate} asked, ${perSecond} sent`);
      for (const stream of exchange.defaultStreams()) {
        assert.ok((exchange.service.hub.sentByStream.get(stream) ?? 0) > 0, stream);
      }
    }
  });

  it('keeps books uncrossed with 20 levels a side, one-tick and wide ones', () => {
    const core = new ExchangeCore({ seed: 3 }, SILENT_SINK);
    const spreads = core.markets.map(() => 0);
    const rounds = 600;
    for (let i = 1; i <= rounds; i++) {
      core.step(i * 100);
      core.markets.forEach((market, index) => {
        assert.ok(market.book.bids.levelCount >= 20, `${market.symbol} bids`);
        assert.ok(market.book.asks.levelCount >= 20, `${market.symbol} asks`);
        assert.ok(market.bidTicks < market.askTicks);
        spreads[index] = (spreads[index] as number) + (market.askTicks - market.bidTicks) / rounds;
      });
    }
    const spread = new Map(core.markets.map((market, i) => [market.symbol, spreads[i] as number]));
    assert.ok((spread.get('BTCUSDT') as number) < 1.5);
    assert.ok((spread.get('AVAXUSDT') as number) > 3);
  });

  it('moves enough for stops and targets within minutes, and the touch foretells a little', () => {
    const core = new ExchangeCore({ seed: 12, messagesPerSecond: 400 }, SILENT_SINK);
    const stepMs = 500;
    const steps = 3600;
    const market = core.markets[1];
    assert.ok(market?.symbol === 'ETHUSDT');
    const mids: number[] = [];
    const leans: number[] = [];
    for (let i = 1; i <= steps; i++) {
      core.step(i * stepMs);
      mids.push(market.midTicks);
      leans.push((market.bidLots - market.askLots) / (market.bidLots + market.askLots));
    }
    const fiveMinutes = moves(mids, 600);
    const sd = Math.sqrt(mean(fiveMinutes.map((x) => x * x)));
    assert.ok(sd > 12 && sd < 60, `5-minute moves of ${sd.toFixed(1)} bp`);
    const next = moves(mids, 2);
    const score = correlation(leans.slice(0, next.length), next);
    assert.ok(score > 0.08 && score < 0.6, `correlation ${score.toFixed(3)}`);
  });
});

function moves(prices: readonly number[], lag: number): number[] {
  return prices.slice(lag).map((price, i) => Math.log(price / (prices[i] as number)) * 1e4);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const cov = mean(a.map((x, i) => (x - ma) * ((b[i] as number) - mb)));
  const va = mean(a.map((x) => (x - ma) ** 2));
  const vb = mean(b.map((x) => (x - mb) ** 2));
  return cov / Math.sqrt(va * vb);
}
