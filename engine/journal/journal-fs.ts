/**
 * journal-fs: the few file operations of the journal, as a seam: tests put a failing disk behind
 * it.
 *
 * All synchronous: the journal has a thread of its own, and an order in which things reach the
 * disk.
 * Imports   nothing.
 */
import fs from 'node:fs';

export interface JournalFs {
  openSync(path: string, flags: string, mode?: number): number;
  writeSync(file: number, bytes: Uint8Array, offset: number, length: number): number;
  fdatasyncSync(file: number): void;
  fsyncSync(file: number): void;
  ftruncateSync(file: number, length: number): void;
  closeSync(file: number): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  mkdirSync(path: string, options: { recursive: true; mode: number }): unknown;
}

export const nodeFs: JournalFs = fs;

/** Writes all of `bytes`; a disk may take fewer at a time. */
export function writeFully(disk: JournalFs, file: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) at += disk.writeSync(file, bytes, at, bytes.length - at);
}

/** Makes a new or renamed entry of `folder` durable; not every platform can open a folder. */
export function syncFolder(disk: JournalFs, folder: string): void {
  let file: number;
  try {
    file = disk.openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    disk.fsyncSync(file);
  } catch {
    // Windows refuses to sync a folder; its rename is durable by other means.
  } finally {
    disk.closeSync(file);
  }
}

/** ENOSPC, EIO …, or the message of something else. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return error instanceof Error ? error.message : String(error);
}
