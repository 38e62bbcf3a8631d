/**
 * retake: takes the golden hash anew after a change that is meant to change decisions.
 *
 *   node test/golden/retake.ts
 *
 * Imports   ./session-run.
 */
import { isDeepStrictEqual } from 'node:util';
import { readGolden, runGolden, writeGolden } from './session-run.ts';

const golden = runGolden();
let before: unknown = null;
try {
  before = readGolden();
} catch {
  // The first one.
}
writeGolden(golden);
const change = isDeepStrictEqual(before, golden) ? 'unchanged' : `was ${JSON.stringify(before)}`;
process.stdout.write(`${JSON.stringify(golden)}\n${change}\n`);
