/** acceleration: steady moves, moves that speed up and that brake. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Signal } from '../../../../engine/domain/readings.ts';
import { confidence, INSTANT, makeSignals, MarketMaker, MS, raw, strength } from './support.ts';

/** Plays a mid of `path(seconds)` half ticks every 10 ms and hands the set over. */
function play(seconds: number, path: (s: number) => number): ReturnType<typeof makeSignals> {
  const set = makeSignals({ ...INSTANT, sigmaFloorTicks: 1 });
  const maker = new MarketMaker();
  for (let ms = 0; ms <= seconds * 1000; ms += 10) {
    const micro = 10_000 + path(ms / 1000);
    // Sizes that put the microprice exactly there, between bid and ask.
    const bid = Math.floor(micro);
    const share = micro - bid;
    set.update(maker.touch(ms * MS, bid, share * 1000 + 1e-9, bid + 1, (1 - share) * 1000 + 1e-9));
  }
  return set;
}

/** Half of its second derivative is 1.5. */
function parabola(s: number): number {
  return 1.5 * s * s;
}

describe('acceleration', () => {
  it('is zero at rest and comes to zero in a steady move', () => {
    assert.equal(
      raw(
        play(5, () => 0),
        Signal.Acceleration,
      ),
      0,
    );
    assert.ok(
      Math.abs(
        raw(
          play(15, (s) => 4 * s),
          Signal.Acceleration,
        ),
      ) < 0.01,
    );
  });

  it('is the second derivative of a parabola', () => {
    const set = play(20, parabola);
    assert.ok(Math.abs(raw(set, Signal.Acceleration) - 3) < 0.05);
    assert.ok(strength(set, Signal.Acceleration) > 0);
    assert.equal(confidence(set, Signal.Acceleration), 1);
  });

  it('turns against a move that brakes, and is half believed', () => {
    const set = play(10.3, (s) => (s < 10 ? 5 * s : 50 + (s - 10)));
    assert.ok(strength(set, Signal.Acceleration) < -0.1);
    assert.equal(confidence(set, Signal.Acceleration), 0.5);
  });

  it('does not depend on how often the market speaks', () => {
    const often = play(12, parabola);
    const set = makeSignals({ ...INSTANT, sigmaFloorTicks: 1 });
    const maker = new MarketMaker();
    let turn = 0;
    for (let ms = 0; ms <= 12_000; ms += turn % 3 === 0 ? 10 : 30) {
      turn += 1;
      const micro = 10_000 + parabola(ms / 1000);
      const bid = Math.floor(micro);
      const lots = (micro - bid) * 1000 + 1e-9;
      set.update(maker.touch(ms * MS, bid, lots, bid + 1, 1000 - lots + 2e-9));
    }
    const difference = raw(often, Signal.Acceleration) - raw(set, Signal.Acceleration);
    assert.ok(Math.abs(difference) < 0.2, `${difference}`);
  });
});
