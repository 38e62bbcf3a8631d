/** The risk gate, positions and PnL allocate nothing, whether they pass or deny. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { IntentAction, IntentBatch } from '../../../engine/domain/intent.ts';
import { Market } from '../../../engine/domain/market.ts';
import { Owner } from '../../../engine/domain/modes.ts';
import { OrderState, Purpose } from '../../../engine/domain/order.ts';
import { Verdict } from '../../../engine/domain/verdict.ts';
import { AccountPnl } from '../../../engine/portfolio/pnl.ts';
import { PositionKeeper } from '../../../engine/portfolio/position-keeper.ts';
import { RiskClock } from '../../../engine/risk/context.ts';
import { EventWindow } from '../../../engine/risk/event-window.ts';
import { RiskGate } from '../../../engine/risk/gate.ts';
import { MID, NOW_MS, World } from '../../unit/engine/risk/fixtures.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX } from '../gate.ts';

/** V8 takes its time over so many small methods, the more so on a busy machine. */
const THOROUGH = { warmupChunks: 200, rounds: 20, chunks: 12 } as const;

describe('risk allocates nothing', () => {
  // The measuring loop itself settles only after it has run more than one step: some 5 kB a round.
  before(() => {
    const sums = new Float64Array(1);
    for (let i = 1; i <= 3; i++) {
      bytesPerCall(() => void (sums[0] = sums[0]! + i), { warmupChunks: 20, rounds: 2, chunks: 5 });
    }
  });

  it('check: entries, quotes and exits, passed and denied, and watch', () => {
    const world = new World({ ordersPerSecond: 1000, orderBurst: 1000, maxPositionNotional: 1e6 });
    const gate = world.gate;
    assert.ok(gate instanceof RiskGate);
    const { context, markets } = world;
    const intents = new IntentBatch();
    const row = intents.claim(IntentAction.Place, 0, Owner.Scalper, 0);
    intents.side[row] = 1;
    for (let i = 0; i < 4; i++) world.working({ priceTicks: MID - 100 - i, lots: 10 });
    world.hold(Owner.Quoter, 300);
    const bytes = bytesPerCall((call) => {
      const nowNs = (NOW_MS + call * 0.7) * 1e6;
      context.clock[RiskClock.NowNs] = nowNs;
      for (let i = 0; i < 2; i++) {
        const market = markets[i]!;
        market[Market.DepthNs] = nowNs;
        market[Market.LastTradeNs] = nowNs;
        market[Market.MidTicks] = MID + (call & 1) * 0.5;
      }
      const draw = call & 3;
      intents.owner[row] = draw === 3 ? Owner.Quoter : Owner.Scalper;
      intents.purpose[row] = draw === 3 ? Purpose.Unwind : Purpose.Entry;
      intents.side[row] = draw === 3 ? -1 : 1;
      intents.reduceOnly[row] = draw === 3 ? 1 : 0;
      intents.lots[row] = 100 + (call % 7);
      intents.priceTicks[row] = MID + (draw === 2 ? 5000 : call % 40);
      gate.check(intents, row);
      gate.onFill(0, Purpose.Entry, 1);
      gate.onState(OrderState.Rejected, -5022);
      gate.watch();
      gate.latched[0] = 0;
    }, THOROUGH);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
    assert.ok(gate.denials[Verdict.PASS]! > 1000, 'something passed');
    assert.ok(gate.denials[Verdict.PRICE_COLLAR]! > 1000, 'something was denied');
  });

  it('windows of events', () => {
    const window = new EventWindow(4);
    const times = new Float64Array(1);
    const limits = Float64Array.of(20, 1000, NaN);
    let fullCount = 0;
    let unsetCount = 0;
    const bytes = bytesPerCall((call) => {
      times[0] = call * 1e6 + 0.5;
      window.note(call & 3, times, 0);
      if (window.isFull(call & 3, limits, 0, 1, times, 0)) fullCount += 1;
      if (window.isFull(call & 3, limits, 2, 2, times, 0)) unsetCount += 1;
      if ((call & 0xffff) === 0) window.clear(call & 3);
    }, THOROUGH);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
    assert.ok(fullCount > 0);
    assert.equal(unsetCount, 0);
  });

  it('positions and PnL', () => {
    const world = new World();
    const keeper = new PositionKeeper(world.instruments);
    const pnl = new AccountPnl(world.instruments, keeper);
    const fill = new Float64Array(6);
    const wall = new Float64Array(1);
    const bytes = bytesPerCall((call) => {
      fill[0] = (call & 1) === 0 ? 1 : -1;
      fill[1] = 10 + (call % 5);
      fill[2] = MID + (call % 9) + 0.5;
      fill[3] = 12.0;
      fill[4] = call * 0.5;
      fill[5] = (call >> 1) & 1;
      keeper.onFill(call & 1, 1 + (call % 3), fill);
      pnl.mark(call & 1, world.markets[call & 1]!);
      wall[0] = 1e12 + call * 1000.25;
      pnl.update(wall);
    }, THOROUGH);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
    assert.notEqual(keeper.totals[1], 0);
  });
});
