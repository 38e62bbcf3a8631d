/** The watchdog as a table of what it sees and what it says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  KILL_ACK_MS,
  OWN_PAUSE_MS,
  STALL_MS,
  Watchdog,
} from '../../../../engine/runtime/watchdog.ts';

/** Looks every 25 ms from `fromMs` to `toMs`; the first verdict that is not fine, and when. */
function looks(
  watchdog: Watchdog,
  {
    fromMs,
    toMs,
    beat,
    isAcknowledged = true,
    everyMs = 25,
  }: {
    fromMs: number;
    toMs: number;
    beat: (ms: number) => number;
    isAcknowledged?: boolean;
    everyMs?: number;
  },
): [string, number] {
  for (let ms = fromMs; ms <= toMs; ms += everyMs) {
    const verdict = watchdog.look(ms, beat(ms), isAcknowledged);
    if (verdict !== 'fine') return [verdict, ms];
  }
  return ['fine', toMs];
}

const beating = (ms: number): number => Math.floor(ms / 10);
const stoppedAt =
  (stopMs: number) =>
  (ms: number): number =>
    beating(Math.min(ms, stopMs));

const paused = (ms: number): number => beating(ms < 1_000 || ms > 2_800 ? ms : 1_000);

describe('the watchdog', () => {
  it('finds a beating thread fine, however long', () => {
    const watchdog = new Watchdog();
    watchdog.reset(0);
    assert.deepEqual(looks(watchdog, { fromMs: 0, toMs: 60_000, beat: beating }), ['fine', 60_000]);
    assert.ok(watchdog.isBeating(60_000));
  });

  it('finds a thread that stopped stalled after its time, not before', () => {
    const watchdog = new Watchdog();
    watchdog.reset(0);
    const [verdict, ms] = looks(watchdog, { fromMs: 0, toMs: 9_000, beat: stoppedAt(1_000) });
    assert.equal(verdict, 'stalled');
    assert.ok(ms > 1_000 + STALL_MS && ms <= 1_000 + STALL_MS + 50, `${ms}`);
    assert.equal(watchdog.isBeating(ms), false);
  });

  it('forgives a pause that is shorter', () => {
    const watchdog = new Watchdog();
    watchdog.reset(0);
    assert.equal(looks(watchdog, { fromMs: 0, toMs: 9_000, beat: paused })[0], 'fine');
  });

  it('a thread that never beats is stalled as well', () => {
    const watchdog = new Watchdog();
    watchdog.reset(500);
    assert.equal(watchdog.isBeating(600), false, 'no beat seen yet');
    const [verdict, ms] = looks(watchdog, { fromMs: 500, toMs: 9_000, beat: () => 0 });
    assert.deepEqual([verdict, ms > 500 + STALL_MS], ['stalled', true]);
  });

  it('a KILL must be acknowledged in time', () => {
    const watchdog = new Watchdog();
    watchdog.reset(0);
    looks(watchdog, { fromMs: 0, toMs: 1_000, beat: beating });
    watchdog.killRaised(1_000);
    watchdog.killRaised(1_200);
    const found = looks(watchdog, {
      fromMs: 1_000,
      toMs: 2_000,
      beat: beating,
      isAcknowledged: false,
    });
    assert.equal(found[0], 'kill-unanswered');
    assert.ok(found[1] > 1_000 + KILL_ACK_MS && found[1] < 1_000 + KILL_ACK_MS + 50, `${found[1]}`);
  });

  it('a KILL acknowledged, by the word or by its answer, is over', () => {
    const watchdog = new Watchdog();
    watchdog.reset(0);
    watchdog.killRaised(0);
    assert.equal(looks(watchdog, { fromMs: 0, toMs: 900, beat: beating })[0], 'fine');
    watchdog.killRaised(900);
    watchdog.killAnswered();
    const after = { fromMs: 900, toMs: 2_000, beat: beating, isAcknowledged: false };
    assert.equal(looks(watchdog, after)[0], 'fine');
  });

  it('when we ourselves were away, judges afresh', () => {
    const watchdog = new Watchdog();
    watchdog.reset(0);
    looks(watchdog, { fromMs: 0, toMs: 1_000, beat: beating });
    // The whole machine slept for an hour, and so did the thread.
    const asleep = 3_600_000;
    assert.ok(asleep > OWN_PAUSE_MS);
    assert.equal(watchdog.look(1_000 + asleep, beating(1_000), true), 'fine');
    const [verdict, ms] = looks(watchdog, {
      fromMs: 1_000 + asleep,
      toMs: 9_000 + asleep,
      beat: () => beating(1_000),
    });
    assert.equal(verdict, 'stalled', 'but a thread that stays away is found');
    assert.ok(ms > asleep + 1_000 + STALL_MS);
  });

  it('reset forgets', () => {
    const watchdog = new Watchdog();
    watchdog.reset(0);
    watchdog.killRaised(0);
    watchdog.reset(5_000);
    const after = { fromMs: 5_000, toMs: 6_000, beat: beating, isAcknowledged: false };
    assert.equal(looks(watchdog, after)[0], 'fine');
  });
});
