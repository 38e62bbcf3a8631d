/**
 * rows.test: what the panels say, as data.
 */
import { describe, expect, it } from 'vitest';
import { notableRequest, requestWords } from '../../renderer/app/requests.ts';
import {
  decisionLine,
  decisionSum,
  isUnweighed,
} from '../../renderer/panels/decisions/decision-rows.ts';
import {
  cellOpacity,
  columnsFor,
  imbalanceText,
} from '../../renderer/panels/imbalance/imbalance-rows.ts';
import { latencyRow, latencyStrip } from '../../renderer/panels/latency/latency-rows.ts';
import { scalpRow } from '../../renderer/panels/scalps/scalp-rows.ts';
import type { Request } from '../../renderer/stores/commands-store.ts';
import { sampleDecision, sampleScalp, sampleStatus } from './support/samples.ts';

describe('a scalp', () => {
  it('is told with its money, its exits, its time and its reason', () => {
    const row = scalpRow(
      sampleScalp({
        side: 'short',
        size: '0.600',
        openSize: '0.600',
        entry: '64230.6',
        pnl: '-0.85400000',
        stop: '64300.0',
        trail: null,
        halfTarget: '64100.0',
        target: '64000.0',
        state: 'open',
        timeLeftMs: 75_000,
        timeLimitMs: 300_000,
      }),
    );
    expect(row).toMatchObject({
      side: 'SHORT',
      size: '0.600',
      entry: '64,230.6',
      pnl: '−0.85',
      pnlSign: -1,
      stop: '64,300.0',
      target: '64,100.0',
      code: 'STOP SET',
      left: '1:15',
      leftShare: 0.25,
      openedBy: 'flow · imbalance · momentum',
      score: '3/8',
    });
  });

  it('shows the trail in place of the stop, and the last target after the first', () => {
    const row = scalpRow(
      sampleScalp({ trail: '64229.7', halfTarget: null, target: '64300.0', state: 'trailing' }),
    );
    expect([row.stop, row.target, row.code]).toEqual(['64,229.7', '64,300.0', 'TRAILING']);
  });

  it('has the first target ahead until its half is closed', () => {
    const targets = { halfTarget: '64100.0', target: '64300.0', size: '0.400' };
    const target = (change: Parameters<typeof sampleScalp>[0]): string => {
      return scalpRow(sampleScalp({ ...targets, ...change })).target;
    };
    expect(target({ state: 'open', openSize: '0.400' })).toBe('64,100.0');
    expect(target({ state: 'half-out', openSize: '0.200' })).toBe('64,300.0');
    expect(target({ state: 'trailing', openSize: '0.200' })).toBe('64,300.0');
    expect(target({ state: 'trailing', openSize: '0.400' })).toBe('64,100.0');
    expect(scalpRow(sampleScalp({ stop: '', trail: null })).stop).toBe('–');
  });

  it('says UNPROTECTED before anything else', () => {
    const row = scalpRow(sampleScalp({ unprotected: true, state: 'trailing' }));
    expect([row.code, row.codeLook]).toEqual(['UNPROTECTED', 'danger']);
  });

  it('names the exit under way, and an unknown state by its name', () => {
    expect(scalpRow(sampleScalp({ state: 'exiting', exit: 'stop' }))).toMatchObject({
      code: 'EXITING',
      note: 'stop',
      isExiting: true,
    });
    expect(scalpRow(sampleScalp({ state: 'strange' })).code).toBe('STRANGE');
  });
});

describe('a decision', () => {
  it('is one line: time, code, sentence, sum', () => {
    const line = decisionLine(
      sampleDecision({
        symbol: 'DOGEUSDT',
        side: 'long',
        verdict: 'EDGE_BELOW_COST',
        entered: false,
        score: 0.41,
        agree: 4,
        why: 'edge 1.1 − fees 1.4 − slip 0.2 = -0.5 ticks',
      }),
    );
    expect(line).toEqual({
      sequence: 1,
      time: '14:32:07.402 118 067',
      code: 'EDGE_BELOW_COST',
      isEntry: false,
      subject: 'DOGEUSDT long',
      sentence: 'edge 1.1 − fees 1.4 − slip 0.2 =',
      result: '−0.5 ticks',
      resultSign: -1,
      tail: 'score +0.41, 4/8 agree',
    });
  });

  it('says what follows the sum apart from it, and the score once', () => {
    const line = decisionLine(
      sampleDecision({ why: 'edge 9.9 − fees 13.0 = −3.6 ticks; score −0.42, 5/8 agree' }),
    );
    expect([line.result, line.resultSign, line.tail]).toEqual([
      '−3.6 ticks',
      -1,
      'score −0.42, 5/8 agree',
    ]);
    expect(decisionLine(sampleDecision({ why: 'score +0.41, 3/8 agree' }))).toMatchObject({
      sentence: 'score +0.41, 3/8 agree',
      result: '',
      tail: '',
    });
  });

  it('knows whether edge and cost were weighed at all', () => {
    expect(isUnweighed(sampleDecision())).toBe(false);
    expect(isUnweighed(sampleDecision({ edgeTicks: 0, costTicks: 0 }))).toBe(true);
  });

  it('falls back to the code in words when there is no sentence', () => {
    const line = decisionLine(sampleDecision({ why: '', verdict: 'COOL_DOWN', entered: false }));
    expect([line.sentence, line.result, line.resultSign]).toEqual(['cool down', '', 0]);
  });

  it('adds up', () => {
    const decision = sampleDecision({
      edgeTicks: 3,
      feeTicks: 1.4,
      halfSpreadTicks: 0.5,
      slipTicks: 0.2,
      costTicks: 2.1,
    });
    expect(decisionSum(decision).map(({ value }) => value)).toEqual([
      '+3.00',
      '−1.40',
      '−0.50',
      '−0.20',
      '+0.90',
    ]);
  });
});

describe('latency', () => {
  const { latency } = sampleStatus();

  it('gives the slow hop the widest part of the strip', () => {
    const strip = latencyStrip(latency);
    expect(strip.map(({ stage }) => stage)).toEqual([
      'decode',
      'book',
      'signals',
      'decision',
      'gate',
      'encode',
      'send',
    ]);
    expect(strip.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100, 6);
    const widest = strip.toSorted((a, b) => b.percent - a.percent)[0];
    expect(widest?.stage).toBe('send');
  });

  it('has no strip before anything was measured, and dashes in the table', () => {
    const silent = latency.map((stage) => ({ ...stage, count: 0 }));
    expect(latencyStrip(silent)).toEqual([]);
    expect(latencyRow(silent[0] ?? latency[0]!)).toMatchObject({ p50: '–', max: '–' });
  });

  it('gives long times their own unit, so that columns hold', () => {
    const stage = { ...latency[0]!, p50: 1_933_000, p99: 22_544_000, p999: 180e6, max: 2.147e9 };
    const { p50, p99, p999, max } = latencyRow(stage);
    expect([p50, p99, p999, max]).toEqual(['1,933', '22.5ms', '180ms', '2.1s']);
  });

  it('marks a stage whose p99 is over its budget', () => {
    const [decode] = latency;
    expect(decode).toBeDefined();
    expect(latencyRow({ ...decode!, p99: 701, budget: 700 }).isOver).toBe(true);
    expect(latencyRow({ ...decode!, p99: 700, budget: 700 }).isOver).toBe(false);
    expect(latencyRow({ ...decode!, p99: 9e9, budget: null }).isOver).toBe(false);
  });
});

describe('imbalance', () => {
  it.each([
    [0.664, '+66'],
    [-1, '−100'],
    [0.004, '0'],
    [0, '0'],
  ])('shows %d as %s', (value, text) => {
    expect(imbalanceText(value)).toBe(text);
  });

  it('is brighter the stronger it is, never more than all', () => {
    expect(cellOpacity(0)).toBeLessThan(cellOpacity(0.5));
    expect(cellOpacity(-0.5)).toBe(cellOpacity(0.5));
    expect(cellOpacity(-7)).toBeLessThanOrEqual(1);
  });

  it('fits its columns into any width', () => {
    for (const width of [200, 300, 500, 980, 2400]) {
      const columns = columnsFor(width);
      expect(columns.cells + 5 * columns.cellWidth).toBeLessThanOrEqual(columns.strip);
      expect(columns.stripWidth).toBeGreaterThanOrEqual(0);
      if (width >= 300) {
        expect(columns.strip + columns.stripWidth).toBeLessThanOrEqual(width);
      }
    }
  });
});

function request(state: Request['state'], answeredAtMs: number | null): Request {
  return {
    command: { kind: 'arm', id: `${state}${answeredAtMs}`, strategy: null, symbol: 'BTCUSDT' },
    state,
    reason: 'because',
    sentAtMs: 0,
    answeredAtMs,
  };
}

describe('what the notice strip talks about', () => {
  it('a refusal before what is under way, and nothing that was shown long enough', () => {
    const refused = request('refused', 100);
    const pending = request('pending', null);
    expect(notableRequest([pending, refused], 0)).toBe(refused);
    expect(notableRequest([pending, refused], 100)).toBe(pending);
    expect(notableRequest([request('applied', 100)], 0)).toBeNull();
    expect(requestWords(refused)).toBe('Arm BTCUSDT');
  });
});
