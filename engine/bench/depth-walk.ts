/**
 * depth-walk: depth updates of 20 × 2 levels, each of which moves the touch by a few ticks.
 *
 * The mid walks between two bounds; every update removes what it has passed and sets the rest of
 * the twenty levels of each side. Prices have five digits at one price, sizes three decimals, as
 * on a venue. `next` writes ids and times into a prepared frame.
 *
 * Writer    the path benchmark. Units: ticks of 1, epoch ms.
 * Hot path: next. No allocation.
 * Imports   base, domain.
 */
import type { SeededRandom } from '../base/random.ts';
import type { InstrumentSpec } from '../domain/instrument.ts';
import type { RigSnapshot } from './engine-rig.ts';

export const WALK_SPEC: InstrumentSpec = {
  symbol: 'BTCUSDT',
  venue: 'binance-usdm',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  tickSize: '1',
  lotSize: '0.001',
  minQty: '0.001',
  maxQty: '1000',
  minNotional: '5',
  makerFee: '0',
  takerFee: '0',
};
export const WALK_START_MS = 1_790_000_000_000;

const LEVELS = 20;
const CENTRE = 65_000;
const REACH = 60;
const STEP_TICKS = 6;
const DEPTH = 200;
const FIRST_ID = 7_838_473_000_000;
const DIGITS = 13;
const FIELDS = ['E', 'T', 'U', 'u', 'pu'] as const;

export class DepthWalk {
  readonly snapshot: RigSnapshot;
  /** The venue's mark, which the price collar wants to know. */
  readonly mark: Buffer;
  /** The frame that `next` prepared. */
  bytes: Buffer;
  readonly #frames: readonly Buffer[];
  readonly #places: readonly Int32Array[];
  readonly #random: SeededRandom;
  readonly #digits = new Float64Array(1);
  #at = 0;
  #id = FIRST_ID;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.snapshot = { instrument: 0, body: this.#snapshotText() };
    const price = CENTRE.toFixed(2);
    this.mark = Buffer.from(
      `{"e":"markPriceUpdate","E":${WALK_START_MS},"s":"BTCUSDT","p":"${price}","i":"${price}"}`,
    );
    const texts: string[] = [];
    for (let mid = CENTRE; mid < CENTRE + REACH; mid += STEP_TICKS) {
      texts.push(this.#text(mid, mid + STEP_TICKS));
    }
    for (let mid = CENTRE + REACH; mid > CENTRE; mid -= STEP_TICKS) {
      texts.push(this.#text(mid, mid - STEP_TICKS));
    }
    this.#frames = texts.map((text) => Buffer.from(text));
    this.#places = texts.map((text) => Int32Array.from(FIELDS, (key) => placeOf(text, key)));
    this.bytes = this.#frames[0]!;
  }

  /** Makes `bytes` the next update, sent at `wall[0]` epoch ms. */
  next(wall: Float64Array): void {
    const frame = this.#frames[this.#at]!;
    const places = this.#places[this.#at]!;
    this.#at = this.#at + 1 === this.#frames.length ? 0 : this.#at + 1;
    this.bytes = frame;
    const digits = this.#digits;
    digits[0] = Math.floor(wall[0]!);
    writeDigits(frame, places[0]!, digits);
    writeDigits(frame, places[1]!, digits);
    digits[0] = this.#id;
    writeDigits(frame, places[4]!, digits);
    digits[0] = this.#id + 1;
    writeDigits(frame, places[2]!, digits);
    this.#id += 40;
    digits[0] = this.#id;
    writeDigits(frame, places[3]!, digits);
  }

  #snapshotText(): string {
    const side = (direction: number): string => {
      const levels = Array.from({ length: DEPTH }, (_, n) => {
        return `["${(CENTRE + direction * (n + 1)).toFixed(2)}","${this.#size()}"]`;
      });
      return levels.join(',');
    };
    return `{"lastUpdateId":${FIRST_ID},"bids":[${side(-1)}],"asks":[${side(1)}]}`;
  }

  /** From one mid to the next; the mid itself is free, levels stand on both sides of it. */
  #text(from: number, to: number): string {
    const up = to > from;
    const bids = this.#side(up ? [] : range(to, from - 1), to, -1);
    const asks = this.#side(up ? range(from + 1, to) : [], to, 1);
    const wide = '0'.repeat(DIGITS);
    return (
      `{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":${wide},"T":${wide}` +
      `,"s":"BTCUSDT","ps":"BTCUSDT","U":${wide},"u":${wide},"pu":${wide}` +
      `,"b":[${bids}],"a":[${asks}],"st":1}}`
    );
  }

  #side(removed: readonly number[], mid: number, direction: number): string {
    const levels = removed.map((price) => `["${price.toFixed(2)}","0.000"]`);
    for (let n = 1; levels.length < LEVELS; n++) {
      levels.push(`["${(mid + direction * n).toFixed(2)}","${this.#size()}"]`);
    }
    return levels.join(',');
  }

  #size(): string {
    return ((1 + this.#random.int(20_000)) / 1000).toFixed(3);
  }
}

function range(low: number, high: number): number[] {
  return Array.from({ length: high - low + 1 }, (_, n) => low + n);
}

function placeOf(text: string, key: string): number {
  return text.indexOf(`"${key}":`) + key.length + 3;
}

/** Writes digits[0] as thirteen digits. */
function writeDigits(bytes: Buffer, at: number, digits: Float64Array): void {
  let high = Math.floor(digits[0]! / 1e6) | 0;
  let low = (digits[0]! - Math.floor(digits[0]! / 1e6) * 1e6) | 0;
  for (let i = at + DIGITS - 1; i >= at; i--) {
    const isLow = i > at + DIGITS - 7;
    const value = isLow ? low : high;
    const tens = (value / 10) | 0;
    bytes[i] = 48 + value - tens * 10;
    if (isLow) low = tens;
    else high = tens;
  }
}
