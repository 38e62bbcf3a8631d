/** The three measures of freshness, and which limit each breaks. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createFreshness,
  Freshness,
  noteMessage,
  resetFreshness,
  Stale,
  staleMeasures,
  WINDOW_NS,
} from '../../../../engine/book/freshness.ts';

const ANCHOR_MS = 1_700_000_000_000;
const MS = 1e6;
/** Age 1 s, venue lag 200 ms, loop lag 50 ms. */
const LIMITS = new Float64Array([1000 * MS, 200 * MS, 50 * MS]);

class Feed {
  readonly state = createFreshness();
  readonly #times = new Float64Array(3);

  /** Received at `nowMs`, `delayMs` after it left the venue, by clocks `offsetMs` apart. */
  message(nowMs: number, delayMs: number, offsetMs = 0): void {
    this.#times[0] = nowMs * MS;
    this.#times[1] = ANCHOR_MS + nowMs - delayMs + offsetMs;
    this.#times[2] = ANCHOR_MS;
    noteMessage(this.state, this.#times, 0);
  }

  stale(nowMs: number, loopLagMs = 0): number {
    return staleMeasures(this.state, LIMITS, new Float64Array([nowMs * MS, loopLagMs * MS]), 0);
  }

  get lagMs(): number {
    return this.state[Freshness.LagNs]! / MS;
  }
}

describe('freshness', () => {
  it('is stale before the first message', () => {
    assert.equal(new Feed().stale(0), Stale.NoData);
  });

  it('names the measure that is beyond its limit, each alone and all together', () => {
    const feed = new Feed();
    feed.message(0, 5);
    feed.message(100, 5);
    assert.equal(feed.stale(200), 0);
    assert.equal(feed.stale(1100), 0, 'at the limit');
    assert.equal(feed.stale(1101), Stale.Age);
    assert.equal(feed.stale(200, 51), Stale.LoopLag);
    feed.message(1000, 300);
    assert.equal(feed.stale(1000), Stale.VenueLag);
    assert.equal(feed.stale(3000, 60), Stale.Age | Stale.VenueLag | Stale.LoopLag);
  });

  it('measures lag above its own minimum, whatever the clocks differ by', () => {
    for (const offsetMs of [0, 1270, -90_000]) {
      const feed = new Feed();
      feed.message(0, 40, offsetMs);
      feed.message(100, 5, offsetMs);
      feed.message(200, 105, offsetMs);
      assert.equal(Math.round(feed.lagMs), 100, `offset ${offsetMs}`);
    }
  });

  it('follows a drifting clock: the minimum is that of the last one or two windows', () => {
    const feed = new Feed();
    const windowMs = WINDOW_NS / MS;
    feed.message(0, 5);
    // From here on the venue's clock is a second behind.
    for (let n = 1; n <= 40; n++) feed.message((n * windowMs) / 10, 1005);
    assert.equal(Math.round(feed.lagMs), 0);
  });

  it('keeps the minimum for at least a window', () => {
    const feed = new Feed();
    const windowMs = WINDOW_NS / MS;
    feed.message(0, 5);
    for (let n = 1; n <= 15; n++) {
      feed.message((n * windowMs) / 10, 400);
      assert.equal(Math.round(feed.lagMs), 395, `after ${n / 10} windows`);
    }
  });

  it('takes messages without a venue time for age only', () => {
    const feed = new Feed();
    feed.message(0, 5);
    noteMessage(feed.state, new Float64Array([500 * MS, 0, ANCHOR_MS]), 0);
    assert.equal(feed.stale(1400), 0);
    assert.equal(feed.lagMs, 0);
  });

  it('counts a limit that is not set as exceeded', () => {
    const feed = new Feed();
    feed.message(0, 5);
    const times = new Float64Array([0, 0]);
    const unset = new Float64Array([NaN, NaN, NaN]);
    const all = Stale.Age | Stale.VenueLag | Stale.LoopLag;
    assert.equal(staleMeasures(feed.state, unset, times, 0), all);
  });

  it('forgets everything at a reset', () => {
    const feed = new Feed();
    feed.message(0, 5);
    resetFreshness(feed.state);
    assert.equal(feed.stale(0), Stale.NoData);
    feed.message(10, 5000);
    assert.equal(feed.lagMs, 0);
  });
});
