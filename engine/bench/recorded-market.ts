/**
 * recorded-market: some seconds of the simulated exchange as raw frames, to be played over and
 * over.
 *
 * The same seed gives the same frames. Ids and times get digits of a fixed width where they are
 * recorded, so a pass can go on where the one before ended: `rewind` writes the next pass's numbers
 * into the bytes. Behind the last frame stands one depth update an instrument that turns the book
 * back into the one the recording began with, so that every pass is a sequence without a gap.
 *
 * Writer    benchmarks and the allocation gate of the composed pipeline.
 * Units     engine ns from the start of the first pass; levels as the venue writes them.
 * Hot path: rewind, between two passes. No allocation.
 * Imports   base, domain, exchange/server, feeds.
 */
import { assert } from '../base/assert.ts';
import { NS_PER_MS } from '../base/clock.ts';
import type { InstrumentSpec } from '../domain/instrument.ts';
import { InProcessExchange } from '../exchange/server/in-process.ts';
import { instrumentSpecsFromExchangeInfo } from '../feeds/market-metadata.ts';
import type { RigSnapshot } from './engine-rig.ts';

export interface RecordingOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly messagesPerSecond?: number;
}

const START_WALL_MS = 1_790_000_000_000;
/** Added to ids, so that all have as many digits as the venue's have. */
const ID_BASE = 1e11;
const ID_DIGITS = 12;
const TIME_DIGITS = 13;
/** The exchange has run for this long when the recording begins. */
const WARM_MS = 1000;
/** From a depth update's ids to the next one that must follow it, whatever else got ids. */
const SPARE_IDS = 2;

/** A field of a frame whose number moves on from pass to pass. */
interface Moving {
  readonly at: number;
  readonly value: number;
  readonly digits: number;
  /** Index of the span it moves by. */
  readonly span: number;
}

/** One instrument while it is recorded. */
interface Side {
  readonly levels: Map<string, string>;
  readonly first: ReadonlyMap<string, string>;
}
interface Course {
  readonly index: number;
  readonly symbol: string;
  readonly snapshotId: number;
  readonly bids: Side;
  readonly asks: Side;
  /** `pu` of the first depth update kept, `u` of the last, highest id of any message. */
  before: number;
  last: number;
  highest: number;
  firstTrade: number;
  lastTrade: number;
}

interface DepthFields {
  readonly u: number;
  readonly pu: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}

export class RecordedMarket {
  readonly specs: readonly InstrumentSpec[];
  readonly snapshots: readonly RigSnapshot[];
  readonly startWallMs = START_WALL_MS;
  /** Frame f is bytes[starts[f], starts[f + 1]); received at times[f] in the first pass. */
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly times: Float64Array;
  readonly count: number;
  /** Length of one pass. */
  readonly passNs: number;
  readonly #movingAt: Int32Array;
  readonly #movingDigits: Int32Array;
  readonly #movingSpan: Int32Array;
  readonly #movingValue: Float64Array;
  readonly #spans: Float64Array;
  #pass = 0;

  constructor(options: RecordingOptions) {
    const recorder = new Recorder(options);
    this.specs = recorder.specs;
    this.snapshots = recorder.snapshots;
    this.bytes = Buffer.concat(recorder.frames);
    this.count = recorder.frames.length;
    this.starts = new Int32Array(this.count + 1);
    recorder.frames.forEach((frame, f) => {
      this.starts[f + 1] = this.starts[f]! + frame.length;
    });
    this.times = Float64Array.from(recorder.times);
    this.passNs = recorder.passNs;
    const { moving } = recorder;
    this.#movingAt = Int32Array.from(moving, (each) => each.at);
    this.#movingDigits = Int32Array.from(moving, (each) => each.digits);
    this.#movingSpan = Int32Array.from(moving, (each) => each.span);
    this.#movingValue = Float64Array.from(moving, (each) => each.value);
    this.#spans = Float64Array.from(recorder.spans);
  }

  /** Passes begun after the first. */
  get pass(): number {
    return this.#pass;
  }

  /** Makes the frames those of the next pass. */
  rewind(): void {
    this.#pass++;
    const count = this.#movingAt.length;
    for (let i = 0; i < count; i++) this.#write(i);
  }

  #write(i: number): void {
    const { bytes } = this;
    const first = this.#movingAt[i]!;
    const value = this.#movingValue[i]! + this.#pass * this.#spans[this.#movingSpan[i]!]!;
    // Two parts that fit 32 bits: a division of doubles for every digit would be slow.
    let high = Math.floor(value / 1e6);
    let low = (value - high * 1e6) | 0;
    let at = first + this.#movingDigits[i]! - 1;
    for (let n = 0; n < 6; n++, at--) {
      const tens = (low / 10) | 0;
      bytes[at] = 48 + low - tens * 10;
      low = tens;
    }
    for (; at >= first; at--) {
      const tens = Math.floor(high / 10);
      bytes[at] = 48 + high - tens * 10;
      high = tens;
    }
  }
}

/** Runs the exchange and keeps what it says. */
class Recorder {
  readonly specs: readonly InstrumentSpec[];
  readonly snapshots: RigSnapshot[] = [];
  readonly frames: Buffer[] = [];
  readonly times: number[] = [];
  readonly moving: Moving[] = [];
  /** Span 0 is that of times; two an instrument follow: update ids, trade ids. */
  readonly spans: number[] = [];
  readonly passNs: number;
  readonly #courses: Course[] = [];
  #bytes = 0;

  constructor(options: RecordingOptions) {
    const { seed, seconds, messagesPerSecond } = options;
    assert(seconds > 0, 'a recording lasts a while');
    const exchange = new InProcessExchange({
      seed,
      startWallMs: START_WALL_MS,
      ...(messagesPerSecond === undefined ? {} : { messagesPerSecond }),
    });
    exchange.advanceTo(WARM_MS);
    exchange.drain();
    const info = exchange.rest('GET', '/fapi/v1/exchangeInfo');
    assert(info !== null && info.status === 200, 'the exchange answers exchangeInfo');
    const symbols = exchange.service.core.markets.map((market) => market.symbol);
    this.specs = instrumentSpecsFromExchangeInfo(info.body, symbols, 'binance-usdm');
    symbols.forEach((symbol, index) => this.#begin(exchange, symbol, index));
    exchange.onMarket((text, _class, simMs) => this.#keep(text.toString(), simMs - WARM_MS));
    exchange.advanceTo(WARM_MS + seconds * 1000);
    exchange.drain();
    const endMs = seconds * 1000 + 1;
    for (const course of this.#courses) this.#turnBack(course, endMs);
    this.passNs = (endMs + 9) * NS_PER_MS;
    this.spans.push((this.passNs / NS_PER_MS) | 0);
    for (const course of this.#courses) {
      this.spans.push(course.highest + SPARE_IDS - course.before);
      this.spans.push(course.lastTrade + 1 - course.firstTrade);
    }
  }

  #begin(exchange: InProcessExchange, symbol: string, index: number): void {
    const answer = exchange.rest('GET', `/fapi/v1/depth?symbol=${symbol}&limit=1000`);
    assert(answer !== null && answer.status === 200, 'the exchange answers depth');
    const snapshot = JSON.parse(answer.body) as {
      lastUpdateId: number;
      bids: [string, string][];
      asks: [string, string][];
    };
    this.#courses.push({
      index,
      symbol,
      snapshotId: snapshot.lastUpdateId,
      bids: sideOf(snapshot.bids),
      asks: sideOf(snapshot.asks),
      before: -1,
      last: -1,
      highest: 0,
      firstTrade: -1,
      lastTrade: -1,
    });
    const id = snapshot.lastUpdateId;
    const body = answer.body.replace(`"lastUpdateId":${id}`, `"lastUpdateId":${id + ID_BASE}`);
    this.snapshots.push({ instrument: index, body });
  }

  /** One frame as it came, its ids widened; depth updates of before the snapshot are left out. */
  #keep(text: string, ms: number): void {
    const frame = JSON.parse(text) as { e: string; s: string; u?: number; a?: unknown };
    const course = this.#courses.find((each) => each.symbol === frame.s);
    assert(course !== undefined, 'a frame names a listed symbol');
    if (frame.e === 'depthUpdate') {
      const depth = frame as unknown as DepthFields;
      if (course.before < 0 && depth.u < course.snapshotId) return;
      if (course.before < 0) course.before = depth.pu;
      course.last = depth.u;
      applyLevels(course.bids.levels, depth.b);
      applyLevels(course.asks.levels, depth.a);
    } else if (course.before < 0) return;
    if (frame.u !== undefined) course.highest = Math.max(course.highest, frame.u);
    if (frame.e === 'aggTrade') {
      const id = Number(frame.a);
      if (course.firstTrade < 0) course.firstTrade = id;
      course.lastTrade = id;
    }
    this.#add(text, frame.e, course.index, ms);
  }

  /** Closes the pass of an instrument: from the last book back to the first. */
  #turnBack(course: Course, ms: number): void {
    assert(course.before >= 0, `${course.symbol} was quiet: record for longer`);
    const wall = START_WALL_MS + WARM_MS + ms;
    const u = course.highest + SPARE_IDS;
    const text =
      `{"e":"depthUpdate","E":${wall},"T":${wall},"s":"${course.symbol}","ps":"${course.symbol}"` +
      `,"U":${course.last + 1},"u":${u},"pu":${course.last}` +
      `,"b":[${backLevels(course.bids)}],"a":[${backLevels(course.asks)}],"st":1}`;
    this.#add(text, 'depthUpdate', course.index, ms);
  }

  #add(text: string, type: string, instrument: number, ms: number): void {
    const isTrade = type === 'aggTrade';
    const idKeys = isTrade ? ['a'] : type === 'markPriceUpdate' ? [] : ['U', 'u', 'pu'];
    const timeKeys = type === 'markPriceUpdate' ? ['E'] : ['E', 'T'];
    const widened = text.replace(/"(U|u|pu|a)":(\d+)/g, (whole, key: string, digits: string) => {
      return idKeys.includes(key) ? `"${key}":${Number(digits) + ID_BASE}` : whole;
    });
    const span = 1 + 2 * instrument + (isTrade ? 1 : 0);
    for (const key of idKeys) this.#note(widened, key, ID_DIGITS, span);
    for (const key of timeKeys) this.#note(widened, key, TIME_DIGITS, 0);
    const frame = Buffer.from(widened, 'latin1');
    this.frames.push(frame);
    this.times.push(ms * NS_PER_MS);
    this.#bytes += frame.length;
  }

  #note(text: string, key: string, digits: number, span: number): void {
    const found = new RegExp(`"${key}":(\\d{${digits}})[,}]`).exec(text);
    if (found === null) return;
    const at = this.#bytes + found.index + key.length + 3;
    this.moving.push({ at, value: Number(found[1]), digits, span });
  }
}

function sideOf(levels: readonly (readonly [string, string])[]): Side {
  return { levels: new Map(levels), first: new Map(levels) };
}

function applyLevels(
  levels: Map<string, string>,
  changes: readonly (readonly [string, string])[],
): void {
  for (const [price, size] of changes) {
    if (Number(size) === 0) levels.delete(price);
    else levels.set(price, size);
  }
}

/** Changes that turn the last levels of a side into the first. */
function backLevels({ first, levels }: Side): string {
  const changes: string[] = [];
  for (const price of levels.keys()) if (!first.has(price)) changes.push(`["${price}","0.000"]`);
  for (const [price, size] of first) {
    if (levels.get(price) !== size) changes.push(`["${price}","${size}"]`);
  }
  return changes.join(',');
}
