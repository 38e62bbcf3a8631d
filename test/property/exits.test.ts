/**
 * exits: laws that hold under any price path, partial fills, late answers, cancels that meet fills,
 * refusals, lost orders, silent feeds and invalid books:
 *
 * - the position of every scalp, and of the venue, returns to exactly zero, and no order is left;
 * - working exit orders of a scalp never hold more lots than it has open, and none is refused by
 *   the venue for increasing a position;
 * - stops and trails only tighten, and a price at one of them closes the scalp in the same turn;
 * - a closing order is limited to a bounded distance from the touch it saw, so what is lost beyond
 *   a stop is the gap to that touch and the time the answer took, and no more;
 * - what the scalps earned is what the venue paid, to the last unit.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { Decision } from '../../engine/domain/decision.ts';
import { IntentAction, IntentBatch } from '../../engine/domain/intent.ts';
import { MARKET_SIZE, Market } from '../../engine/domain/market.ts';
import { Purpose, TimeInForce } from '../../engine/domain/order.ts';
import { parameterValues } from '../../engine/domain/parameter.ts';
import { SCALPS_MAX, SCALP_SIZE, Scalp, ScalpState } from '../../engine/domain/scalp.ts';
import { NO_PRICE } from '../../engine/domain/units.ts';
import { Allowed, ExitManager } from '../../engine/exits/exit-manager.ts';
import { EXIT_FIELDS } from '../../engine/exits/parameters.ts';
import { ScalpTable } from '../../engine/exits/scalp-table.ts';
import { isStopHit } from '../../engine/exits/stop.ts';
import { isTrailHit } from '../../engine/exits/trailing.ts';
import { CALM, FakeVenue } from '../unit/engine/exits/fake-venue.ts';
import type { VenueOptions } from '../unit/engine/exits/fake-venue.ts';
import {
  MS,
  setMarket,
  testDecision,
  testInstrument,
  testReadings,
} from '../unit/engine/exits/support.ts';

const PARAMETERS = parameterValues(EXIT_FIELDS, {
  timeLimitMs: 8_000,
  timeWarningMs: 3_000,
  entryTimeoutMs: 400,
  feedAgeMs: 1_000,
  untrustedGraceMs: 800,
  emergencySpreadMs: 300,
});
/** A sd of 5 minutes that puts the stop 72 ticks away and the targets 66 and 132. */
const SIGMA_TICKS = 120;
const TURNS = 700;
const QUIET_TURNS = 3_000;

interface World {
  readonly name: string;
  readonly venue: VenueOptions;
  /** Share of turns in which the feed breaks for a while, and in which exits are forbidden. */
  readonly breakShare: number;
  readonly forbidShare: number;
}

const WORLDS: readonly World[] = [
  { name: 'a calm venue', venue: CALM, breakShare: 0, forbidShare: 0 },
  {
    name: 'a slow venue with partial fills',
    venue: { ...CALM, latencyMs: 60, partialShare: 0.6 },
    breakShare: 0,
    forbidShare: 0,
  },
  {
    name: 'denials and refusals',
    venue: { ...CALM, latencyMs: 20, denyShare: 0.2, rejectShare: 0.2, partialShare: 0.3 },
    breakShare: 0,
    forbidShare: 0.003,
  },
  {
    name: 'lost orders and lost answers',
    venue: { ...CALM, latencyMs: 30, unknownShare: 0.15, partialShare: 0.4 },
    breakShare: 0,
    forbidShare: 0,
  },
  {
    name: 'everything at once, with a feed that breaks',
    venue: {
      latencyMs: 80,
      denyShare: 0.1,
      rejectShare: 0.1,
      unknownShare: 0.1,
      partialShare: 0.5,
    },
    breakShare: 0.01,
    forbidShare: 0.005,
  },
];

class Session {
  readonly instruments = [
    testInstrument(0),
    testInstrument(1, { maker: '-0.0001', taker: '0.0004' }),
  ];
  readonly table = new ScalpTable();
  readonly manager = new ExitManager(this.instruments, PARAMETERS, this.table);
  readonly random: SeededRandom;
  readonly venue: FakeVenue;
  readonly markets = this.instruments.map(() => new Float64Array(MARKET_SIZE));
  readonly readings = testReadings(SIGMA_TICKS);
  readonly intents = new IntentBatch();
  readonly before = new Float64Array(SCALPS_MAX * SCALP_SIZE);
  readonly silentUntilNs = this.instruments.map(() => 0);
  readonly #world: World;
  nowNs = 1000 * MS;
  forbiddenUntilNs = 0;
  opened = 0;
  realisedE8 = 0;
  feesE8 = 0;
  endedSeen = 0;
  isEnding = false;

  constructor(seed: number, world: World) {
    this.random = new SeededRandom(seed);
    this.#world = world;
    this.venue = new FakeVenue(this.manager, this.instruments, this.random.fork(1), world.venue);
  }

  turn(): void {
    this.nowNs += Math.ceil((1 + this.random.exponential() * 40) * MS);
    this.manager.clock[0] = this.nowNs;
    this.venue.advance(this.nowNs);
    this.#harvest();
    const allowed = this.#allowed();
    for (let i = 0; i < this.instruments.length; i++) {
      this.#moveMarket(i);
      this.manager.evaluate(i, this.markets[i]!, this.readings, allowed, this.intents);
      this.#checkScalps(i, allowed);
      this.#checkIntents(i);
      this.venue.submit(this.intents);
      if (!this.isEnding) this.#maybeOpen(i);
    }
    if (!this.isEnding) this.#maybeInterfere();
    this.#harvest();
  }

  #allowed(): number {
    if (this.isEnding) return Allowed.ProtectiveExits | Allowed.Flatten;
    if (this.random.next() < this.#world.forbidShare) {
      this.forbiddenUntilNs = this.nowNs + this.random.int(3000) * MS;
    }
    return this.nowNs < this.forbiddenUntilNs ? 0 : Allowed.ProtectiveExits;
  }

  /** A random walk with jumps and a spread that at times explodes; at times nothing is heard. */
  #moveMarket(i: number): void {
    const random = this.random;
    const touch = this.venue.touches[i]!;
    const jump = random.next() < 0.01 ? random.normal() * 80 : 0;
    const mid = Math.max(90_000, touch.bid + Math.round(random.normal() * 5 + jump));
    const spread = random.next() < 0.004 ? 40 : random.next() < 0.8 ? 1 : 2;
    // An extreme spread stays for a while.
    const width = touch.ask - touch.bid >= 40 && random.next() < 0.9 ? 40 : spread;
    touch.bid = mid;
    touch.ask = mid + width;
    const market = this.markets[i]!;
    if (!this.isEnding && random.next() < this.#world.breakShare) {
      this.silentUntilNs[i] = this.nowNs + random.int(4000) * MS;
      if (random.next() < 0.5) market[Market.Valid] = 0;
    }
    if (this.nowNs >= this.silentUntilNs[i]! || this.isEnding) {
      setMarket(market, this.nowNs, touch.bid, touch.ask);
    }
  }

  #maybeOpen(i: number): void {
    const random = this.random;
    if (random.next() > 0.05 || this.manager.openCounts[i]! > 2) return;
    const touch = this.venue.touches[i]!;
    const side = this.#sideOf(i) ?? (random.next() < 0.5 ? 1 : -1);
    const isTaking = random.next() < 0.5;
    const price = side > 0 === isTaking ? touch.ask : touch.bid;
    const lots = random.next() < 0.2 ? 1 : 1 + random.int(12);
    const decision = testDecision(side, lots, price, SIGMA_TICKS);
    decision[Decision.Instrument] = i;
    decision[Decision.TimeNs] = this.nowNs;
    const scalp = this.manager.openScalp(decision, -1);
    if (scalp < 0) return;
    this.opened++;
    this.venue.place({
      scalp,
      instrument: i,
      purpose: Purpose.Entry,
      side,
      priceTicks: price,
      lots,
      timeInForce: isTaking ? TimeInForce.Ioc : TimeInForce.Gtx,
      isReduceOnly: false,
    });
  }

  /** Side of the scalps that are open on the instrument: all must go one way. */
  #sideOf(i: number): 1 | -1 | undefined {
    for (let slot = 0; slot < SCALPS_MAX; slot++) {
      const at = slot * SCALP_SIZE;
      const isOpen = this.table.rows[at + Scalp.State] !== ScalpState.Free;
      if (isOpen && this.table.rows[at + Scalp.Instrument] === i) {
        return this.table.rows[at + Scalp.Side] as 1 | -1;
      }
    }
    return undefined;
  }

  #maybeInterfere(): void {
    const draw = this.random.next();
    if (draw < 0.002) this.manager.requestClose(this.random.int(SCALPS_MAX));
    else if (draw < 0.004) this.manager.withdrawEntries(-1);
  }

  #checkScalps(i: number, allowed: number): void {
    const rows = this.table.rows;
    for (let slot = 0; slot < SCALPS_MAX; slot++) {
      const at = slot * SCALP_SIZE;
      const isSame = this.before[at + Scalp.Id] === rows[at + Scalp.Id];
      if (rows[at + Scalp.State] !== ScalpState.Free && rows[at + Scalp.Instrument] === i) {
        const name = `scalp ${rows[at + Scalp.Id]}`;
        for (let f = 0; f < SCALP_SIZE; f++) assert.ok(Number.isFinite(rows[at + f]!), name);
        if (isSame) this.#checkTightening(at, name);
        this.#checkReaction(slot, allowed, name);
      }
      for (let f = 0; f < SCALP_SIZE; f++) this.before[at + f] = rows[at + f]!;
    }
  }

  #checkTightening(at: number, name: string): void {
    const rows = this.table.rows;
    const side = rows[at + Scalp.Side]!;
    const isEntered = rows[at + Scalp.EntryLots] === this.before[at + Scalp.EntryLots];
    if (isEntered && rows[at + Scalp.EntryLots]! > 0) {
      const moved = side * (rows[at + Scalp.StopTicks]! - this.before[at + Scalp.StopTicks]!);
      assert.ok(moved >= 0, `${name}: the stop loosened by ${-moved}`);
    }
    const trail = this.before[at + Scalp.TrailTicks]!;
    if (trail === NO_PRICE) return;
    const moved = side * (rows[at + Scalp.TrailTicks]! - trail);
    assert.ok(moved >= 0, `${name}: the trail loosened by ${-moved}`);
  }

  #checkReaction(slot: number, allowed: number, name: string): void {
    const rows = this.table.rows;
    const at = slot * SCALP_SIZE;
    const open = rows[at + Scalp.OpenLots]!;
    const working = this.venue.workingExitLots(slot);
    assert.ok(working <= open, `${name}: exits of ${working} lots for ${open} open`);
    const market = this.markets[rows[at + Scalp.Instrument]!]!;
    const isTrusted =
      market[Market.Valid] === 1 && this.nowNs - market[Market.DepthNs]! <= 1000 * MS;
    if (open === 0 || rows[at + Scalp.State] === ScalpState.Exiting) return;
    if (!isTrusted || allowed === 0) {
      assert.equal(rows[at + Scalp.Unprotected], 1, `${name}: says that it is unprotected`);
      return;
    }
    assert.ok(!isStopHit(rows, at), `${name}: stays open beyond its stop`);
    assert.ok(!isTrailHit(rows, at), `${name}: stays open beyond its trail`);
  }

  #checkIntents(i: number): void {
    const batch = this.intents;
    for (let row = 0; row < batch.count; row++) {
      if (batch.action[row] !== IntentAction.Place) continue;
      const slot = batch.ownerRef[row]!;
      const at = slot * SCALP_SIZE;
      const rows = this.table.rows;
      const side = rows[at + Scalp.Side]!;
      assert.equal(batch.reduceOnly[row], 1);
      assert.equal(batch.side[row], -side);
      assert.ok(!this.venue.isUnknown(slot), 'nothing is sent while an order is unknown');
      const working = this.venue.workingExitLots(slot);
      assert.ok(working + batch.lots[row]! <= rows[at + Scalp.OpenLots]!);
      const isTarget = batch.purpose[row]! <= Purpose.HalfTarget;
      if (isTarget) continue;
      assert.equal(batch.timeInForce[row], TimeInForce.Ioc);
      const touch = this.markets[i]![side > 0 ? Market.BidTicks : Market.AskTicks]!;
      const through = side * (touch - batch.priceTicks[row]!);
      const most = Math.ceil((touch * PARAMETERS.throughMaxBp) / 10_000);
      assert.ok(through >= 1 && through <= most, `${through} ticks through the touch`);
    }
  }

  /** Adds up what ended since the last look. */
  #harvest(): void {
    const { ended, endedCount } = this.table;
    assert.ok(endedCount - this.endedSeen <= SCALPS_MAX);
    for (; this.endedSeen < endedCount; this.endedSeen++) {
      const at = (this.endedSeen % SCALPS_MAX) * SCALP_SIZE;
      assert.equal(ended[at + Scalp.OpenLots], 0);
      this.realisedE8 += ended[at + Scalp.RealisedE8]!;
      this.feesE8 += ended[at + Scalp.FeesE8]!;
    }
  }

  /** Ends the session with a venue that behaves, and checks that nothing is left anywhere. */
  finish(): void {
    this.isEnding = true;
    this.venue.options = CALM;
    for (let turn = 0; turn < QUIET_TURNS; turn++) {
      this.turn();
      if (this.table.openCount === 0 && this.venue.orders.size === 0) break;
    }
    const { table, venue, manager } = this;
    assert.equal(table.openCount, 0, 'every scalp ended');
    assert.equal(venue.orders.size, 0, 'no order is left');
    assert.deepEqual(venue.position, [0, 0], 'the venue holds nothing');
    assert.equal(table.endedCount + manager.unfilledEntries, this.opened);
    assert.equal(manager.orphanFills, 0);
    assert.equal(manager.excessLots, 0);
    assert.equal(table.illegalTransitions, 0);
    assert.equal(venue.refusedReduceOnly, 0, 'no exit would have increased a position');
    assert.equal(this.realisedE8, sum(venue.realisedE8));
    assert.equal(this.feesE8, sum(venue.feesE8));
    assert.deepEqual([...manager.openCounts], [0, 0]);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('exits', () => {
  const endedByPurpose = new Int32Array(16);
  const seen = { cancelRaces: 0, unknowns: 0, unfilled: 0 };

  for (const world of WORLDS) {
    it(`bring every scalp to zero on ${world.name}`, () => {
      for (let seed = 1; seed <= 24; seed++) {
        const session = new Session(seed, world);
        try {
          for (let turn = 0; turn < TURNS; turn++) session.turn();
          session.finish();
        } catch (error) {
          throw new Error(`seed ${seed}, at ${session.nowNs / MS} ms`, { cause: error });
        }
        session.manager.endedByPurpose.forEach((count, purpose) => {
          endedByPurpose[purpose] = endedByPurpose[purpose]! + count;
        });
        seen.cancelRaces += session.venue.cancelRaces;
        seen.unknowns += session.venue.unknowns;
        seen.unfilled += session.manager.unfilledEntries;
      }
    });
  }

  it('and all of this was really met on the way', () => {
    for (let purpose = Purpose.Target; purpose <= Purpose.Flatten; purpose++) {
      assert.ok(endedByPurpose[purpose]! > 0, `purpose ${purpose}: ${endedByPurpose.join(' ')}`);
    }
    assert.ok(seen.cancelRaces > 10 && seen.unknowns > 10 && seen.unfilled > 10);
  });
});
