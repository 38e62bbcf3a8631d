/**
 * decision-rows: a decision as a line, and as the sum that decided. Pure.
 *
 * Imports   contract, format.
 */
import type { DecisionEvent } from '../../../engine/contract/events.ts';
import { signed } from '../../format/numbers.ts';
import { clockNs } from '../../format/times.ts';
import { verdictWords } from '../../format/words.ts';

export interface DecisionLine {
  readonly sequence: number;
  readonly time: string;
  readonly code: string;
  readonly isEntry: boolean;
  readonly subject: string;
  readonly sentence: string;
  /** What is left after the "=" of the sum, when there is one: it is set off by colour. */
  readonly result: string;
  readonly resultSign: number;
  readonly tail: string;
}

export function decisionLine(decision: DecisionEvent): DecisionLine {
  const { sentence, result } = splitSum(decision.why);
  const side = decision.side === 'none' ? '' : ` ${decision.side}`;
  return {
    sequence: decision.sequence,
    time: clockNs(decision.atMs, decision.nanos),
    code: decision.entered ? 'ENTERED' : decision.verdict,
    isEntry: decision.entered,
    subject: `${decision.symbol}${side}`,
    sentence: sentence === '' ? verdictWords(decision.verdict) : sentence,
    result,
    resultSign: result.startsWith('−') || result.startsWith('-') ? -1 : result === '' ? 0 : 1,
    tail: `score ${decision.score.toFixed(2)}, ${decision.agree}/8 agree`,
  };
}

/** "edge 1.1 − fees 1.4 = −0.3 ticks" → ["edge 1.1 − fees 1.4 =", "−0.3 ticks"]. */
function splitSum(why: string): { readonly sentence: string; readonly result: string } {
  const at = why.lastIndexOf('= ');
  if (at < 0) return { sentence: why, result: '' };
  return { sentence: why.slice(0, at + 1), result: why.slice(at + 2).replace(/^-/, '−') };
}

export interface SumLine {
  readonly word: string;
  readonly value: string;
  readonly isTotal: boolean;
}

/** The sum behind a decision, line by line, in ticks. */
export function decisionSum(decision: DecisionEvent): readonly SumLine[] {
  return [
    sumLine('expected edge', decision.edgeTicks),
    sumLine('fees, both ways', -decision.feeTicks),
    sumLine('half spread', -decision.halfSpreadTicks),
    sumLine('slip', -decision.slipTicks),
    sumLine('left', decision.edgeTicks - decision.costTicks, true),
  ];
}

function sumLine(word: string, value: number, isTotal = false): SumLine {
  return { word, value: signed(value, 2), isTotal };
}
