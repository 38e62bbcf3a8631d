/**
 * The state table, cell by cell, through the gate as well; and the AND over scopes.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Owner, TRADING_STATE_NAMES, TradingState } from '../../../../engine/domain/modes.ts';
import { Purpose } from '../../../../engine/domain/order.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { Health } from '../../../../engine/memory/slots.ts';
import { HealthBit } from '../../../../engine/risk/context.ts';
import {
  Column,
  COLUMN_NAMES,
  effectiveState,
  Permit,
  permits,
  permitsOver,
  STATE_TABLE,
} from '../../../../engine/risk/state-table.ts';
import { type Wish, World } from './fixtures.ts';

const STATES = [0, 1, 2, 3] as const;

describe('state table', () => {
  // entries, quotes, exits, manual, cancels, flatten
  const wanted: readonly (readonly number[])[] = [
    [0, 0, Permit.Protective | Permit.AnyExit, Permit.Reduce | Permit.Increase, 1, 1],
    [1, Permit.Quote | Permit.Unwind, Permit.Protective | Permit.AnyExit, 3, 1, 1],
    [0, Permit.Unwind, Permit.Protective | Permit.AnyExit, Permit.Reduce, 1, 1],
    [0, 0, Permit.Protective, 0, 1, 1],
  ];
  for (const state of STATES) {
    for (const [column, name] of COLUMN_NAMES.entries()) {
      it(`${TRADING_STATE_NAMES[state]} × ${name}`, () => {
        assert.equal(STATE_TABLE[state]![column], wanted[state]![column]);
        assert.equal(permits(state, column), wanted[state]![column]);
      });
    }
  }

  it('a state that does not exist allows nothing', () => {
    for (const state of [-1, 4, NaN]) {
      for (let column = 0; column < COLUMN_NAMES.length; column++)
        assert.equal(permits(state, column), 0);
    }
  });

  it('scopes combine by the AND of their cells, whatever their order', () => {
    for (const a of STATES) {
      for (const b of STATES) {
        for (const c of STATES) {
          for (let column = 0; column < COLUMN_NAMES.length; column++) {
            const all = permits(a, column) & permits(b, column) & permits(c, column);
            assert.equal(permitsOver(a, b, c, column), all);
            assert.equal(permitsOver(c, a, b, column), all);
          }
          const shown = effectiveState(a, b, c);
          assert.ok(
            (permits(shown, Column.Entries) & ~permitsOver(a, b, c, Column.Entries)) === 0,
            'the state shown never promises more entries than are allowed',
          );
        }
      }
    }
  });
});

const exit = (purpose: number): Wish => ({ purpose, side: -1, reduceOnly: true });

describe('state table through the gate', () => {
  interface Row {
    readonly name: string;
    readonly wish: Wish;
    /** In the order DISARMED, ARMED, REDUCING, HALTED. */
    readonly passes: readonly boolean[];
    readonly holds?: readonly [owner: number, lots: number];
    readonly isReconciled?: boolean;
  }
  const long = [Owner.Scalper, 100] as const;
  const rows: readonly Row[] = [
    { name: 'entry', wish: {}, passes: [false, true, false, false] },
    {
      name: 'quote',
      wish: { purpose: Purpose.Quote, owner: Owner.Quoter },
      passes: [false, true, false, false],
    },
    {
      name: 'unwinding of the quoter',
      wish: { ...exit(Purpose.Unwind), owner: Owner.Quoter },
      holds: [Owner.Quoter, 100],
      passes: [true, true, true, false],
    },
    { name: 'stop', wish: exit(Purpose.Stop), holds: long, passes: [true, true, true, false] },
    {
      name: 'stop of a reconciled scalp',
      wish: exit(Purpose.Stop),
      holds: long,
      isReconciled: true,
      passes: [true, true, true, true],
    },
    {
      name: 'time limit of a reconciled scalp',
      wish: exit(Purpose.TimeLimit),
      holds: long,
      isReconciled: true,
      passes: [true, true, true, true],
    },
    {
      name: 'target of a reconciled scalp',
      wish: exit(Purpose.Target),
      holds: long,
      isReconciled: true,
      passes: [true, true, true, false],
    },
    { name: 'flatten', wish: exit(Purpose.Flatten), holds: long, passes: [true, true, true, true] },
    {
      name: 'manual that opens',
      wish: { purpose: Purpose.Manual, owner: Owner.Hand },
      passes: [true, true, false, false],
    },
    {
      name: 'manual that reduces',
      wish: { purpose: Purpose.Manual, owner: Owner.Hand, side: -1 },
      holds: [Owner.Hand, 100],
      passes: [true, true, true, false],
    },
  ];
  for (const { name, wish, passes, holds, isReconciled } of rows) {
    for (const state of STATES) {
      it(`${TRADING_STATE_NAMES[state]}: ${name}`, () => {
        const world = new World();
        if (holds !== undefined) world.hold(holds[0], holds[1]);
        if (isReconciled === true) world.context.reconciled[0] = 1;
        world.arm(state);
        const verdict = world.check(wish);
        assert.equal(verdict, passes[state] === true ? Verdict.PASS : Verdict.STATE_FORBIDS);
        assert.equal(world.cancel(), Verdict.PASS, 'cancels always');
      });
    }
  }

  it('one scope that is not armed is enough to forbid an entry', () => {
    const world = new World();
    world.context.instrumentState[0] = TradingState.Disarmed;
    assert.equal(world.check(), Verdict.STATE_FORBIDS);
    assert.equal(world.check({ instrument: 1 }), Verdict.PASS);
    world.context.setStrategyState(Owner.Scalper, 1, TradingState.Reducing);
    assert.equal(world.check({ instrument: 1, priceTicks: 10_001 }), Verdict.STATE_FORBIDS);
    const quote = { purpose: Purpose.Quote, owner: Owner.Quoter, instrument: 1 };
    assert.equal(world.check(quote), Verdict.PASS);
  });

  it('a locked ladder takes no manual order, not even a reducing one', () => {
    const world = new World();
    world.hold(Owner.Hand, 100);
    world.context.ladderUnlocked[0] = 0;
    const wish = { purpose: Purpose.Manual, owner: Owner.Hand, side: -1 } as const;
    assert.equal(world.check(wish), Verdict.LADDER_LOCKED);
    world.hold(Owner.Hand, 100, 1);
    assert.equal(world.check({ ...wish, instrument: 1 }), Verdict.PASS, 'each has its own lock');
  });

  it('knows the health bits that the records carry', () => {
    assert.deepEqual({ ...HealthBit }, { ...Health });
  });
});
