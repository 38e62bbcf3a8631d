/**
 * latent: the fair price nobody sees, per market, and the crowd's lagging view of it.
 *
 * On a fixed grid each market's fair price takes a correlated diffusion step whose volatility
 * clusters (common and own log-volatility, bursts), a trend that comes and goes, and now and then a
 * jump. The crowd (market makers) follows it with a lag of `leadMs`; informed traders know it. The
 * gap between the two is what touch imbalance and order flow give away.
 *
 * The stream of draws does not depend on the order books, so accounts cannot change the fair price.
 *
 * Units     prices in ticks (double); times in simulation ms; volatility in bp.
 * Imports   base/random, core/{defaults,instruments}.
 */
import type { SeededRandom } from '../../base/random.ts';
import type { LatentSettings } from './defaults.ts';
import type { SimInstrumentSpec } from './instruments.ts';

const BP = 1e-4;

/** A mean-reverting deviate with stationary standard deviation 1. */
class Memory {
  value: number;
  readonly #keep: number;
  readonly #draw: number;

  constructor(memoryMs: number, gridMs: number, start: number) {
    this.value = start;
    this.#keep = Math.exp(-gridMs / memoryMs);
    this.#draw = Math.sqrt(1 - this.#keep * this.#keep);
  }

  step(random: SeededRandom): number {
    this.value = this.value * this.#keep + this.#draw * random.normal();
    return this.value;
  }
}

export class LatentPrice {
  fairTicks: number;
  /** The crowd's view. Informed trades move it towards the fair price. */
  crowdTicks: number;
  /** Current volatility relative to its average. */
  volatilityNow = 1;
  /** Usual distance between fair and crowd, in ticks. */
  gapSdTicks: number;
  readonly spec: SimInstrumentSpec;
  readonly vol: Memory;
  readonly trend: Memory;

  constructor(spec: SimInstrumentSpec, settings: LatentSettings, random: SeededRandom) {
    this.spec = spec;
    this.fairTicks = spec.startPriceTicks + random.next();
    this.crowdTicks = this.fairTicks;
    this.vol = new Memory(settings.ownVolMemoryMs, settings.gridMs, random.normal());
    this.trend = new Memory(settings.trendMemoryMs, settings.gridMs, random.normal());
    this.gapSdTicks = 1;
    this.refreshGap(settings);
  }

  /** The stationary gap of an exponential follower behind a random walk. */
  refreshGap(settings: LatentSettings): void {
    const perSecond = settings.diffusionBp * this.spec.flow.volatility * BP;
    this.gapSdTicks = this.fairTicks * perSecond * Math.sqrt(settings.leadMs / 2000);
  }
}

export class LatentMarket {
  readonly prices: readonly LatentPrice[];
  readonly gridMs: number;
  nextMs: number;
  readonly #settings: LatentSettings;
  readonly #random: SeededRandom;
  readonly #commonVol: Memory;
  readonly #commonTrend: Memory;
  readonly #follow: number;
  readonly #burstNorm: number;
  #burstUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    specs: readonly SimInstrumentSpec[],
    settings: LatentSettings,
    random: SeededRandom,
    startMs: number,
  ) {
    this.#settings = settings;
    this.#random = random;
    this.gridMs = settings.gridMs;
    this.nextMs = startMs;
    this.#commonVol = new Memory(settings.commonVolMemoryMs, settings.gridMs, random.normal());
    this.#commonTrend = new Memory(settings.trendMemoryMs, settings.gridMs, random.normal());
    this.#follow = 1 - Math.exp(-settings.gridMs / settings.leadMs);
    // Bursts must not raise the average variance.
    const share = settings.burstMeanMs / (settings.burstEveryMs + settings.burstMeanMs);
    this.#burstNorm = 1 / Math.sqrt(1 + share * (settings.burstFactor ** 2 - 1));
    this.prices = specs.map((spec) => new LatentPrice(spec, settings, random));
  }

  /** One grid step of every market. */
  step(): void {
    const settings = this.#settings;
    const random = this.#random;
    const nowMs = this.nextMs;
    this.nextMs += settings.gridMs;
    const burst = this.#burst(nowMs) * this.#burstNorm;
    const commonVol = this.#commonVol.step(random);
    const commonTrend = this.#commonTrend.step(random);
    const commonDraw = random.normal();
    const commonJump = this.#jumpBp(settings.commonJumpEveryMs);
    const rootDt = Math.sqrt(settings.gridMs / 1000);
    const dt = settings.gridMs / 1000;
    const sd = settings.logVolSd;
    for (let i = 0; i < this.prices.length; i++) {
      const price = this.prices[i] as LatentPrice;
      const shape = price.spec.flow;
      const logVol = sd * (0.7 * commonVol + 0.714 * price.vol.step(random)) - sd * sd;
      const volatility = Math.exp(logVol) * burst;
      const weight = shape.commonWeight;
      const rest = Math.sqrt(1 - weight * weight);
      const draw = weight * commonDraw + rest * random.normal();
      const trend = weight * commonTrend + rest * price.trend.step(random);
      const jump = weight * commonJump + this.#jumpBp(settings.ownJumpEveryMs);
      const moveBp =
        shape.volatility *
        (settings.diffusionBp * volatility * rootDt * draw + settings.trendBp * trend * dt + jump);
      price.volatilityNow = volatility;
      price.fairTicks *= Math.exp(moveBp * BP);
      price.crowdTicks += (price.fairTicks - price.crowdTicks) * this.#follow;
      price.refreshGap(settings);
    }
  }

  #burst(nowMs: number): number {
    const settings = this.#settings;
    if (nowMs < this.#burstUntilMs) return settings.burstFactor;
    if (this.#random.next() < settings.gridMs / settings.burstEveryMs) {
      this.#burstUntilMs = nowMs + settings.burstMeanMs * this.#random.exponential();
    }
    return 1;
  }

  #jumpBp(everyMs: number): number {
    const random = this.#random;
    if (random.next() >= this.#settings.gridMs / everyMs) return 0;
    const size = this.#settings.jumpMinBp + this.#settings.jumpMeanBp * random.exponential();
    return random.next() < 0.5 ? size : -size;
  }
}
