/** stages and counters: every number has its name, in order. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Counter, COUNTER_COUNT, COUNTER_NAMES } from '../../../../engine/telemetry/counters.ts';
import { Stage, STAGE_COUNT, STAGE_NAMES } from '../../../../engine/telemetry/stages.ts';

const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at: number) => (at > 0 ? '-' : '') + letter.toLowerCase());

describe('names of stages and counters', () => {
  for (const [what, numbers, names, count] of [
    ['stages', Stage, STAGE_NAMES, STAGE_COUNT],
    ['counters', Counter, COUNTER_NAMES, COUNTER_COUNT],
  ] as const) {
    it(`${what} are numbered from 0 without holes and named after their keys`, () => {
      assert.equal(Object.keys(numbers).length, count);
      for (const [key, number] of Object.entries(numbers)) assert.equal(names[number], kebab(key));
    });
  }
});
