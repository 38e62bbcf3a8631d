/**
 * flow: the participants of one market that are not accounts.
 *
 * Market makers re-quote round the crowd's price and size the touch; others add and cancel deeper
 * orders; noise takers come in clusters and keep their side for a while; informed takers see the
 * fair price and trade towards it. Because touch sizes lean with the gap between fair and crowd
 * price, and informed takers trade it away, imbalance and flow do foretell the next move, a little,
 * through noise.
 *
 * Arrivals  self-exciting: the intensity jumps with each event and decays; volatility raises it
 *           too.
 *           Events are drawn at the largest intensity and thinned.
 * Writer    ExchangeCore. Units ticks, lots; times in simulation ms.
 * Imports   base/random, core/{defaults,latent,market,matcher,order-book}.
 */
import type { SeededRandom } from '../../base/random.ts';
import type { FlowSettings } from './defaults.ts';
import type { LatentPrice } from './latent.ts';
import type { Market, MarketLevel, MarketOrder, MarketSide } from './market.ts';
import type { Matcher } from './matcher.ts';
import type { Side } from './order-book.ts';

const SEED_LEVELS = 80;
const GAP_FILL_MAX = 16;

/** What a flow is made of. */
export interface FlowParts {
  readonly market: Market;
  readonly matcher: Matcher;
  readonly latent: LatentPrice;
  readonly settings: FlowSettings;
  readonly random: SeededRandom;
  /** Mean over time; clustered round it. */
  readonly eventsPerSecond: number;
  readonly startMs: number;
}

export class MarketFlow {
  nextMs: number;
  nextUpkeepMs: number;
  readonly #market: Market;
  readonly #matcher: Matcher;
  readonly #latent: LatentPrice;
  readonly #settings: FlowSettings;
  readonly #random: SeededRandom;
  /** Mean events per ms. */
  readonly #rate: number;
  readonly #upkeepMs: number;
  readonly #touchLots: number;
  readonly #gap: number;
  readonly #informedImpact: number;
  #excitation = 0;
  #excitedMs = 0;
  #noiseMs = 0;
  #bidNoise = 0;
  #askNoise = 0;
  #lastNoiseSide: Side = 1;
  #centreTicks = 0;
  #spreadTicks: number;

  constructor(parts: FlowParts) {
    const { market, matcher, latent, settings, random, eventsPerSecond, startMs } = parts;
    this.#market = market;
    this.#matcher = matcher;
    this.#latent = latent;
    this.#settings = settings;
    this.#random = random;
    this.#rate = eventsPerSecond / 1000;
    this.#upkeepMs = Math.min(2000, Math.max(100, 8000 / Math.max(1, eventsPerSecond)));
    const spec = market.spec;
    const price = (spec.startPriceTicks * spec.tickE8) / 1e8;
    this.#touchLots = Math.max(
      4,
      Math.round((spec.flow.touchNotional / price) * (1e8 / spec.stepE8)),
    );
    this.#gap = spec.flow.levelGapTicks;
    // The crowd learns per second, not per message: a busier market learns less from one trade.
    this.#informedImpact = settings.informedImpact * Math.min(1, 50 / eventsPerSecond);
    this.#spreadTicks = spec.flow.spreadTicks;
    this.#excitedMs = startMs;
    this.#noiseMs = startMs;
    this.nextUpkeepMs = startMs + this.#upkeepMs * random.next();
    this.nextMs = startMs;
    this.#scheduleNext(startMs);
    this.#seedBook();
  }

  /** One candidate event; many are thinned away. */
  step(): void {
    const nowMs = this.nextMs;
    this.#scheduleNext(nowMs);
    if (!this.#isAccepted(nowMs)) return;
    const settings = this.#settings;
    const kind = this.#random.next();
    this.#matcher.begin(this.#market);
    if (kind < settings.quoteShare) this.#quote(nowMs);
    else if (kind < settings.quoteShare + settings.addShare) this.#addDeep();
    else if (kind < settings.quoteShare + settings.addShare + settings.cancelShare) {
      this.#cancelDeep();
    } else this.#take();
    this.#matcher.end(this.#market);
  }

  /** Keeps the near levels populated, the far ones scattered, and the book from growing. */
  upkeep(): void {
    this.nextUpkeepMs += this.#upkeepMs;
    this.#matcher.begin(this.#market);
    this.#upkeepSide(1);
    this.#upkeepSide(-1);
    this.#matcher.end(this.#market);
  }

  #scheduleNext(nowMs: number): void {
    const peak = this.#rate * this.#settings.intensityMax;
    this.nextMs = nowMs + this.#random.exponential() / peak;
  }

  #isAccepted(nowMs: number): boolean {
    const settings = this.#settings;
    this.#excitation *= Math.exp((this.#excitedMs - nowMs) / settings.excitationMs);
    this.#excitedMs = nowMs;
    const volatility = Math.min(2.2, Math.max(0.6, this.#latent.volatilityNow));
    const base = (1 - settings.branching) * (0.75 + 0.25 * volatility);
    const intensity = Math.min(settings.intensityMax, base + this.#excitation);
    if (this.#random.next() * settings.intensityMax >= intensity) return false;
    this.#excitation += settings.branching / (this.#rate * settings.excitationMs);
    return true;
  }

  /** Where the crowd wants the best bid; the ask is `spread` above. */
  #wantedBid(): number {
    const spread = this.#spreadTicks;
    const crowd = this.#latent.crowdTicks;
    // The crowd does not move its quotes for less than it takes to cross half a tick and a bit.
    if (Math.abs(crowd - this.#centreTicks) > 0.75) {
      this.#centreTicks = Math.round(crowd - spread / 2) + spread / 2;
    }
    // The centre may stem from a spread of the other parity.
    return Math.floor(this.#centreTicks - spread / 2);
  }

  #quote(nowMs: number): void {
    this.#wobbleSpread();
    const bid = this.#wantedBid();
    const ask = bid + this.#spreadTicks;
    const book = this.#market.book;
    const pulled = this.#pullBeyond(book.asks, ask) + this.#pullBeyond(book.bids, bid);
    const placed = this.#fillUp(1, bid) + this.#fillUp(-1, ask);
    if (pulled + placed === 0) this.#sizeTouch(nowMs);
  }

  #wobbleSpread(): void {
    const usual = this.#market.spec.flow.spreadTicks;
    const random = this.#random;
    if (random.next() > 0.02) return;
    const stretch = Math.max(1, this.#latent.volatilityNow);
    if (usual === 1) this.#spreadTicks = stretch > 1.8 && random.next() < 0.3 ? 2 : 1;
    else {
      const wide = usual * (0.5 + 0.35 * random.exponential()) * stretch;
      this.#spreadTicks = Math.max(2, Math.min(usual * 4, Math.round(wide)));
    }
  }

  /** Cancels exogenous orders priced better than the crowd wants; some makers are asleep. */
  #pullBeyond(side: MarketSide, wantedTicks: number): number {
    let pulled = 0;
    for (let depth = 0; depth < side.levelCount;) {
      const level = side.at(depth) as MarketLevel;
      if (side.side * (level.priceTicks - wantedTicks) <= 0) break;
      const isAsleep = this.#random.next() < 0.06;
      const before = side.levelCount;
      if (!isAsleep) pulled += this.#pullLevel(level);
      if (side.levelCount === before) depth += 1;
    }
    return pulled;
  }

  #pullLevel(level: MarketLevel): number {
    let pulled = 0;
    let order = level.head;
    while (order !== null) {
      const next: MarketOrder | null = order.next;
      if (order.owner === null) {
        this.#matcher.removeExogenous(this.#market, order);
        pulled += 1;
      }
      order = next;
    }
    return pulled;
  }

  /** Puts orders at the wanted touch and into the hole behind it. */
  #fillUp(side: Side, wantedTicks: number): number {
    const book = this.#market.book;
    const other = book.sideOf(side === 1 ? -1 : 1).best();
    let touch = wantedTicks;
    if (other !== null && side * (touch - other.priceTicks) >= 0) touch = other.priceTicks - side;
    const best = book.sideOf(side).best();
    if (best !== null && side * (best.priceTicks - touch) >= 0) return 0;
    const hole = best === null ? GAP_FILL_MAX : Math.abs(touch - best.priceTicks);
    const steps = Math.min(hole, GAP_FILL_MAX * this.#gap);
    let placed = 0;
    for (let step = 0; step < steps; step += step === 0 ? 1 : this.#gap) {
      const ticks = touch - side * step;
      if (ticks < 1) break;
      this.#add(side, ticks, this.#profileLots(step) * 0.5);
      placed += 1;
    }
    return placed;
  }

  /** Moves one side's touch size towards what its makers want just now. */
  #sizeTouch(nowMs: number): void {
    this.#driftNoise(nowMs);
    const random = this.#random;
    const side: Side = random.next() < 0.5 ? 1 : -1;
    const level = this.#market.book.sideOf(side).best();
    if (level === null) return;
    const noise = side === 1 ? this.#bidNoise : this.#askNoise;
    const lean = this.#market.spec.flow.imbalanceLean * this.#pressure() * side;
    const wanted = this.#touchLots * Math.exp(lean + noise - 0.2);
    if (level.lots < wanted) {
      this.#add(side, level.priceTicks, (wanted - level.lots) * (0.2 + 0.5 * random.next()));
    } else this.#cancelAt(level);
  }

  /** Signed distance of the fair price beyond the crowd's, in usual distances, within ±2. */
  #pressure(): number {
    const latent = this.#latent;
    const gap = (latent.fairTicks - latent.crowdTicks) / latent.gapSdTicks;
    return Math.max(-2, Math.min(2, gap));
  }

  #driftNoise(nowMs: number): void {
    const settings = this.#settings;
    const keep = Math.exp((this.#noiseMs - nowMs) / settings.touchNoiseMemoryMs);
    const draw = settings.touchNoiseSd * Math.sqrt(Math.max(0, 1 - keep * keep));
    this.#noiseMs = nowMs;
    this.#bidNoise = this.#bidNoise * keep + draw * this.#random.normal();
    this.#askNoise = this.#askNoise * keep + draw * this.#random.normal();
  }

  #addDeep(): void {
    const random = this.#random;
    const side: Side = random.next() < 0.5 ? 1 : -1;
    const book = this.#market.book;
    const best = book.sideOf(side).best();
    if (best === null) return;
    const distance = this.#deepDistance();
    const ticks = best.priceTicks - side * distance;
    if (ticks < 1 || ticks > this.#market.spec.maxPriceTicks) return;
    const level = book.sideOf(side).find(ticks);
    if (level !== null && level.lots > 2 * this.#profileLots(distance)) this.#cancelAt(level);
    else this.#add(side, ticks, this.#profileLots(distance) * 0.5);
  }

  #cancelDeep(): void {
    const random = this.#random;
    const side = this.#market.book.sideOf(random.next() < 0.5 ? 1 : -1);
    const count = side.levelCount;
    if (count < this.#settings.nearLevels) return;
    const depth = Math.floor(Math.exp(random.next() * Math.log(Math.min(count, 120)))) - 1;
    const level = side.at(depth);
    if (level !== null) this.#cancelAt(level);
  }

  /** Log-uniform: as many orders between 1 and 10 ticks away as between 10 and 100. */
  #deepDistance(): number {
    const steps = Math.floor(Math.exp(this.#random.next() * Math.log(200))) - 1;
    return steps * this.#gap;
  }

  #take(): void {
    const random = this.#random;
    const latent = this.#latent;
    const settings = this.#settings;
    const bid = this.#market.book.bids.best();
    const ask = this.#market.book.asks.best();
    if (bid === null || ask === null) return;
    const edge = settings.informedEdgeBp * 1e-4 * latent.fairTicks;
    const up = latent.fairTicks - ask.priceTicks - edge;
    const down = bid.priceTicks - latent.fairTicks - edge;
    if (random.next() < settings.informedShare && (up > 0 || down > 0)) {
      const side: Side = up > down ? 1 : -1;
      const lots = this.#touchLots * (0.3 + 0.9 * random.exponential());
      const limit = Math.floor(latent.fairTicks - side * edge * 0.5);
      this.#matcher.takeExogenous(this.#market, side, limit, Math.max(1, Math.round(lots)));
      latent.crowdTicks += (latent.fairTicks - latent.crowdTicks) * this.#informedImpact;
      return;
    }
    this.#takeNoise(bid.priceTicks, ask.priceTicks);
  }

  #takeNoise(bidTicks: number, askTicks: number): void {
    const random = this.#random;
    const keeps = random.next() < this.#settings.signPersistence;
    const side: Side = keeps ? this.#lastNoiseSide : this.#lastNoiseSide === 1 ? -1 : 1;
    this.#lastNoiseSide = side;
    const lots = this.#touchLots * 0.06 * Math.exp(1.2 * random.normal());
    const slip = Math.max(1, Math.round(3e-4 * askTicks));
    const limit = side === 1 ? askTicks + slip : Math.max(1, bidTicks - slip);
    this.#matcher.takeExogenous(this.#market, side, limit, Math.max(1, Math.round(lots)));
  }

  #upkeepSide(side: Side): void {
    const book = this.#market.book.sideOf(side);
    const best = book.best();
    if (best === null) {
      this.#fillUp(side, side === 1 ? this.#wantedBid() : this.#wantedBid() + this.#spreadTicks);
      return;
    }
    const bestTicks = best.priceTicks;
    for (let step = 1; step <= this.#settings.nearLevels; step++) {
      const ticks = bestTicks - side * step * this.#gap;
      if (ticks < 1) return;
      if (book.find(ticks) === null && this.#random.next() < 0.5) {
        this.#add(side, ticks, this.#profileLots(step) * 0.6);
      }
    }
    this.#scatterFar(side, bestTicks);
    this.#trim(book);
  }

  /** Now and then a far order at a round price. */
  #scatterFar(side: Side, bestTicks: number): void {
    const random = this.#random;
    if (random.next() > 0.15) return;
    const reach = bestTicks * this.#settings.farFraction * random.next() ** 2;
    const round = reach > 1000 ? 100 : reach > 100 ? 10 : 1;
    const ticks = Math.round((bestTicks - side * (30 + reach)) / round) * round;
    if (ticks < 1 || ticks > this.#market.spec.maxPriceTicks) return;
    this.#add(side, ticks, this.#touchLots * (0.5 + 2 * random.exponential()));
  }

  /** Drops the worst exogenous level while there are too many. */
  #trim(book: MarketSide): void {
    for (let excess = book.levelCount - this.#settings.levelsMax; excess > 0; excess--) {
      const worst = book.at(book.levelCount - 1);
      if (worst === null || this.#pullLevel(worst) === 0) return;
    }
  }

  #seedBook(): void {
    this.#matcher.begin(this.#market);
    const bid = this.#wantedBid();
    const ask = bid + this.#spreadTicks;
    for (let step = 0; step < SEED_LEVELS; step++) {
      this.#add(1, bid - step * this.#gap, this.#profileLots(step));
      this.#add(-1, ask + step * this.#gap, this.#profileLots(step));
    }
    for (let i = 0; i < 400; i++) {
      this.#scatterFar(1, bid);
      this.#scatterFar(-1, ask);
    }
    this.#matcher.end(this.#market);
  }

  /** Mean resting lots by distance: a hump a few levels behind the touch, then a long plain. */
  #profileLots(distance: number): number {
    const hump = 0.7 + 0.8 * Math.min(1, distance / 8);
    return (this.#touchLots * hump) / (1 + distance / 150);
  }

  #add(side: Side, ticks: number, lots: number): void {
    const varied = Math.round(lots * Math.exp(0.5 * this.#random.normal()));
    this.#matcher.addExogenous(this.#market, side, ticks, Math.max(1, varied));
  }

  /** Cancels one exogenous order of the level, picked at random. */
  #cancelAt(level: MarketLevel): void {
    let skip = this.#random.int(level.count);
    for (let order = level.head; order !== null; order = order.next) {
      if (order.owner === null && skip <= 0) {
        this.#matcher.removeExogenous(this.#market, order);
        return;
      }
      skip -= 1;
    }
  }
}
