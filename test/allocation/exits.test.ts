/** The exits allocate nothing: levels, open scalps under a moving price, whole lives. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decision } from '../../engine/domain/decision.ts';
import {
  DISTANCE_SIZE,
  Distance,
  setDistanceSettings,
  setExitDistances,
} from '../../engine/domain/exit-distance.ts';
import { IntentBatch } from '../../engine/domain/intent.ts';
import { MARKET_SIZE, Market } from '../../engine/domain/market.ts';
import { OrderState, Purpose, TimeInForce } from '../../engine/domain/order.ts';
import { SCALPS_MAX, SCALP_SIZE, Scalp, ScalpState } from '../../engine/domain/scalp.ts';
import { markToMarket, setBreakEven } from '../../engine/exits/break-even.ts';
import { isTrusted, markTrusted, markUntrusted } from '../../engine/exits/emergency.ts';
import { ExitManager, FILL_SIZE, Fill } from '../../engine/exits/exit-manager.ts';
import { LIMITS_SIZE, setExitLimits } from '../../engine/exits/limits.ts';
import { DEFAULT_EXIT_PARAMETERS } from '../../engine/exits/parameters.ts';
import { isGivenBack } from '../../engine/exits/profit-protection.ts';
import { ScalpOrders } from '../../engine/exits/scalp-orders.ts';
import { ScalpTable } from '../../engine/exits/scalp-table.ts';
import { WORK_SIZE, Work } from '../../engine/exits/scalp-work.ts';
import { isStopHit, setStop, tightenToBreakEven } from '../../engine/exits/stop.ts';
import { isTargetReached, setHalfLots, setTargets } from '../../engine/exits/target.ts';
import { timeStage } from '../../engine/exits/time-stop.ts';
import { isTrailHit, updateTrail } from '../../engine/exits/trailing.ts';
import {
  setMarket,
  testDecision,
  testInstrument,
  testReadings,
} from '../unit/engine/exits/support.ts';
import { BYTES_PER_CALL_MAX, bytesPerCall } from './gate.ts';
import type { GateOptions } from './gate.ts';

const FAST: GateOptions = { chunks: 30 };
const instrument = testInstrument();
const readings = testReadings(200.5);
const market = new Float64Array(MARKET_SIZE);
const clock = Float64Array.of(1e9);
const sums = new Float64Array(2);
const P = new Float64Array(LIMITS_SIZE);
setExitLimits(P, DEFAULT_EXIT_PARAMETERS);

function passes(what: string, step: (call: number) => void, options = FAST): void {
  const bytes = bytesPerCall(step, options);
  assert.ok(bytes <= BYTES_PER_CALL_MAX, `${what}: ${bytes} bytes per call`);
}

/** A price that walks to and fro by up to 64 ticks, and time that goes on in odd fractions. */
function move(call: number): void {
  const swing = call & 127;
  const bid = 100_000 + (swing < 64 ? swing : 128 - swing);
  market[Market.NowNs] = market[Market.NowNs]! + 1000.5;
  market[Market.DepthNs] = market[Market.NowNs]!;
  market[Market.BidTicks] = bid;
  market[Market.AskTicks] = bid + 1;
  clock[0] = market[Market.NowNs]!;
}

describe('exits allocate nothing', () => {
  setMarket(market, 1e9, 100_000, 100_001);

  it('levels, each on its own', () => {
    const rows = new Float64Array(SCALP_SIZE);
    const work = new Float64Array(WORK_SIZE);
    const io = new Float64Array(DISTANCE_SIZE);
    setDistanceSettings(io, DEFAULT_EXIT_PARAMETERS);
    rows[Scalp.AvgEntryTicks] = 100_000.3;
    rows[Scalp.EntryLots] = 10;
    rows[Scalp.OpenLots] = 10;
    rows[Scalp.Sigma5mTicks] = 200.5;
    work[Work.StopDistanceTicks] = 120.5;
    work[Work.HalfDistanceTicks] = 60.5;
    work[Work.TargetDistanceTicks] = 220.5;
    passes('levels', (call) => {
      rows[Scalp.Side] = (call & 128) === 0 ? 1 : -1;
      move(call);
      io[Distance.PriceTicks] = market[Market.MidTicks]! + 0.5;
      io[Distance.Sigma5mTicks] = 200.5;
      if (setExitDistances(io)) work[Work.StopDistanceTicks] = io[Distance.StopTicks]!;
      setStop(rows, 0, work, 0);
      setTargets(rows, 0, work, 0);
      setHalfLots(rows, 0, work, 0, 1);
      setBreakEven(rows, 0, work, 0, instrument);
      markToMarket(rows, 0, market, instrument);
      tightenToBreakEven(rows, 0, 1);
      updateTrail(rows, 0, market, readings, P);
      if (isTrusted(market, clock, P)) markTrusted(work, 0, market, readings, clock, P);
      else markUntrusted(work, 0, clock, P);
      let hits = timeStage(rows, 0, clock, P) as number;
      if (isStopHit(rows, 0)) hits++;
      if (isTrailHit(rows, 0)) hits++;
      if (isGivenBack(rows, 0, P)) hits++;
      if (isTargetReached(rows, 0)) hits++;
      sums[0] = sums[0]! + hits;
    });
  });

  it('orders: asked, answered, cancelled, ended', () => {
    const table = new ScalpTable();
    const orders = new ScalpOrders(table, clock, P);
    const intents = new IntentBatch();
    const slot = table.open(0, 1, ScalpState.Open);
    orders.reset(slot);
    passes('orders', (call) => {
      move(call);
      orders.lots[0] = 4_000_000_000;
      orders.place(slot, Purpose.Target, 100_100, TimeInForce.Gtc, intents);
      orders.changed(slot, 1, 5, OrderState.PendingNew);
      orders.changed(slot, 1, 5, OrderState.Open);
      orders.cancel(slot, 1, intents);
      orders.changed(slot, 1, 5, OrderState.Canceled);
      intents.clear();
    });
  });

  it('sixteen open scalps under a moving price', () => {
    const { manager, fill, decision } = parts();
    for (let i = 0; i < SCALPS_MAX; i++) open(manager, decision, fill);
    const intents = new IntentBatch();
    passes(
      'evaluate',
      (call) => {
        market[Market.NowNs] = market[Market.NowNs]! - 1000.5;
        move(call);
        manager.evaluate(0, market, readings, 1, intents);
        for (let row = 0; row < intents.count; row++) {
          const slot = intents.ownerRef[row]!;
          manager.onOrder(slot, intents.purpose[row]!, 40 + slot, OrderState.Open);
        }
        intents.clear();
      },
      { warmupChunks: 80, chunks: 30, chunkCalls: 3_000, rounds: 4 },
    );
    assert.equal(manager.table.openCount, SCALPS_MAX);
  });

  it('whole lives: entry, half target, trail, cancel, exit', () => {
    const { manager, fill, decision } = parts();
    const intents = new IntentBatch();
    passes(
      'life',
      (call) => {
        const base = 100_000 + (call & 7);
        quote(base);
        decision[Decision.PriceTicks] = base + 1;
        decision[Decision.TimeNs] = market[Market.NowNs]!;
        const slot = open(manager, decision, fill);
        manager.evaluate(0, market, readings, 1, intents);
        answer(manager, slot, intents, OrderState.Open);
        filled(manager, slot, Purpose.HalfTarget, fill, 5);
        manager.onOrder(slot, Purpose.HalfTarget, 41, OrderState.Filled);
        quote(base + 150);
        manager.evaluate(0, market, readings, 1, intents);
        answer(manager, slot, intents, OrderState.Open);
        quote(base + 40);
        manager.evaluate(0, market, readings, 1, intents);
        answer(manager, slot, intents, OrderState.Canceled);
        manager.evaluate(0, market, readings, 1, intents);
        answer(manager, slot, intents, OrderState.PendingNew);
        filled(manager, slot, Purpose.Trail, fill, 5);
        manager.onOrder(slot, Purpose.Trail, 41, OrderState.Filled);
      },
      { warmupChunks: 50, chunks: 30, chunkCalls: 5_000, rounds: 3 },
    );
    assert.ok(manager.endedByPurpose[Purpose.Trail]! > 100_000);
    assert.equal(manager.table.openCount, 0);
    assert.equal(manager.table.illegalTransitions, 0);
  });
});

function parts() {
  const manager = new ExitManager([instrument], DEFAULT_EXIT_PARAMETERS, new ScalpTable());
  const decision = testDecision(1, 10, 100_001);
  return { manager, fill: new Float64Array(FILL_SIZE), decision };
}

function open(manager: ExitManager, decision: Float64Array, fill: Float64Array): number {
  const slot = manager.openScalp(decision, 1);
  filled(manager, slot, Purpose.Entry, fill, 10);
  manager.onOrder(slot, Purpose.Entry, 1, OrderState.Filled);
  return slot;
}

function filled(
  manager: ExitManager,
  slot: number,
  purpose: number,
  fill: Float64Array,
  lots: number,
): void {
  fill[Fill.Lots] = lots;
  fill[Fill.PriceTicks] = market[Market.BidTicks]! + 1;
  fill[Fill.FeeE8] = 1234.5;
  fill[Fill.RealisedE8] = 5678.5;
  fill[Fill.NowNs] = market[Market.NowNs]!;
  manager.onFill(slot, purpose, fill);
}

/** Answers every intent with order 41 in `state`. */
function answer(manager: ExitManager, slot: number, intents: IntentBatch, state: number): void {
  for (let row = 0; row < intents.count; row++) {
    manager.onOrder(slot, intents.purpose[row]!, 41, state);
  }
  intents.clear();
}

function quote(bid: number): void {
  market[Market.NowNs] = market[Market.NowNs]! + 1_000_000.5;
  market[Market.DepthNs] = market[Market.NowNs]!;
  market[Market.BidTicks] = bid;
  market[Market.AskTicks] = bid + 1;
}
