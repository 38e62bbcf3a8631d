/** Scope states: every move from every state, and that a control never weakens one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STRATEGY_MARKET_MAKING, STRATEGY_SCALPER } from '../../../../engine/core/command-codes.ts';
import { ScopeStates } from '../../../../engine/core/scope-states.ts';
import { TradingState } from '../../../../engine/domain/modes.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';

const { Disarmed, Armed, Reducing, Halted } = TradingState;
const ALL = [Disarmed, Armed, Reducing, Halted] as const;

function inState(state: number): ScopeStates {
  const states = new ScopeStates(2, Disarmed);
  if (state === Armed) states.arm(-1, -1);
  else if (state !== Disarmed) states.restrict(state, Verdict.DAILY_LOSS);
  assert.equal(states.global[0], state);
  return states;
}

const cells = (states: ScopeStates): string => states.strategy.join('');

/** [state before] → what each move leaves, and whether it says yes. */
const MOVES: readonly {
  readonly name: string;
  readonly move: (states: ScopeStates) => boolean;
  readonly after: readonly number[];
  readonly says: readonly boolean[];
}[] = [
  {
    name: 'arm',
    move: (states) => states.arm(-1, -1) === Verdict.PASS,
    after: [Armed, Armed, Reducing, Halted],
    says: [true, true, false, false],
  },
  {
    name: 'disarm',
    move: (states) => {
      states.disarm(-1, -1);
      return true;
    },
    after: [Disarmed, Disarmed, Reducing, Halted],
    says: [true, true, true, true],
  },
  {
    name: 'restrict to REDUCING',
    move: (states) => states.restrict(Reducing, Verdict.JOURNAL_LOSS),
    after: [Reducing, Reducing, Reducing, Halted],
    says: [true, true, false, false],
  },
  {
    name: 'restrict to HALTED',
    move: (states) => states.restrict(Halted, 0),
    after: [Halted, Halted, Halted, Halted],
    says: [true, true, true, false],
  },
  {
    name: 'restrict to ARMED or DISARMED, which are no restrictions',
    move: (states) => states.restrict(Armed, 0) || states.restrict(Disarmed, 0),
    after: [Disarmed, Armed, Reducing, Halted],
    says: [false, false, false, false],
  },
  {
    name: 'resume',
    move: (states) => states.resume(),
    after: [Disarmed, Armed, Disarmed, Disarmed],
    says: [false, false, true, true],
  },
];

describe('scope states', () => {
  for (const { name, move, after, says } of MOVES) {
    it(`${name}, from every state`, () => {
      for (const before of ALL) {
        const states = inState(before);
        assert.equal(move(states), says[before], `says from ${before}`);
        assert.equal(states.global[0], after[before], `state from ${before}`);
        const isArmed = states.global[0] === Armed;
        assert.equal(cells(states), isArmed ? '1111' : '0000', `cells from ${before}`);
      }
    });
  }

  it('starts where it is told, every strategy disarmed, no instrument restricting', () => {
    for (const initial of ALL) {
      const states = new ScopeStates(3, initial);
      assert.equal(states.global[0], initial);
      assert.equal(cells(states), '000000');
      assert.deepEqual([...states.instrument], [Armed, Armed, Armed]);
    }
  });

  it('arms and disarms what its scope names, and the whole with the last of it', () => {
    const states = new ScopeStates(2, Disarmed);
    states.arm(STRATEGY_SCALPER, 1);
    assert.equal(cells(states), '0100');
    assert.equal(states.cell(STRATEGY_SCALPER, 1), Armed);
    assert.equal(states.global[0], Armed);
    states.arm(STRATEGY_MARKET_MAKING, -1);
    assert.equal(cells(states), '0111');
    states.disarm(-1, 1);
    assert.equal(cells(states), '0010');
    assert.equal(states.global[0], Armed, 'one is still armed');
    states.disarm(STRATEGY_MARKET_MAKING, 0);
    assert.equal(states.global[0], Disarmed, 'none is armed any more');
  });

  it('keeps why it is restricted, and forgets it on arm and resume', () => {
    const states = inState(Reducing);
    assert.equal(states.reason[0], Verdict.DAILY_LOSS);
    assert.equal(states.restrict(Reducing, Verdict.JOURNAL_LOSS), false);
    assert.equal(states.reason[0], Verdict.DAILY_LOSS, 'the first reason stands');
    assert.ok(states.restrict(Halted, Verdict.REJECT_RATE));
    assert.equal(states.reason[0], Verdict.REJECT_RATE);
    states.resume();
    assert.equal(states.reason[0], 0);
  });
});
