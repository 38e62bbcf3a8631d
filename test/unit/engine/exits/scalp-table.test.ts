/** scalp-table: states change only along the table, rows come and go without a trace. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  SCALPS_MAX,
  SCALP_SIZE,
  SCALP_STATE_NAMES,
  Scalp,
  ScalpState,
} from '../../../../engine/domain/scalp.ts';
import { NO_PRICE } from '../../../../engine/domain/units.ts';
import {
  LEGAL_SCALP_TRANSITIONS,
  ScalpTable,
  isLegalScalpTransition,
} from '../../../../engine/exits/scalp-table.ts';

const { Free, Entering, Open, HalfOut, Trailing, Exiting } = ScalpState;

/** Written out by hand: the table must be this and nothing more. */
const LEGAL = new Set([
  `${Free}>${Entering}`,
  `${Free}>${Open}`,
  `${Free}>${HalfOut}`,
  `${Entering}>${Free}`,
  `${Entering}>${Open}`,
  `${Open}>${HalfOut}`,
  `${Open}>${Exiting}`,
  `${Open}>${Free}`,
  `${HalfOut}>${Trailing}`,
  `${HalfOut}>${Exiting}`,
  `${HalfOut}>${Free}`,
  `${Trailing}>${Exiting}`,
  `${Trailing}>${Free}`,
  `${Exiting}>${Free}`,
]);

/** A table with one scalp brought into `state` over legal steps. */
function tableIn(state: number): ScalpTable {
  const table = new ScalpTable();
  if (state === Free) return table;
  table.open(0, 1, state === Entering ? Entering : Open);
  if (state === HalfOut || state === Trailing) table.transition(0, HalfOut);
  if (state === Trailing) table.transition(0, Trailing);
  if (state === Exiting) table.transition(0, Exiting);
  return table;
}

describe('scalp transitions', () => {
  it('has a row for every state', () => {
    assert.equal(LEGAL_SCALP_TRANSITIONS.length, SCALP_STATE_NAMES.length);
  });

  for (let from = 0; from < SCALP_STATE_NAMES.length; from++) {
    for (let to = 0; to < SCALP_STATE_NAMES.length; to++) {
      const isLegal = LEGAL.has(`${from}>${to}`);
      const name = `${SCALP_STATE_NAMES[from]} to ${SCALP_STATE_NAMES[to]}`;
      it(`${name} is ${isLegal ? 'legal' : 'refused'}`, () => {
        assert.equal(isLegalScalpTransition(from, to), isLegal);
        if (from === Free || to === Free) return;
        const table = tableIn(from);
        assert.equal(table.state(0), from);
        assert.equal(table.transition(0, to), isLegal);
        assert.equal(table.state(0), isLegal ? to : from);
        assert.equal(table.illegalTransitions, isLegal ? 0 : 1);
      });
    }
  }

  it('refuses numbers that are no state', () => {
    assert.equal(isLegalScalpTransition(-1, Open), false);
    assert.equal(isLegalScalpTransition(6, Free), false);
    assert.equal(isLegalScalpTransition(Open, 40), false);
  });
});

describe('scalp table', () => {
  it('gives out every row once, then refuses', () => {
    const table = new ScalpTable();
    const slots = new Set<number>();
    for (let i = 0; i < SCALPS_MAX; i++) slots.add(table.open(0, 1, Entering));
    assert.equal(slots.size, SCALPS_MAX);
    assert.equal(table.freeCount, 0);
    assert.equal(table.open(0, 1, Entering), -1);
    assert.equal(table.openCount, SCALPS_MAX);
  });

  it('numbers scalps upwards and clears a row for the next one', () => {
    const table = new ScalpTable();
    const slot = table.open(3, -1, Entering);
    table.rows[table.at(slot) + Scalp.EntryLots] = 5;
    table.rows[table.at(slot) + Scalp.TrailTicks] = 77;
    table.end(slot);
    const again = table.open(1, 1, Entering);
    assert.equal(again, slot);
    assert.equal(table.rows[table.at(again) + Scalp.Id], 2);
    assert.equal(table.rows[table.at(again) + Scalp.EntryLots], 0);
    assert.equal(table.rows[table.at(again) + Scalp.TrailTicks], NO_PRICE);
    assert.equal(table.rows[table.at(again) + Scalp.ExitOrder], -1);
  });

  it('keeps the last row of a scalp that held a position, not of one that never did', () => {
    const table = new ScalpTable();
    const empty = table.open(0, 1, Entering);
    table.end(empty);
    assert.equal(table.endedCount, 0);
    const slot = table.open(0, 1, Entering);
    table.transition(slot, Open);
    table.rows[table.at(slot) + Scalp.EntryLots] = 5;
    table.rows[table.at(slot) + Scalp.RealisedE8] = 42;
    table.end(slot);
    assert.equal(table.endedCount, 1);
    assert.equal(table.ended[Scalp.RealisedE8], 42);
    assert.equal(table.ended[Scalp.Id], 2);
  });

  it('keeps the newest rows when more scalps end than it holds', () => {
    const table = new ScalpTable();
    for (let i = 0; i < SCALPS_MAX + 3; i++) {
      const slot = table.open(0, 1, Open);
      table.rows[table.at(slot) + Scalp.EntryLots] = 1;
      table.end(slot);
    }
    assert.equal(table.endedCount, SCALPS_MAX + 3);
    assert.equal(table.ended[2 * SCALP_SIZE + Scalp.Id], SCALPS_MAX + 3);
    assert.equal(table.ended[3 * SCALP_SIZE + Scalp.Id], 4);
  });

  it('refuses to open in a state that no scalp starts in', () => {
    const table = new ScalpTable();
    assert.equal(table.open(0, 1, Exiting), -1);
    assert.equal(table.openCount, 0);
  });

  it('counts the end of a free row as a mistake and changes nothing', () => {
    const table = new ScalpTable();
    table.end(0);
    assert.equal(table.illegalTransitions, 1);
    assert.equal(table.openCount, 0);
  });
});
