/**
 * faults: what can be made to go wrong, settable at start and while running.
 *
 * Standing faults stay until set back to 0; counted ones ("next n") use themselves up. Everything
 * is validated: an unknown switch or a value of the wrong kind is refused with its name.
 *
 * Writer    the server's thread. Randomness from the exchange's own seed.
 * Imports   server/venue-error.
 */
import { VenueError } from './venue-error.ts';

/** All switches with their resting values. Numbers are counts or ms unless named otherwise. */
const RESTING = {
  /** Every n-th depth update vanishes. */
  dropDepthOneIn: 0,
  /** Every n-th market message is sent twice. */
  duplicateOneIn: 0,
  /** Market messages arrive this late, plus up to the jitter. */
  delayMs: 0,
  delayJitterMs: 0,
  /** The next n depth updates vanish. */
  gapNext: 0,
  crossedNext: 0,
  garbageNext: 0,
  truncatedNext: 0,
  /** Market sockets stay open and say nothing for this long from now. */
  silenceMs: 0,
  /** This class of streams stays mute though subscribed: '', 'public', 'market' or 'private'. */
  muteClass: '',
  /** The strict private forms: /private/ws/<key> and a query without events deliver nothing. */
  strictPrivate: false,
  /** Cuts sockets now: '', 'public', 'market', 'private', 'wsapi' or 'all'. */
  disconnectOnce: '',
  /** Cuts every socket each n ms. */
  disconnectEveryMs: 0,
  /** Announces a shutdown on every stream, then cuts. */
  serverShutdown: false,
  /** The next n order.place requests are refused with rejectCode. */
  rejectNext: 0,
  rejectCode: -2010,
  /** The next n order.place requests are carried out, their replies lost in the given way. */
  loseAckNext: 0,
  loseAckAs: 'silent',
  /** The next n snapshots are the one that was current when this was set. */
  staleSnapshotNext: 0,
  /** All listen keys end now. */
  expireListenKeys: false,
  /** Ask the engine's trading thread to hang for this long (it obeys only in SIM mode). */
  hangTradingThreadMs: 0,
  /** Order of events: 'replyFirst', 'eventsFirst', 'tradeLiteFirst', 'accountFirst'. */
  eventOrder: 'replyFirst',
  /** Every n-th TRADE event is sent twice. */
  duplicateTradeOneIn: 0,
  /** One ACCOUNT_UPDATE after a sweep instead of one per fill. */
  accountUpdatePerSweep: false,
  /** Resting reduce-only orders make an immediate one -2022 too, not only a resting one. */
  strictReduceOnly: false,
  /** Queries answer -2013 for this long after an order was accepted. */
  hideOrdersMs: 0,
  /** REST and WebSocket API answer 429 for this long. */
  rateLimitMs: 0,
  /** Extra latencies of the order path, ms. */
  orderDelayMs: 0,
  replyDelayMs: 0,
  userDelayMs: 0,
};

export type FaultState = typeof RESTING;
export type FaultPatch = Partial<FaultState>;

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  muteClass: ['', 'public', 'market', 'private'],
  disconnectOnce: ['', 'public', 'market', 'private', 'wsapi', 'all'],
  loseAckAs: ['silent', '503', '-1007'],
  eventOrder: ['replyFirst', 'eventsFirst', 'tradeLiteFirst', 'accountFirst'],
};

const NUMBER_MAX = 86_400_000;

export const FAULT_NAMES: readonly string[] = Object.keys(RESTING);

/** The patch, checked; throws VenueError -1130 naming the switch. */
export function checkedFaults(value: unknown): FaultPatch {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new VenueError(-1130, 'faults must be a JSON object of switches');
  }
  const resting: Readonly<Record<string, unknown>> = RESTING;
  const patch: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const wanted = resting[name];
    if (wanted === undefined || !Object.hasOwn(resting, name)) {
      throw new VenueError(-1130, `unknown fault '${name}'; known: ${FAULT_NAMES.join(', ')}`);
    }
    if (typeof item !== typeof wanted || !isInRange(name, item)) {
      throw new VenueError(-1130, `fault '${name}' cannot be ${JSON.stringify(item)}`);
    }
    patch[name] = item;
  }
  return patch;
}

function isInRange(name: string, value: unknown): boolean {
  if (typeof value === 'string') return (CHOICES[name] ?? []).includes(value);
  if (typeof value !== 'number') return true;
  if (!Number.isInteger(value)) return false;
  return name === 'rejectCode' ? value < 0 && value > -10_000 : value >= 0 && value <= NUMBER_MAX;
}

export class Faults {
  readonly state: FaultState = { ...RESTING };
  silentUntilMs = Number.NEGATIVE_INFINITY;
  limitedUntilMs = Number.NEGATIVE_INFINITY;
  #depthCount = 0;
  #marketCount = 0;
  #tradeCount = 0;

  set(patch: FaultPatch, nowMs: number): void {
    Object.assign(this.state, patch);
    if (patch.silenceMs !== undefined) this.silentUntilMs = nowMs + patch.silenceMs;
    if (patch.rateLimitMs !== undefined) this.limitedUntilMs = nowMs + patch.rateLimitMs;
  }

  /** Uses up one of a counted fault. */
  takeNext(name: 'gapNext' | 'crossedNext' | 'garbageNext' | 'truncatedNext'): boolean;
  takeNext(name: 'rejectNext' | 'loseAckNext' | 'staleSnapshotNext'): boolean;
  takeNext(
    name:
      | 'gapNext'
      | 'crossedNext'
      | 'garbageNext'
      | 'truncatedNext'
      | 'rejectNext'
      | 'loseAckNext'
      | 'staleSnapshotNext',
  ): boolean {
    if (this.state[name] === 0) return false;
    this.state[name] -= 1;
    return true;
  }

  isDepthDropped(): boolean {
    if (this.takeNext('gapNext')) return true;
    this.#depthCount += 1;
    const oneIn = this.state.dropDepthOneIn;
    return oneIn > 0 && this.#depthCount % oneIn === 0;
  }

  isMarketDuplicated(): boolean {
    this.#marketCount += 1;
    const oneIn = this.state.duplicateOneIn;
    return oneIn > 0 && this.#marketCount % oneIn === 0;
  }

  isTradeDuplicated(): boolean {
    this.#tradeCount += 1;
    const oneIn = this.state.duplicateTradeOneIn;
    return oneIn > 0 && this.#tradeCount % oneIn === 0;
  }
}
