/** The command desk: what is refused, what never is, and what each command does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CommandCode,
  scopeInstrument,
  scopeStrategy,
  scopeWord,
  STRATEGY_MARKET_MAKING,
  STRATEGY_SCALPER,
} from '../../../../engine/core/command-codes.ts';
import { Owner, TradingState } from '../../../../engine/domain/modes.ts';
import { OrderEventKind, OrderState, Purpose } from '../../../../engine/domain/order.ts';
import { Scalp, SCALP_SIZE, ScalpState } from '../../../../engine/domain/scalp.ts';
import { NO_PRICE } from '../../../../engine/domain/units.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { Health, SLOT_DOUBLES, SlotKind, TurnKind } from '../../../../engine/memory/slots.ts';
import { RESTORE_SLOTS } from '../../../../engine/core/command-desk.ts';
import { Pnl } from '../../../../engine/portfolio/pnl.ts';
import { CoreBench, MID } from './core-bench.ts';

const YES = { refused: false, verdict: Verdict.PASS };
const no = (verdict: number) => ({ refused: true, verdict });

function ready(): CoreBench {
  const bench = new CoreBench();
  bench.book(0);
  bench.book(1, MID / 2);
  return bench;
}

function armed(): CoreBench {
  const bench = ready();
  assert.deepEqual(bench.arm(), YES);
  return bench;
}

/** A scalp's row as a crash left it behind, in the slots of a SlowResult. */
function restore(bench: CoreBench, given: Readonly<Partial<Record<keyof typeof Scalp, number>>>) {
  const words = new Int32Array(RESTORE_SLOTS * 8);
  const doubles = new Float64Array(words.buffer);
  words[0] = SlotKind.SlowResult;
  words[1] = RESTORE_SLOTS;
  const row = {
    State: ScalpState.Open,
    Instrument: 0,
    Side: 1,
    EntryLots: 100,
    OpenLots: 100,
    AvgEntryTicks: MID,
    StopTicks: MID - 15,
    HalfTargetTicks: MID + 12,
    TargetTicks: MID + 30,
    DeadlineNs: 1e15,
    OpenedNs: 1,
    Sigma5mTicks: 20,
    TrailTicks: NO_PRICE,
    ...given,
  };
  for (const [name, value] of Object.entries(row)) {
    doubles[SLOT_DOUBLES + Scalp[name as keyof typeof Scalp]] = value;
  }
  let isTaken = false;
  bench.turn(TurnKind.Command, () => {
    isTaken = bench.core.restoreScalp(words, doubles, 0);
  });
  return isTaken;
}

describe('scope words', () => {
  it('carry a strategy and an instrument, or all of either', () => {
    for (const strategy of [-1, STRATEGY_SCALPER, STRATEGY_MARKET_MAKING]) {
      for (const instrument of [-1, 0, 7, 254]) {
        const word = scopeWord(strategy, instrument);
        assert.equal(scopeStrategy(word), strategy);
        assert.equal(scopeInstrument(word), instrument);
      }
    }
    assert.equal(scopeWord(-1, -1), 0);
  });
});

describe('arming', () => {
  it('is refused in HALTED and REDUCING, without a lease and without a journal', () => {
    for (const state of [TradingState.Halted, TradingState.Reducing]) {
      const bench = new CoreBench({ initialState: state });
      assert.deepEqual(bench.arm(), no(Verdict.STATE_FORBIDS));
      assert.equal(bench.pipeline.states.global[0], state);
    }
    for (const [bit, verdict] of [
      [Health.LeaseLost, Verdict.LEASE_LOST],
      [Health.JournalFailed, Verdict.JOURNAL_LOSS],
    ] as const) {
      const bench = ready();
      bench.health = bit;
      assert.deepEqual(bench.arm(), no(verdict));
      assert.notEqual(bench.pipeline.states.global[0], TradingState.Armed);
    }
  });

  it('arms what it names, and is journaled with its answer', () => {
    const bench = ready();
    const scope = { strategy: STRATEGY_SCALPER, instrument: 1 };
    assert.deepEqual(bench.command(CommandCode.Arm, scope), YES);
    const { states } = bench.pipeline;
    assert.equal(states.cell(STRATEGY_SCALPER, 1), TradingState.Armed);
    assert.equal(states.cell(STRATEGY_SCALPER, 0), TradingState.Disarmed);
    const [input] = bench.journaled(SlotKind.Command);
    assert.deepEqual([input!.flags, input!.argument], [CommandCode.Arm, scopeWord(0, 1)]);
    const [change] = bench.journaled(SlotKind.StateChange);
    assert.deepEqual([change!.flags, change!.argument], [TradingState.Armed, scopeWord(0, 1)]);
    assert.equal(bench.enter({ instrument: 0 }), Verdict.STATE_FORBIDS);
    assert.equal(bench.enter({ instrument: 1, price: MID / 2 + 1 }), Verdict.PASS);
  });
});

describe('disarming', () => {
  it('is never refused, whatever the state and the health', () => {
    for (const initialState of Object.values(TradingState)) {
      const bench = new CoreBench({ initialState });
      bench.health = Health.LeaseLost | Health.JournalFailed | Health.Fence;
      assert.deepEqual(bench.command(CommandCode.Disarm), YES);
      assert.notEqual(bench.pipeline.states.global[0], TradingState.Armed);
    }
  });

  it('withdraws an entry that rests, and says why when the lease was lost', () => {
    const bench = armed();
    assert.equal(bench.enter(), Verdict.PASS);
    const order = bench.newestOrder();
    bench.event(OrderEventKind.Accepted, order);
    assert.deepEqual(bench.command(CommandCode.LeaseLost), YES);
    bench.wait(10);
    assert.ok(bench.gateway.sent.includes(`cancel ${order}`));
    const { states } = bench.pipeline;
    assert.equal(states.global[0], TradingState.Disarmed);
    assert.equal(states.reason[0], Verdict.LEASE_LOST);
  });
});

describe('KILL', () => {
  it('halts and cancels every order of every owner, also when it is asked twice', () => {
    const bench = armed();
    bench.enter({ instrument: 0 });
    const first = bench.newestOrder();
    bench.event(OrderEventKind.Accepted, first);
    bench.enter({ instrument: 1, price: MID / 2 + 1 });
    const second = bench.newestOrder();
    bench.event(OrderEventKind.Accepted, second);
    assert.deepEqual(bench.command(CommandCode.Kill), YES);
    assert.equal(bench.pipeline.states.global[0], TradingState.Halted);
    for (const order of [first, second]) {
      assert.ok(bench.gateway.sent.includes(`cancel ${order}`), `${order} was cancelled`);
      assert.equal(bench.pipeline.table.state[order], OrderState.PendingCancel);
    }
    assert.deepEqual(bench.command(CommandCode.Kill), YES);
    assert.equal(bench.enter({ instrument: 0, price: MID + 2 }), Verdict.STATE_FORBIDS);
    assert.deepEqual(bench.arm(), no(Verdict.STATE_FORBIDS));
  });
});

describe('states by a control, and the way out', () => {
  it('SetState restricts, never weakens; resume leads to DISARMED and forgets troubles', () => {
    const bench = armed();
    const set = (state: number): unknown =>
      bench.command(CommandCode.SetState, {}, [state, Verdict.DAILY_LOSS]);
    assert.deepEqual(set(TradingState.Reducing), YES);
    assert.equal(bench.pipeline.states.reason[0], Verdict.DAILY_LOSS);
    assert.deepEqual(set(TradingState.Reducing), no(Verdict.STATE_FORBIDS));
    assert.deepEqual(set(TradingState.Halted), YES);
    assert.deepEqual(set(TradingState.Reducing), no(Verdict.STATE_FORBIDS));
    assert.deepEqual(set(TradingState.Armed), no(Verdict.STATE_FORBIDS));
    bench.pipeline.gate.latched[1] = 1;
    assert.deepEqual(bench.command(CommandCode.Resume), YES);
    assert.equal(bench.pipeline.states.global[0], TradingState.Disarmed);
    assert.equal(bench.pipeline.gate.latched[1], 0);
    assert.deepEqual(bench.command(CommandCode.Resume), no(Verdict.STATE_FORBIDS));
    assert.deepEqual(bench.arm(), YES);
  });

  it('an unknown code is refused and changes nothing', () => {
    const bench = armed();
    assert.deepEqual(bench.command(99), no(Verdict.STATE_FORBIDS));
    assert.equal(bench.pipeline.states.global[0], TradingState.Armed);
  });
});

describe('flatten', () => {
  it('closes an open scalp through the touch, also while HALTED', () => {
    for (const isHalted of [false, true]) {
      const bench = armed();
      bench.openScalp({ lots: 1000 });
      if (isHalted) bench.command(CommandCode.Kill);
      bench.gateway.sent.length = 0;
      assert.deepEqual(bench.command(CommandCode.Flatten), YES);
      const { table, exits } = bench.pipeline;
      for (let k = 0; k < 20 && exits.table.openCount > 0; k++) {
        bench.wait(20);
        for (let each = 0; each < table.activeCount; each++) {
          const order = table.active[each]!;
          if (table.state[order] === OrderState.PendingCancel) {
            bench.event(OrderEventKind.Canceled, order);
          } else if (table.purpose[order] === Purpose.Flatten) {
            assert.equal(table.reduceOnly[order], 1);
            bench.event(OrderEventKind.Fill, order, {
              lots: table.lots[order]!,
              priceTicks: MID,
            });
          } else bench.event(OrderEventKind.Accepted, order);
        }
      }
      assert.equal(exits.table.openCount, 0, isHalted ? 'while HALTED' : 'while ARMED');
      assert.equal(bench.pipeline.keeper.totalLots(0), 0);
      bench.wait(10);
      assert.deepEqual([...bench.pipeline.flattening], [0, 0], 'it ends by itself');
    }
  });

  it("sends the hand's position as one reduce-only order, at most 4 a second", () => {
    const bench = ready();
    bench.command(CommandCode.RestoreInventory, { instrument: 0 }, [-500, MID, Owner.Hand]);
    bench.command(CommandCode.Flatten, { instrument: 0 });
    const order = bench.newestOrder();
    const { table } = bench.pipeline;
    assert.deepEqual(
      [table.side[order], table.lots[order], table.reduceOnly[order], table.owner[order]],
      [1, 500, 1, Owner.Hand],
    );
    assert.ok(table.priceTicks[order]! > MID + 1, 'through the touch');
    bench.event(OrderEventKind.Rejected, order, { code: -2022 });
    const placed = (): number => bench.gateway.count('place');
    assert.equal(placed(), 1);
    bench.wait(200);
    assert.equal(placed(), 1, 'not at once again');
    bench.wait(100);
    assert.equal(placed(), 2);
    bench.event(OrderEventKind.Fill, bench.newestOrder(), { lots: 500, priceTicks: MID + 1 });
    bench.wait(300);
    assert.equal(placed(), 2);
    assert.deepEqual([...bench.pipeline.flattening], [0, 0]);
  });

  it('of nothing ends at once', () => {
    const bench = ready();
    assert.deepEqual(bench.command(CommandCode.Flatten), YES);
    assert.deepEqual([...bench.pipeline.flattening], [0, 0]);
    assert.equal(bench.gateway.count('place'), 0);
  });

  it('touches no instrument that was not named', () => {
    const bench = ready();
    bench.command(CommandCode.RestoreInventory, { instrument: 0 }, [500, MID, Owner.Hand]);
    bench.command(CommandCode.RestoreInventory, { instrument: 1 }, [500, MID / 2, Owner.Hand]);
    bench.command(CommandCode.Flatten, { instrument: 1 });
    assert.equal(bench.gateway.count('place'), 1);
    assert.equal(bench.pipeline.table.instrument[bench.newestOrder()], 1);
  });
});

describe('closing one scalp', () => {
  it('closes the one that is named, and refuses one that is not there', () => {
    const bench = armed();
    const scalp = bench.openScalp();
    const { rows } = bench.pipeline.exits.table;
    const id = rows[scalp * SCALP_SIZE + Scalp.Id]!;
    assert.deepEqual(
      bench.command(CommandCode.CloseScalp, {}, [id + 1]),
      no(Verdict.STATE_FORBIDS),
    );
    assert.deepEqual(bench.command(CommandCode.CloseScalp, {}, [id]), YES);
    assert.equal(rows[scalp * SCALP_SIZE + Scalp.State], ScalpState.Exiting);
  });
});

describe('what a crash left behind', () => {
  it('a scalp comes back with its position, its row journaled, its exits running', () => {
    const bench = new CoreBench({ initialState: TradingState.Halted });
    bench.book(0);
    assert.ok(
      restore(bench, {
        Side: -1,
        OpenLots: 60,
        StopTicks: MID + 15,
        TargetTicks: MID - 30,
        HalfTargetTicks: MID - 12,
      }),
    );
    const { keeper, exits } = bench.pipeline;
    assert.equal(keeper.lots(0, Owner.Scalper), -60);
    assert.equal(keeper.totalLots(0), -60);
    assert.equal(exits.table.openCount, 1);
    assert.ok(bench.journaled(SlotKind.ScalpChange).length > 0);
    assert.ok(bench.journaled(SlotKind.SlowResult).length === 1);
    // Its stop is hit: a protective exit leaves although the engine is HALTED.
    bench.touch(0, MID + 20, MID + 21);
    bench.wait(50);
    const order = bench.newestOrder();
    assert.equal(bench.pipeline.table.purpose[order], Purpose.Stop);
    assert.equal(bench.pipeline.table.side[order], 1);
  });

  it('two scalps of one instrument add up', () => {
    const bench = new CoreBench({ initialState: TradingState.Halted });
    bench.book(0);
    assert.ok(restore(bench, { OpenLots: 60, EntryLots: 60, AvgEntryTicks: MID }));
    assert.ok(restore(bench, { OpenLots: 20, EntryLots: 20, AvgEntryTicks: MID + 8 }));
    const { keeper } = bench.pipeline;
    assert.equal(keeper.lots(0, Owner.Scalper), 80);
    assert.equal(keeper.ownerEntryTicks[Owner.Scalper], MID + 2);
    assert.equal(keeper.totalLots(0), 80);
  });

  it('a row that makes no sense is refused and owns nothing', () => {
    const bench = new CoreBench({ initialState: TradingState.Halted });
    for (const wrong of [{ Instrument: 9 }, { Side: 0 }, { OpenLots: 0 }, { StopTicks: 0 }]) {
      assert.equal(restore(bench, wrong), false, JSON.stringify(wrong));
    }
    assert.equal(bench.pipeline.keeper.totalLots(0), 0);
    assert.equal(bench.pipeline.exits.table.openCount, 0);
  });

  it('inventory, the venue’s position, wallet, latency and the day are taken over', () => {
    const bench = ready();
    const { keeper, pnl, wallet } = bench.pipeline;
    bench.command(CommandCode.RestoreInventory, { instrument: 1 }, [40, MID / 2, Owner.Quoter]);
    assert.equal(keeper.lots(1, Owner.Quoter), 40);
    bench.command(CommandCode.VenuePosition, { instrument: 1 }, [38, MID / 2]);
    assert.equal(keeper.mismatch(1), -2);
    bench.command(CommandCode.Equity, {}, [5e12]);
    assert.equal(wallet[0], 5e12);
    bench.command(CommandCode.Latency, {}, [3e6]);
    assert.equal(bench.pipeline.latencyNs, 3e6);
    const day = Math.floor(bench.pipeline.options.anchorWallMs / 86_400_000);
    bench.command(CommandCode.DayPnl, {}, [day, -700e8, 50e8]);
    bench.wait(10);
    const { fields } = pnl;
    assert.equal(fields[Pnl.DayRealisedE8], -700e8);
    assert.equal(fields[Pnl.DayFeesE8], 50e8);
    assert.equal(fields[Pnl.DayE8], -750e8 + fields[Pnl.UnrealisedTouchE8]!);
  });
});
