/**
 * engine-lock: one engine a data folder. Two would trade on the same account without knowing.
 *
 * The lock is a file made with O_EXCL that names its process and, on Linux, when that process
 * began, so that a process number used again is not taken for the engine. The lock of a dead
 * process is taken over.
 * Errors    EngineError 'runtime/already-running' naming process and folder.
 * Imports   base.
 */
import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../base/errors.ts';
import { controlPaths } from './control-paths.ts';

interface LockFacts {
  readonly processId: number;
  /** Start time in clock ticks since boot, as /proc gives it; '' elsewhere. */
  readonly processStart: string;
}

const ATTEMPTS_MAX = 5;

export class EngineLock {
  readonly file: string;
  readonly #text: string;

  private constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
  }

  /** Takes the lock of a data folder, or throws. */
  static take(dataFolder: string): EngineLock {
    const { lock } = controlPaths(dataFolder);
    fs.mkdirSync(path.dirname(lock), { recursive: true, mode: 0o700 });
    const facts: LockFacts = { processId: process.pid, processStart: startOf(process.pid) };
    const text = `${JSON.stringify(facts)}\n`;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (create(lock, text)) return new EngineLock(lock, text);
      const found = readText(lock);
      const holder = parse(found);
      if (holder !== null && isAlive(holder)) throw alreadyRunning(dataFolder, holder.processId);
      if (found !== null) removeStale(lock, found);
    }
    throw alreadyRunning(dataFolder, 0);
  }

  /** Gives the folder back. Leaves a lock alone that is not ours any more. */
  release(): void {
    if (readText(this.file) === this.#text) fs.rmSync(this.file, { force: true });
  }
}

function create(lock: string, text: string): boolean {
  try {
    fs.writeFileSync(lock, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale lock aside; a lock that someone else made meanwhile is put back. */
function removeStale(lock: string, stale: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    fs.renameSync(lock, aside);
  } catch {
    return;
  }
  if (readText(aside) !== stale) {
    try {
      fs.linkSync(aside, lock);
    } catch {
      // A third one holds the lock now; the next look will see it.
    }
  }
  fs.rmSync(aside, { force: true });
}

function readText(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function parse(text: string | null): LockFacts | null {
  try {
    const { processId, processStart } = JSON.parse(text ?? '') as Partial<LockFacts>;
    if (!Number.isSafeInteger(processId) || typeof processStart !== 'string') return null;
    return { processId: Number(processId), processStart };
  } catch {
    return null;
  }
}

function isAlive({ processId, processStart }: LockFacts): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    // Someone else's process may not be signalled, but it lives.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = startOf(processId);
  return start === '' || processStart === '' || start === processStart;
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and brackets. */
function startOf(processId: number): string {
  const stat = readText(`/proc/${processId}/stat`);
  if (stat === null) return '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function alreadyRunning(folder: string, processId: number): EngineError {
  return new EngineError(
    'runtime/already-running',
    `an engine (process ${processId}) already runs on ${folder}; stop it, or set --data-dir`,
    { folder, processId },
  );
}
