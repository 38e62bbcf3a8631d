/**
 * session-run: the fixed short session whose journal is golden, and its hash.
 *
 * The golden value stands in session.golden.json. After a change that is meant to change decisions:
 *
 *   node test/golden/session-run.ts
 *
 * Imports   engine (core, journal, memory, replay).
 */
import { isDeepStrictEqual } from 'node:util';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandCode } from '../../engine/core/command-codes.ts';
import type { PipelineOptions } from '../../engine/core/pipeline-options.ts';
import { SlotHash } from '../../engine/journal/slot-hash.ts';
import { SlotBuffer } from '../../engine/memory/slot-buffer.ts';
import { VirtualSession } from '../../engine/replay/virtual-session.ts';

export const GOLDEN_SEED = 7;
export const GOLDEN_SECONDS = 60;
export const GOLDEN_ARMED_AT_MS = 2_000;
const FILE = path.join(import.meta.dirname, 'session.golden.json');

export interface GoldenSession {
  readonly sha256: string;
  readonly slots: number;
  readonly decisions: number;
  readonly orders: number;
  readonly fills: number;
}

/** A run of whole records, valid until the consumer returns. */
export type SlotsTaken = (words: Int32Array, doubles: Float64Array, count: number) => void;

/** Everything armed from 2 s on, up to `seconds`. */
export function runGolden(
  pipeline: Partial<PipelineOptions> = {},
  seed = GOLDEN_SEED,
  onSlots: SlotsTaken = () => undefined,
): GoldenSession {
  const hash = new SlotHash();
  const journal = new SlotBuffer(65_536, (words, doubles, count) => {
    hash.update(words, 0, count);
    onSlots(words, doubles, count);
  });
  const session = new VirtualSession({ seed, journal, pipeline });
  session.runTo(GOLDEN_ARMED_AT_MS);
  session.command(CommandCode.Arm);
  session.runTo(GOLDEN_SECONDS * 1000);
  journal.flush();
  const { desk, decisionCount } = session.core.pipeline;
  const { placed: orders, fills } = desk.counts;
  const { slots } = hash;
  return { sha256: hash.digest(), slots, decisions: decisionCount, orders, fills };
}

export function readGolden(): GoldenSession {
  return JSON.parse(readFileSync(FILE, 'utf8')) as GoldenSession;
}

export function writeGolden(golden: GoldenSession): void {
  writeFileSync(FILE, `${JSON.stringify(golden, null, 2)}\n`);
}

/** `node test/golden/session-run.ts` takes the hash anew after a change that is meant to decide. */
if (import.meta.main) {
  const golden = runGolden();
  const isSame = isDeepStrictEqual(readGolden(), golden);
  writeGolden(golden);
  process.stdout.write(`${JSON.stringify(golden)} ${isSame ? 'unchanged' : 'changed'}\n`);
}
