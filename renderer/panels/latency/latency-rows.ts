/**
 * latency-rows: the strip and the table of the latency panel. Pure: a status in, rows out.
 *
 * The strip shows the hops that make up the way from a message to an order, by their medians: the
 * slow hop is the widest. Whole spans (the way itself, the turn, the venue) are in the table only.
 *
 * Imports   contract, format.
 */
import type { StageLatency } from '../../../engine/contract/status.ts';
import { duration, shortMicros } from '../../format/numbers.ts';

/** Hops in the order of the way, with short words and colours. */
const HOPS: Readonly<Record<string, readonly [word: string, colour: string]>> = {
  decode: ['decode', 'var(--stage-decode)'],
  book: ['book', 'var(--stage-book)'],
  signals: ['signals', 'var(--stage-signals)'],
  decision: ['decide', 'var(--stage-decision)'],
  gate: ['gate', 'var(--stage-gate)'],
  encode: ['encode', 'var(--stage-encode)'],
  send: ['send', 'var(--stage-send)'],
};

const WORDS: Readonly<Record<string, string>> = {
  decode: 'decode',
  book: '→ book',
  signals: '→ signals',
  decision: '→ decision',
  gate: '→ gate',
  encode: '→ encode',
  send: '→ send',
  'receive-to-sent': 'tick to order',
  'sent-to-ack': 'order to ack',
  'ack-to-fill': 'ack to fill',
  turn: 'whole turn',
  'loop-lag': 'loop lag',
};

export interface Segment {
  readonly stage: string;
  readonly word: string;
  readonly colour: string;
  readonly percent: number;
  readonly title: string;
}

export interface LatencyRow {
  readonly stage: string;
  readonly word: string;
  readonly p50: string;
  readonly p99: string;
  readonly p999: string;
  readonly max: string;
  readonly budget: string;
  readonly isOver: boolean;
  readonly isWhole: boolean;
  readonly title: string;
}

export function latencyStrip(stages: readonly StageLatency[]): readonly Segment[] {
  const hops = stages.filter(({ stage, count }) => stage in HOPS && count > 0);
  const total = hops.reduce((sum, { p50 }) => sum + p50, 0);
  if (total <= 0) return [];
  return hops.map(({ stage, p50 }) => {
    const [word, colour] = HOPS[stage] ?? [stage, ''];
    const percent = (100 * p50) / total;
    const text = percent > 24 ? `${word} ${duration(p50)}` : percent > 12 ? word : '';
    return { stage, word: text, colour, percent, title: `${word}: median ${duration(p50)}` };
  });
}

/** Microseconds with three digits; a stage that nothing was recorded of shows dashes. */
export function latencyRow(stage: StageLatency): LatencyRow {
  const show = (ns: number): string => (stage.count === 0 ? '–' : shortMicros(ns));
  const { budget } = stage;
  return {
    stage: stage.stage,
    word: WORDS[stage.stage] ?? stage.stage,
    p50: show(stage.p50),
    p99: show(stage.p99),
    p999: show(stage.p999),
    max: show(stage.max),
    budget: budget === null ? '–' : shortMicros(budget),
    isOver: budget !== null && stage.count > 0 && stage.p99 > budget,
    isWhole: !(stage.stage in HOPS),
    title: `${stage.count} measured`,
  };
}
