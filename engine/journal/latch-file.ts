/**
 * latch-file: two facts that must survive a crash, as files whose presence alone is the fact.
 *
 * exposed.json  written and synced before anything is armed or sent; removed only when the engine
 *               is disarmed, flat and without open orders. Found at start: the session before ended
 *               while orders may have existed, so the engine starts HALTED and reconciles by order
 *               prefix.
 * halted.json   written when HALTED latches (kill, reconcile mismatch …); removed when a person
 *               resumes by typing. Found at start: HALTED.
 *
 * A file that is there but cannot be read counts as there: the latch errs to the safe side.
 * Imports   base, ./atomic-file, ./journal-fs.
 */
import path from 'node:path';
import { readFileIfAny, removeFile, writeFileAtomic } from './atomic-file.ts';
import { nodeFs, type JournalFs } from './journal-fs.ts';

export interface Exposure {
  readonly session: string;
  /** Client order ids of that session start with this; '' when the file was unreadable. */
  readonly orderPrefix: string;
  readonly mode: string;
  readonly atWallMs: number;
  readonly processId: number;
}

export interface Halt {
  readonly session: string;
  readonly reason: string;
  readonly atWallMs: number;
}

const VERSION = 1;

export class LatchFile<Facts extends object> {
  readonly file: string;
  readonly #unreadable: Facts;
  readonly #isFacts: (value: object) => value is Facts;
  readonly #disk: JournalFs;

  constructor(
    file: string,
    unreadable: Facts,
    isFacts: (value: object) => value is Facts,
    disk: JournalFs = nodeFs,
  ) {
    this.file = file;
    this.#unreadable = unreadable;
    this.#isFacts = isFacts;
    this.#disk = disk;
  }

  /** Durable when this returns; throws EngineError 'journal/write-failed' when it cannot be. */
  set(facts: Facts): void {
    const text = `${JSON.stringify({ version: VERSION, ...facts }, null, 2)}\n`;
    writeFileAtomic(this.file, text, this.#disk);
  }

  clear(): void {
    removeFile(this.file, this.#disk);
  }

  /** The facts, or null when the latch is not set. */
  read(): Facts | null {
    let text: string | null;
    try {
      text = readFileIfAny(this.file);
    } catch {
      return this.#unreadable;
    }
    if (text === null) return null;
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && this.#isFacts(value)) return value;
    } catch {
      // A file that is no JSON is a latch all the same.
    }
    return this.#unreadable;
  }
}

export function exposureLatch(folder: string, disk: JournalFs = nodeFs): LatchFile<Exposure> {
  const unreadable = { session: '', orderPrefix: '', mode: '', atWallMs: 0, processId: 0 };
  return new LatchFile(path.join(folder, 'exposed.json'), unreadable, isExposure, disk);
}

export function haltLatch(folder: string, disk: JournalFs = nodeFs): LatchFile<Halt> {
  const unreadable = { session: '', reason: 'halted.json cannot be read', atWallMs: 0 };
  return new LatchFile(path.join(folder, 'halted.json'), unreadable, isHalt, disk);
}

function isExposure(value: object): value is Exposure {
  return (
    hasTexts(value, ['session', 'orderPrefix', 'mode']) &&
    hasNumbers(value, ['atWallMs', 'processId'])
  );
}

function isHalt(value: object): value is Halt {
  return hasTexts(value, ['session', 'reason']) && hasNumbers(value, ['atWallMs']);
}

function hasTexts(value: object, names: readonly string[]): boolean {
  const fields = value as Record<string, unknown>;
  return names.every((name) => typeof fields[name] === 'string');
}

function hasNumbers(value: object, names: readonly string[]): boolean {
  const fields = value as Record<string, unknown>;
  return names.every((name) => Number.isFinite(fields[name]));
}
