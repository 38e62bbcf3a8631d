/**
 * decision-rows: a decision as a line, and as the sum that decided. Pure.
 *
 * Imports   contract, format.
 */
import type { DecisionEvent } from '../../../engine/contract/events.ts';
import { MINUS, signed } from '../../format/numbers.ts';
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
  const { sentence, result, rest } = splitSum(decision.why);
  const side = decision.side === 'none' ? '' : ` ${decision.side}`;
  const score = `score ${signed(decision.score, 2)}, ${decision.agree}/8 agree`;
  return {
    sequence: decision.sequence,
    time: clockNs(decision.atMs, decision.nanos),
    code: decision.entered ? 'ENTERED' : decision.verdict,
    isEntry: decision.entered,
    subject: `${decision.symbol}${side}`,
    sentence: sentence === '' ? verdictWords(decision.verdict) : sentence,
    result,
    resultSign: result === '' ? 0 : result.startsWith(MINUS) ? -1 : 1,
    tail: rest !== '' ? rest : decision.why.includes('score') ? '' : score,
  };
}

interface Split {
  readonly sentence: string;
  readonly result: string;
  readonly rest: string;
}

/** "edge 1.1 − fees 1.4 = −0.3 ticks; score …": the sum, its result, what is said after it. */
function splitSum(why: string): Split {
  const found = /^(.*=) ([-−+]?[\d.]+ ?\w*)(?:[;,] (.*))?$/.exec(why);
  if (found === null) return { sentence: why, result: '', rest: '' };
  const [, sentence = '', result = '', rest = ''] = found;
  return { sentence, result: result.replace(/^-/, MINUS), rest };
}

/** True when the veto came before edge and cost were weighed: there is no sum to show. */
export function isUnweighed({ edgeTicks, costTicks }: DecisionEvent): boolean {
  return edgeTicks === 0 && costTicks === 0;
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
