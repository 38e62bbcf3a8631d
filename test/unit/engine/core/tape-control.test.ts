/** How far a tape may play, and when it stops by itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TapeControl } from '../../../../engine/core/tape-control.ts';

function control(speed = 1): TapeControl {
  const made = new TapeControl(speed);
  made.start(0);
  return made;
}

describe('a tape', () => {
  it('runs as many times as fast as the wall clock', () => {
    const tape = control(2.5);
    tape.advance(10);
    assert.equal(tape.targetNs, 25e6);
    tape.setSpeed(0, 20e6);
    tape.advance(11);
    assert.equal(tape.targetNs, Infinity);
    tape.setSpeed(0.5, 30e6);
    tape.advance(21);
    assert.equal(tape.targetNs, 35e6);
  });

  it('stands while it is paused, and goes on from there', () => {
    const tape = control();
    tape.advance(10);
    tape.pause(8e6);
    tape.advance(1000);
    assert.deepEqual([tape.state, tape.targetNs], ['paused', 8e6]);
    tape.play(8e6);
    tape.advance(1005);
    assert.deepEqual([tape.state, tape.targetNs], ['playing', 13e6]);
  });

  for (const before of ['playing', 'paused'] as const) {
    it(`is ${before} after a seek if it was before`, () => {
      const tape = control();
      if (before === 'paused') tape.pause(0);
      tape.seek(500e6);
      assert.deepEqual([tape.state, tape.targetNs, tape.goal], ['seeking', 500e6, 'time']);
      tape.advance(10);
      assert.equal(tape.targetNs, 500e6, 'wall time does not count');
      tape.arrived(499e6);
      assert.deepEqual([tape.state, tape.targetNs, tape.goal], [before, 500e6, null]);
    });
  }

  it('pauses where a search finds something', () => {
    const tape = control();
    tape.searchNext('decision');
    assert.deepEqual([tape.state, tape.targetNs], ['seeking', Infinity]);
    tape.arrived(77);
    assert.deepEqual([tape.state, tape.targetNs], ['paused', 77]);
  });

  it('that has ended is not played on, and can begin anew', () => {
    const tape = control();
    tape.ended();
    tape.play(5);
    tape.pause(5);
    tape.searchNext('fill');
    assert.equal(tape.state, 'ended');
    tape.restart(3, 'paused');
    assert.deepEqual([tape.state, tape.targetNs, tape.goal], ['seeking', 3, 'time']);
    tape.arrived(3);
    assert.equal(tape.state, 'paused');
  });

  it('can be let go on while it seeks', () => {
    const tape = control();
    tape.searchNext('fill');
    tape.play(9);
    assert.deepEqual([tape.state, tape.targetNs], ['playing', 9]);
  });
});
