/**
 * history.test: joining what was kept with what is told live. Whatever breaks in between, the
 * window ends with the rows of one that was never away, and what nobody has shows as a hole.
 */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  FillEvent,
  HistoryAnswer,
  HistoryRequest,
  ServerMessage,
} from '../../engine/contract/events.ts';
import type { TradeRow } from '../../engine/contract/history.ts';
import { pageOf } from '../../engine/runtime/history/row-list.ts';
import { EventRouter } from '../../renderer/link/event-router.ts';
import { parseServerMessage } from '../../renderer/link/server-message.ts';
import { liveMarket } from '../../renderer/live/live-market.ts';
import { ToldRanges } from '../../renderer/live/told-ranges.ts';
import { TradeLog, TRADES_KEPT } from '../../renderer/live/trade-log.ts';
import { CONNECTION_START, useConnection } from '../../renderer/stores/connection-store.ts';
import { decisionsForgotten, useDecisions } from '../../renderer/stores/decisions-store.ts';
import { historyForgotten, mergeRows, useHistory } from '../../renderer/stores/history-store.ts';
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import { sampleDecision, sampleStatus } from './support/samples.ts';

function fill(sequence: number): FillEvent {
  return {
    sequence,
    atMs: sequence * 1000,
    symbol: 'BTCUSDT',
    side: 'buy',
    price: '64231.0',
    size: '0.100',
    fee: '0.01000000',
    realised: '0.00000000',
    maker: true,
    owner: 'scalper',
    purpose: 'entry',
    clientId: `id-${sequence}`,
  };
}

function hello(session: string): ServerMessage {
  return {
    type: 'hello',
    contract: CONTRACT_VERSION,
    terminal: 'terminal 1',
    session,
    mode: 'sim',
    product: 'Tickdeck',
    version: '0.1.0',
  };
}

/** An engine that keeps `kept` fills, and a window whose link can break at any time. */
class Rig {
  readonly router: EventRouter;
  fills: FillEvent[] = [];
  requests: HistoryRequest[] = [];
  session = 'one';
  isOpen = false;
  isBusy = false;
  readonly #kept: number;
  #last = 0;
  #missed = 0;

  constructor(kept = 5000) {
    this.#kept = kept;
    this.router = new EventRouter({
      send: (message) => {
        if (message.type === 'history' && message.what === 'fills') this.requests.push(message);
        else if (message.type === 'history') this.say(emptyAnswer(message));
      },
      onStatus: () => {},
      stop: () => {},
      onAnswer: () => {},
      onDocument: () => {},
    });
  }

  say(message: ServerMessage): void {
    if (this.isOpen) this.router.text(JSON.stringify(message));
  }

  connect(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.requests = [];
    this.router.opened();
    this.say(hello(this.session));
    this.say({ type: 'status', status: STATUS });
  }

  lose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.requests = [];
    this.router.closed('', 0, 1, false);
  }

  /** A fill happens; `isLost` when the host itself could not read it. */
  trade(isLost = false): void {
    this.#last += 1;
    if (isLost) {
      this.#missed += 1;
      return;
    }
    const row = fill(this.#last);
    this.fills = [...this.fills, row].slice(-this.#kept);
    this.say({ type: 'fill', fill: row });
  }

  /** The engine answers the oldest request. */
  answer(): void {
    const request = this.requests.shift();
    if (request === undefined) return;
    if (this.isBusy) {
      this.say({ ...emptyAnswer(request), more: true, retryInMs: 200 });
      return;
    }
    const page = pageOf(this.fills, request.before, Math.min(request.limit, 7));
    this.say({ ...emptyAnswer(request), ...page, missed: this.#missed });
  }

  restart(session: string): void {
    this.lose();
    this.session = session;
    this.fills = [];
    this.#last = 0;
    this.#missed = 0;
  }

  /** Until nothing is asked for any more. */
  settle(): void {
    this.connect();
    this.isBusy = false;
    for (let k = 0; k < 3000; k++) {
      vi.advanceTimersByTime(250);
      if (this.requests.length === 0) return;
      while (this.requests.length > 0) this.answer();
    }
    throw new Error('it asks for ever');
  }
}

function emptyAnswer({ id, what }: HistoryRequest): HistoryAnswer {
  const counts = { more: false, missed: 0, dropped: 0, retryInMs: null };
  return { type: 'history', id, what, rows: [], ...counts };
}

const STATUS = sampleStatus();
const shelf = () => useHistory.getState().fills;
const numbers = (): number[] => shelf().rows.map(({ sequence }) => sequence);

beforeEach(() => {
  vi.useFakeTimers();
  reset();
});

afterEach(() => {
  vi.useRealTimers();
});

function reset(): void {
  useConnection.setState(CONNECTION_START);
  historyForgotten();
  decisionsForgotten();
  liveMarket.trades.clear();
}

type Step = 'trade' | 'lost' | 'answer' | 'lose' | 'connect' | 'wait' | 'busy' | 'ready';

function walk(rig: Rig, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step === 'trade') rig.trade();
    else if (step === 'lost') rig.trade(true);
    else if (step === 'answer') rig.answer();
    else if (step === 'lose') rig.lose();
    else if (step === 'connect') rig.connect();
    else if (step === 'wait') vi.advanceTimersByTime(130);
    else rig.isBusy = step === 'busy';
  }
}

describe('a window that comes and goes', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step>('trade') },
    { weight: 3, arbitrary: fc.constant<Step>('answer') },
    { weight: 3, arbitrary: fc.constant<Step>('wait') },
    fc.constantFrom<Step>('lose', 'connect', 'lost', 'busy', 'ready'),
  );

  it('ends with the rows of one that never was away', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        reset();
        const rig = new Rig();
        walk(rig, steps);
        rig.settle();
        expect(shelf().rows).toEqual(rig.fills);
        expect(shelf().isWhole).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('has every row that the engine still keeps, and none that it made up', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        reset();
        const rig = new Rig(9);
        walk(rig, steps);
        rig.settle();
        const known = new Map(shelf().rows.map((row) => [row.sequence, row]));
        for (const row of rig.fills) expect(known.get(row.sequence)).toEqual(row);
        for (const row of shelf().rows) expect(row).toEqual(fill(row.sequence));
        const sequences = numbers();
        expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });

  it('asks no more once it has everything', () => {
    const rig = new Rig();
    for (let k = 0; k < 40; k++) rig.trade();
    rig.settle();
    expect(numbers()).toEqual(Array.from({ length: 40 }, (_, k) => k + 1));
    rig.trade();
    vi.advanceTimersByTime(500);
    expect(rig.requests).toEqual([]);
    expect(shelf().from).toBe(1);
  });

  it('does not ask again and again for what is lost', () => {
    const rig = new Rig();
    rig.trade();
    rig.trade(true);
    rig.trade(true);
    rig.trade();
    rig.settle();
    expect(numbers()).toEqual([1, 4]);
    rig.trade();
    rig.settle();
    expect(numbers()).toEqual([1, 4, 5]);
    expect(shelf().missed).toBe(2);
  });

  it('waits as long as a busy engine says', () => {
    const rig = new Rig();
    rig.trade();
    rig.isBusy = true;
    rig.connect();
    rig.answer();
    expect(rig.requests).toEqual([]);
    vi.advanceTimersByTime(199);
    expect(rig.requests).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rig.requests).toHaveLength(1);
    expect(shelf().isWhole).toBe(false);
  });

  it('forgets another session before it shows the new one', () => {
    const rig = new Rig();
    for (let k = 0; k < 3; k++) rig.trade();
    rig.settle();
    expect(numbers()).toEqual([1, 2, 3]);
    rig.restart('two');
    rig.connect();
    expect(shelf().rows).toEqual([]);
    rig.trade();
    rig.settle();
    expect(shelf().rows).toEqual([fill(1)]);
  });

  it('does not believe an answer to a question of the connection before', () => {
    const rig = new Rig();
    rig.trade();
    rig.connect();
    const [old] = rig.requests;
    rig.lose();
    rig.connect();
    rig.say({ ...emptyAnswer(old!), rows: [fill(99)] });
    expect(numbers()).toEqual([]);
  });
});

const decision = (sequence: number): ServerMessage => ({
  type: 'decision',
  decision: sampleDecision({ sequence }),
});

describe('decisions', () => {
  it('come back with history, each once, newest first', () => {
    const rig = new Rig();
    rig.connect();
    rig.say(decision(7));
    rig.say(decision(9));
    vi.advanceTimersByTime(150);
    rig.say(decision(7));
    rig.say(decision(8));
    vi.advanceTimersByTime(150);
    const { decisions, total } = useDecisions.getState();
    expect(decisions.map(({ sequence }) => sequence)).toEqual([9, 8, 7]);
    expect(total).toBe(9);
  });
});

describe('told ranges', () => {
  it('merge what touches, and name the newest gap', () => {
    const told = new ToldRanges();
    expect([told.newest, told.wholeFrom, told.gap(1)]).toEqual([0, null, null]);
    told.add(10, 12);
    expect(told.gap(1)).toEqual({ from: 1, to: 10 });
    expect(told.gap(8)).toEqual({ from: 8, to: 10 });
    expect(told.gap(10)).toBeNull();
    told.add(5, 7);
    told.add(12, 13);
    expect([told.newest, told.wholeFrom]).toEqual([12, 10]);
    expect(told.gap(1)).toEqual({ from: 7, to: 10 });
    told.add(7, 10);
    expect([told.wholeFrom, told.gap(1)]).toEqual([5, { from: 1, to: 5 }]);
    told.add(1, 5);
    told.add(3, 3);
    expect([told.wholeFrom, told.gap(1)]).toEqual([1, null]);
  });

  it('agree with a plain set of numbers', () => {
    const span = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(span, { minLength: 1 }), (spans) => {
        const told = new ToldRanges();
        const plain = new Set<number>();
        for (const [from, length] of spans) {
          told.add(from, from + length);
          for (let n = from; n < from + length; n++) plain.add(n);
        }
        const newest = Math.max(0, ...plain);
        expect(told.newest).toBe(newest);
        let to = newest + 1;
        while (plain.has(to - 1)) to--;
        let from = to;
        while (from > 1 && !plain.has(from - 1)) from--;
        expect(told.gap(1)).toEqual(plain.size === 0 || to <= 1 ? null : { from, to });
      }),
    );
  });
});

const rows = (...sequences: number[]) => sequences.map((sequence) => ({ sequence }));

describe('shelves', () => {
  it('keep order, each row once, and the newest of them', () => {
    expect(mergeRows(rows(1, 2), rows(3), 9)).toEqual(rows(1, 2, 3));
    expect(mergeRows(rows(4, 5), rows(1, 4, 9), 9)).toEqual(rows(1, 4, 5, 9));
    expect(mergeRows(rows(4, 5), rows(6, 7), 3)).toEqual(rows(5, 6, 7));
    const known = rows(1);
    expect(mergeRows(known, [], 3)).toBe(known);
  });
});

const trade = (sequence: number): TradeRow => ({
  sequence,
  instrument: 0,
  ticks: 100 + sequence,
  lots: 1,
  side: 1,
  atMs: sequence,
});

const add = (log: TradeLog, ...sequences: number[]): void => {
  for (const n of sequences) log.add(n, 0, 100 + n, 1, 1, n);
};

const inLog = (log: TradeLog): number[] =>
  Array.from({ length: log.count }, (_, k) => log.sequence(k));

describe('the log of trades', () => {
  it('puts what comes late where it belongs', () => {
    const log = new TradeLog();
    add(log, 5, 6, 9);
    log.insert([trade(3), trade(6), trade(7)]);
    expect(inLog(log)).toEqual([3, 5, 6, 7, 9]);
    expect(log.row(3)).toEqual(trade(7));
    add(log, 8, 10);
    expect(inLog(log)).toEqual([3, 5, 6, 7, 8, 9, 10]);
    expect(log.told.gap(1)).toEqual({ from: 4, to: 5 });
  });

  it('keeps the newest when it is full', () => {
    const log = new TradeLog();
    for (let n = 1; n <= TRADES_KEPT + 3; n++) add(log, n);
    expect([log.count, log.sequence(0), log.last]).toEqual([TRADES_KEPT, 4, TRADES_KEPT + 3]);
    log.insert([trade(1)]);
    expect(log.sequence(0)).toBe(4);
  });
});

describe('an answer from the wire', () => {
  const good = { ...emptyAnswer({ id: 'h', what: 'fills' } as HistoryRequest), rows: [fill(1)] };
  const wrong: readonly (readonly [string, Record<string, unknown>])[] = [
    ['rows of another kind', { what: 'scalps' }],
    ['an unknown kind', { what: 'surprise' }],
    ['a kind from the prototype', { what: 'constructor' }],
    ['a row that is none', { rows: [fill(1), null] }],
    ['rows out of order', { rows: [fill(2), fill(1)] }],
    ['a row twice', { rows: [fill(1), fill(1)] }],
    ['no rows', { rows: null }],
    ['no id', { id: 7 }],
  ];

  it('is read when it is whole', () => {
    expect(parseServerMessage(JSON.stringify(good))).toEqual(good);
  });

  it.each(wrong)('is refused with %s', (_name, change) => {
    expect(typeof parseServerMessage(JSON.stringify({ ...good, ...change }))).toBe('string');
  });
});
