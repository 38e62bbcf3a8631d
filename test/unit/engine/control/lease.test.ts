/** lease: the table of who is in charge, and a random walk against a slow model. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { Lease, LEASE_MS_DEFAULT } from '../../../../engine/runtime/control/lease.ts';

function leased(): { lease: Lease; ends: string[] } {
  const ends: string[] = [];
  return { lease: new Lease(LEASE_MS_DEFAULT, (end, who) => ends.push(`${who} ${end}`)), ends };
}

describe('lease', () => {
  it('is granted to the first who asks and refused to the second, with name and time', () => {
    const { lease } = leased();
    assert.equal(lease.acquire('a', 0).granted, true);
    const refused = lease.acquire('b', 1_000);
    assert.equal(refused.granted, false);
    assert.match(refused.reason, /^a is in charge \(its lease has 2\.0 s left\)/);
    assert.equal(lease.holder(1_000), 'a');
  });

  it('lives while it is renewed and expires 3 s after the last renewal', () => {
    const { lease, ends } = leased();
    lease.acquire('a', 0);
    for (let now = 1_000; now <= 20_000; now += 1_000) assert.ok(lease.renew('a', now));
    assert.equal(lease.holder(22_999), 'a');
    assert.equal(lease.leftMs(22_999), 1);
    assert.deepEqual(ends, []);
    assert.equal(lease.holder(23_000), null);
    assert.deepEqual(ends, ['a expired']);
    lease.expire(30_000);
    assert.deepEqual(ends, ['a expired'], 'told once');
  });

  it('does not come back by a late renewal, only by asking again', () => {
    const { lease } = leased();
    lease.acquire('a', 0);
    assert.equal(lease.renew('a', 3_000), false);
    assert.equal(lease.holder(3_000), null);
    assert.equal(lease.acquire('a', 3_001).granted, true);
  });

  it('is not taken over from a living holder, and free once it is released', () => {
    const { lease, ends } = leased();
    lease.acquire('a', 0);
    lease.release('b');
    assert.equal(lease.renew('b', 10), false);
    assert.equal(lease.holder(10), 'a');
    lease.release('a');
    assert.deepEqual(ends, ['a released']);
    assert.equal(lease.acquire('b', 11).granted, true);
    assert.equal(lease.leftMs(11), LEASE_MS_DEFAULT);
  });

  it('agrees with a slow model on a random walk: never two holders, one end a lease', () => {
    const random = new SeededRandom(3);
    const ends: string[] = [];
    const lease = new Lease(100, (end, who) => ends.push(`${who} ${end}`));
    const model = new SlowLease(100);
    let now = 0;
    for (let step = 0; step < 20_000; step++) {
      now += random.int(60);
      const who = 'abc'[random.int(3)]!;
      const action = random.int(8);
      if (action < 3) assert.equal(lease.acquire(who, now).granted, model.take(who, now, true));
      else if (action < 6) assert.equal(lease.renew(who, now), model.take(who, now, false));
      else if (action === 6) {
        lease.expire(now);
        lease.release(who);
        model.release(who, now);
      }
      assert.equal(lease.holder(now), model.holder(now), `step ${step}`);
      assert.equal(ends.length, model.ends, `step ${step}`);
    }
    assert.ok(model.ends > 100);
  });
});

/** The same rules from a list of grants: the last one counts, while it lasts. */
class SlowLease {
  readonly #durationMs: number;
  #grants: { readonly who: string; readonly endsAtMs: number }[] = [];
  ends = 0;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  holder(nowMs: number): string | null {
    const last = this.#grants.at(-1);
    if (last === undefined) return null;
    if (nowMs < last.endsAtMs) return last.who;
    this.#grants = [];
    this.ends++;
    return null;
  }

  take(who: string, nowMs: number, mayBegin: boolean): boolean {
    const holder = this.holder(nowMs);
    const isGranted = holder === who || (mayBegin && holder === null);
    if (isGranted) this.#grants.push({ who, endsAtMs: nowMs + this.#durationMs });
    return isGranted;
  }

  release(who: string, nowMs: number): void {
    if (this.holder(nowMs) !== who) return;
    this.#grants = [];
    this.ends++;
  }
}
