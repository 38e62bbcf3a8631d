/**
 * palette-filter: which actions a typed text means, best first. Pure.
 *
 * Every word of the text must be found: as the beginning of a word (best), inside one, or, for two
 * letters and more, as letters in order. An action that asks for an exact text is found by that
 * text alone, and then comes first: nothing is killed by a typo.
 *
 * Imports   ./action.
 */
import type { Action } from './action.ts';

const WORD_START = 12;
const INSIDE = 6;
const IN_ORDER = 1;
const TITLE_START = 6;
/** What cannot be done now comes after what can. */
const NOT_NOW = 5;
export const SHOWN_MAX = 60;

export function findActions(actions: readonly Action[], typed: string): readonly Action[] {
  const text = clean(typed);
  const found = actions
    .map((action, order) => ({ action, order, score: scoreOf(action, text) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.order - b.order);
  return found.slice(0, SHOWN_MAX).map(({ action }) => action);
}

export function scoreOf(action: Action, text: string): number {
  if (action.isKeyOnly === true) return 0;
  if (action.exactly !== undefined) return text === clean(action.exactly) ? 1e6 : 0;
  if (text === '') return 1;
  const title = clean(action.title);
  const target = `${title} ${clean(action.group)} ${clean(action.words ?? '')}`;
  let sum = title.startsWith(text) ? TITLE_START : 0;
  for (const word of text.split(' ')) {
    const score = wordScore(target, title, word);
    if (score === 0) return 0;
    sum += score;
  }
  const isNow = (action.why?.() ?? null) === null;
  return Math.max(0.1, sum - title.length / 100 - (isNow ? 0 : NOT_NOW));
}

function wordScore(target: string, title: string, word: string): number {
  if (` ${target}`.includes(` ${word}`)) return WORD_START + word.length;
  if (target.includes(word)) return INSIDE + word.length;
  return word.length > 1 && isInOrder(title, word) ? IN_ORDER : 0;
}

/** The letters one after the other, the first at the beginning of a word. */
function isInOrder(text: string, letters: string): boolean {
  for (let from = 0; from < text.length; from++) {
    const isStart = from === 0 || text[from - 1] === ' ';
    if (!isStart || text[from] !== letters[0]) continue;
    let at = from;
    for (const letter of letters) {
      at = text.indexOf(letter, at) + 1;
      if (at === 0) break;
    }
    if (at > 0) return true;
  }
  return false;
}

function clean(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}%]+/gu, ' ')
    .trim();
}
