/** From the pipeline through the shared views to the texts that a person reads. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandCode, STRATEGY_SCALPER } from '../../../../engine/core/command-codes.ts';
import {
  EngineHead,
  EngineViewLayout,
  INSTRUMENT_VIEW_DOUBLES,
} from '../../../../engine/core/published.ts';
import { Publisher } from '../../../../engine/core/publisher.ts';
import { FrameLadder, LADDER_DOUBLES } from '../../../../engine/contract/frames.ts';
import { moneyText } from '../../../../engine/domain/instrument.ts';
import { Owner } from '../../../../engine/domain/modes.ts';
import { OrderEventKind } from '../../../../engine/domain/order.ts';
import { ClientIds } from '../../../../engine/execution/client-ids.ts';
import { ViewReader, ViewWriter } from '../../../../engine/memory/slot-view.ts';
import {
  averagePriceText,
  denialCounts,
  instrumentStatus,
  orderStatuses,
  pnlStatus,
  quoteStatuses,
  round,
  scalpStatuses,
  strategyStatuses,
  tradingStateName,
  verdictName,
} from '../../../../engine/runtime/status-builder.ts';
import type { StatusSource } from '../../../../engine/runtime/status-builder.ts';
import { CoreBench, MID } from './core-bench.ts';

const RATES = { messagesPerSecond: 12 };

class Screen {
  readonly bench = new CoreBench();
  readonly publisher: Publisher;
  readonly engine = ViewWriter.create(new EngineViewLayout(2).doubles);
  readonly markets = [0, 1].map(() => ViewWriter.create(INSTRUMENT_VIEW_DOUBLES));
  readonly deep = [0, 1].map(() => ViewWriter.create(LADDER_DOUBLES));

  constructor() {
    const views = { engine: this.engine, markets: this.markets, deep: this.deep };
    this.publisher = new Publisher(this.bench.pipeline, views);
    this.bench.book(0);
    this.bench.book(1, MID / 2);
    this.bench.arm();
  }

  /** Publishes what the pipeline holds now, and reads it back as the host does. */
  look(): StatusSource {
    const { pipeline } = this.bench;
    pipeline.touched.fill(1);
    pipeline.desk.isDirty = true;
    this.publisher.publish();
    const view = new Float64Array(this.publisher.layout.doubles);
    new ViewReader(this.engine.buffer).read(view);
    const markets = this.markets.map((writer) => {
      const copy = new Float64Array(INSTRUMENT_VIEW_DOUBLES);
      new ViewReader(writer.buffer).read(copy);
      return copy;
    });
    const { instruments, options } = pipeline;
    const { anchorWallMs, prefix } = options;
    const clientIds = new ClientIds(prefix);
    return { instruments, layout: this.publisher.layout, view, markets, anchorWallMs, clientIds };
  }
}

describe('what is published', () => {
  it('an instrument: prices on its grid, state, trust', () => {
    const screen = new Screen();
    const status = instrumentStatus(screen.look(), 0, RATES);
    assert.deepEqual(
      [status.symbol, status.book, status.bestBid, status.bestAsk, status.trading],
      ['ABCUSDT', 'synced', '1000.0', '1000.1', 'ARMED'],
    );
    assert.deepEqual([status.gaps, status.resyncs, status.messagesPerSecond], [0, 0, 12]);
    const { states } = screen.bench.pipeline.books;
    states[1]!.gapCount = 2;
    states[1]!.resyncCount = 3;
    const other = instrumentStatus(screen.look(), 1, RATES);
    assert.deepEqual([other.gaps, other.resyncs], [2, 3]);
    assert.deepEqual([status.position, status.positionLots, status.trust], ['0.000', 0, 100]);
    screen.bench.wait(3000);
    const late = instrumentStatus(screen.look(), 0, RATES);
    assert.ok(late.trust < 100, 'old data is trusted less');
    assert.ok(late.ageMs! >= 3000);
    screen.bench.command(CommandCode.Disarm, { strategy: STRATEGY_SCALPER, instrument: 0 });
    assert.equal(instrumentStatus(screen.look(), 0, RATES).trading, 'ARMED', 'still quoted');
    screen.bench.command(CommandCode.Disarm, { instrument: 0 });
    assert.equal(instrumentStatus(screen.look(), 0, RATES).trading, 'DISARMED');
    assert.equal(instrumentStatus(screen.look(), 1, RATES).trading, 'ARMED');
  });

  it('a scalp: sizes, levels, why, and its result so far', () => {
    const screen = new Screen();
    screen.bench.openScalp({ side: -1, lots: 1500 });
    screen.bench.touch(0, MID - 4, MID - 3);
    screen.bench.wait(20);
    const [scalp] = scalpStatuses(screen.look());
    assert.deepEqual(
      [scalp!.symbol, scalp!.side, scalp!.size, scalp!.openSize, scalp!.entry, scalp!.state],
      ['ABCUSDT', 'short', '1.500', '1.500', '1000.0', 'open'],
    );
    assert.equal(scalp!.now, '999.7', 'what it would cost to buy it back');
    // 0.3 × 1.5 less the fee of the entry.
    assert.equal(scalp!.pnl, '0.44999000');
    assert.ok(Number(scalp!.stop) > 1000 && Number(scalp!.target) < 1000);
    assert.equal(scalp!.timeLimitMs, 300_000);
    assert.ok(scalp!.timeLeftMs < 300_000 && scalp!.timeLeftMs > 299_000);
    assert.equal(scalp!.unprotected, false);
  });

  it('orders: ids as the venue knows them, texts on the grid, age', () => {
    const screen = new Screen();
    screen.bench.enter({ lots: 700 });
    const order = screen.bench.newestOrder();
    screen.bench.event(OrderEventKind.Accepted, order);
    screen.bench.wait(250);
    const [status] = orderStatuses(screen.look());
    const { table } = screen.bench.pipeline;
    const id = new ClientIds('benchbnc').text(Owner.Scalper, table.clientSequence[order]!);
    assert.deepEqual(
      [status!.clientId, status!.side, status!.price, status!.size, status!.filled],
      [id, 'buy', '1000.1', '0.700', '0.000'],
    );
    assert.deepEqual(
      [status!.state, status!.owner, status!.purpose, status!.timeInForce, status!.reduceOnly],
      ['open', 'scalper', 'entry', 'IOC', false],
    );
    assert.equal(status!.ageMs, 250);
  });

  it('strategies: what is armed, what holds it back, how much it made', () => {
    const screen = new Screen();
    const rows = strategyStatuses(screen.look());
    assert.deepEqual(
      rows.map(({ strategy, symbol }) => `${strategy} ${symbol}`),
      ['scalper ABCUSDT', 'scalper XYZUSDT', 'market-making ABCUSDT', 'market-making XYZUSDT'],
    );
    assert.ok(rows.every(({ state }) => state === 'ARMED'));
    assert.equal(rows[0]!.heldBack, null);
    screen.bench.wait(3000);
    assert.equal(strategyStatuses(screen.look())[0]!.heldBack, 'STALE_DATA');
    screen.bench.command(CommandCode.Kill);
    const halted = strategyStatuses(screen.look());
    assert.ok(halted.every(({ state, heldBack }) => state === 'DISARMED' && heldBack === null));
  });

  it('quotes: off says so, with no price of anything', () => {
    const screen = new Screen();
    screen.bench.command(CommandCode.Disarm);
    screen.bench.wait(20);
    const [quote] = quoteStatuses(screen.look());
    assert.deepEqual(
      [quote!.enabled, quote!.state, quote!.bid, quote!.ask, quote!.reservation],
      [false, 'off', null, null, null],
    );
    assert.equal(quote!.inventory, '0.000');
  });

  it('money: realised, fees and unrealised add up to the day', () => {
    const screen = new Screen();
    screen.bench.openScalp({ lots: 1000 });
    screen.bench.touch(0, MID + 11, MID + 12);
    screen.bench.wait(20);
    const pnl = pnlStatus(screen.look(), 'USDT');
    assert.deepEqual(
      [pnl.realised, pnl.fees, pnl.unrealised],
      ['0.00000000', '0.00001000', '1.00000000'],
    );
    assert.deepEqual([pnl.day, pnl.scalper, pnl.fills], ['0.99999000', '0.99999000', 1]);
    assert.equal(pnl.marketMaking, '0.00000000');
  });

  it('denials by name, and only those there were', () => {
    const screen = new Screen();
    screen.bench.enter({ lots: 899_000 });
    const denials = denialCounts(screen.look());
    assert.deepEqual(Object.values(denials), [1]);
    assert.match(Object.keys(denials)[0]!, /^ORDER_/);
  });

  it('the engine view at most every 50 ms, or at once when something happened', () => {
    const { publisher, bench, engine } = new Screen();
    const seen = (): number => {
      const view = new Float64Array(publisher.layout.doubles);
      new ViewReader(engine.buffer).read(view);
      return view[EngineHead.NowNs]! / 1e6;
    };
    publisher.publish();
    const first = seen();
    bench.pipeline.desk.isDirty = false;
    bench.wait(20);
    bench.pipeline.desk.isDirty = false;
    publisher.publish();
    assert.equal(seen(), first);
    bench.wait(40);
    bench.pipeline.desk.isDirty = false;
    publisher.publish();
    assert.equal(seen(), first + 60);
    bench.wait(10);
    bench.pipeline.desk.isDirty = true;
    publisher.publish();
    assert.equal(seen(), first + 70);
  });

  it('a ladder only while it is watched, and watching it changes nothing in the pipeline', () => {
    const { publisher, bench, deep } = new Screen();
    bench.pipeline.touched.fill(0);
    publisher.watch([1]);
    assert.deepEqual([...bench.pipeline.touched], [0, 0]);
    bench.wait(20);
    publisher.publish();
    const readers = deep.map((writer) => new ViewReader(writer.buffer));
    const ladder = new Float64Array(LADDER_DOUBLES);
    assert.equal(readers[0]!.changed(), false);
    assert.equal(readers[1]!.changed() && readers[1]!.read(ladder), true);
    assert.deepEqual(
      [ladder[FrameLadder.Instrument], ladder[FrameLadder.BidCount], ladder[FrameLadder.AskCount]],
      [1, 10, 10],
    );
    assert.deepEqual([...ladder.slice(FrameLadder.Bids, FrameLadder.Bids + 2)], [MID / 2, 50_000]);
  });
});

describe('texts', () => {
  it('numbers that nobody knows have safe names', () => {
    assert.equal(tradingStateName(3), 'HALTED');
    assert.equal(tradingStateName(99), 'HALTED');
    assert.equal(verdictName(99), 'PASS');
    assert.equal(round(1.005, 1), 1);
  });

  it('an average between ticks has one decimal more, none has no text', () => {
    const [instrument] = new CoreBench().pipeline.instruments;
    assert.equal(averagePriceText(instrument!, 10_000), '1000.0');
    assert.equal(averagePriceText(instrument!, 10_000.5), '1000.05');
    assert.equal(averagePriceText(instrument!, 0), '');
    assert.equal(averagePriceText(instrument!, Number.NaN), '');
    assert.equal(moneyText(-1), '-0.00000001');
  });
});
