/**
 * liquidity-rows: what the heatmap says in colours, steps and words. Pure.
 *
 * Imports   live.
 */
import { lotsOf } from '../../live/size-quantiles.ts';
import type { SizeQuantiles } from '../../live/size-quantiles.ts';
import type { BubbleSize } from '../../stores/chart-store.ts';

/** Sizes below this share of all are as good as nothing, above that share they are walls. */
const LOW_SHARE = 0.15;
const WALL_SHARE = 0.992;
/** The scale moves only when it is off by so many steps: colours stand still while sizes wander. */
const SLACK_STEPS = 3;
/** At least so many steps lie between nothing and a wall: equal sizes are not all walls. */
const RANGE_MIN = 16;

/** Usual sizes stay in the cool half: only what stands out is bright. */
const CALM = 1.7;
const FAINTEST = 0.04;

/** Which steps of size get which colour. */
export class HeatScale {
  low = 0;
  wall = RANGE_MIN;
  version = 1;
  #isSet = false;

  reset(): void {
    this.#isSet = false;
  }

  update(sizes: SizeQuantiles): void {
    const low = sizes.step(LOW_SHARE);
    const wall = Math.max(low + RANGE_MIN, sizes.step(WALL_SHARE));
    const isNear =
      Math.abs(low - this.low) < SLACK_STEPS && Math.abs(wall - this.wall) < SLACK_STEPS;
    if (this.#isSet && isNear) return;
    this.#isSet = true;
    if (low === this.low && wall === this.wall) return;
    this.low = low;
    this.wall = wall;
    this.version += 1;
  }

  /** Lots at the ends of the scale, for the legend. */
  get lowLots(): number {
    return lotsOf(this.low);
  }

  get wallLots(): number {
    return lotsOf(this.wall);
  }

  /** Pixels by step byte (0: nothing rests), taken from an even ramp. */
  pixels(ramp: Uint32Array): Uint32Array {
    const pixels = new Uint32Array(256);
    pixels[0] = ramp[0] ?? 0;
    for (let byte = 1; byte < 256; byte++) {
      const share = Math.min(1, Math.max(0, (byte - 1 - this.low) / (this.wall - this.low)));
      const at = Math.round(Math.max(FAINTEST, share ** CALM) * (ramp.length - 1));
      pixels[byte] = ramp[at] ?? 0;
    }
    return pixels;
  }
}

const BUBBLE_FACTORS: Readonly<Record<BubbleSize, number>> = {
  all: 0,
  usual: 1,
  large: 6,
  none: Number.POSITIVE_INFINITY,
};

/** Smallest trade that gets a bubble. */
export function bubbleFloor(size: BubbleSize, usualLots: number): number {
  if (size === 'none') return Number.POSITIVE_INFINITY;
  return BUBBLE_FACTORS[size] * usualLots;
}

const RADIUS = 3.2;
const RADIUS_MIN = 1.5;
const RADIUS_MAX = 15;

/** Area goes with size: a trade four times the reference is twice as wide. */
export function bubbleRadius(lots: number, referenceLots: number): number {
  const radius = RADIUS * Math.sqrt(lots / Math.max(1, referenceLots));
  return Math.min(RADIUS_MAX, Math.max(RADIUS_MIN, radius));
}

/** Ticks between two labels of the price axis: 1, 2 or 5 times a power of ten, at least `least`. */
export function priceStep(least: number): number {
  let unit = 1;
  for (;;) {
    for (const factor of [1, 2, 5]) if (unit * factor >= least) return unit * factor;
    unit *= 10;
  }
}

const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300];

/** Seconds between two labels of the time axis. */
export function timeStep(leastSeconds: number): number {
  return TIME_STEPS_S.find((step) => step >= leastSeconds) ?? 600;
}

/** "3 min", "45 s". */
export function spanText(spanMs: number): string {
  const seconds = Math.round(spanMs / 1000);
  return seconds < 90 ? `${seconds} s` : `${Number((seconds / 60).toFixed(1))} min`;
}
