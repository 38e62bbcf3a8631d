/**
 * groups: which tests there are, in the order in which they run, and how each kind is run.
 *
 * The quick and telling ones come first. Groups that need the machine for themselves (real threads,
 * allocation, whole processes) run one file at a time.
 *
 * Imports   nothing.
 */

export interface Group {
  readonly name: string;
  /** A folder under test/. Files below it that end in `.test.ts` or `.test.tsx` belong to it. */
  readonly folder: string;
  readonly runner: 'node' | 'vitest';
  /** Files at the same time. */
  readonly concurrency: number;
  /** Flags of the process that runs a file. */
  readonly execArgv: readonly string[];
  /** A file that takes longer is stopped and counts as failed. */
  readonly timeoutMs: number;
}

/**
 * Flags of the allocation gate: a small fixed young generation, `gc()`, and a V8 that compiles
 * where it stands. Else its other thread decides when a function is optimised, so that what is
 * measured depends on how busy the machine is. Only the command line can say so: once started, V8
 * has the thread and uses it.
 */
export const ALLOCATION_FLAGS: readonly string[] = [
  '--expose-gc',
  '--max-semi-space-size=16',
  '--min-semi-space-size=16',
  '--no-concurrent-recompilation',
];

const MINUTE_MS = 60_000;

function nodeGroup(folder: string, concurrency: number, execArgv: readonly string[] = []): Group {
  return { name: folder, folder, runner: 'node', concurrency, execArgv, timeoutMs: 4 * MINUTE_MS };
}

export const GROUPS: readonly Group[] = [
  nodeGroup('tidy', 2),
  nodeGroup('unit', 2),
  nodeGroup('property', 2),
  nodeGroup('golden', 2),
  nodeGroup('concurrency', 1),
  nodeGroup('simulation', 1),
  // Millions of turns, compiled where it stands: seconds alone, minutes on a crowded machine.
  { ...nodeGroup('allocation', 1, ALLOCATION_FLAGS), timeoutMs: 8 * MINUTE_MS },
  {
    name: 'renderer',
    folder: 'renderer',
    runner: 'vitest',
    concurrency: 2,
    execArgv: [],
    timeoutMs: 4 * MINUTE_MS,
  },
  nodeGroup('e2e', 1),
  nodeGroup('electron', 1),
  nodeGroup('electron-real', 1),
  nodeGroup('packaging', 1),
];
