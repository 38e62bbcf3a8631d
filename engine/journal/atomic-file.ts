/**
 * atomic-file: small files that are either the old or the new whole, whatever happens in between.
 *
 * Written beside the target, synced, renamed over it, and the folder synced. A file left by a write
 * that never came to its rename is harmless and overwritten by the next one.
 * Errors    EngineError 'journal/write-failed' with the file and the reason.
 * Imports   base, ./journal-fs.
 */
import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../base/errors.ts';
import { errorCodeOf, nodeFs, syncFolder, writeFully, type JournalFs } from './journal-fs.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export function writeFileAtomic(file: string, text: string, disk: JournalFs = nodeFs): void {
  const folder = path.dirname(file);
  const fresh = `${file}.new`;
  try {
    disk.mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    const handle = disk.openSync(fresh, 'w', FILE_MODE);
    try {
      writeFully(disk, handle, Buffer.from(text));
      disk.fsyncSync(handle);
    } finally {
      disk.closeSync(handle);
    }
    disk.renameSync(fresh, file);
    syncFolder(disk, folder);
  } catch (error) {
    const reason = errorCodeOf(error);
    throw new EngineError(
      'journal/write-failed',
      `${file} could not be written (${reason}); make room or check the rights of its folder`,
      { file, reason },
      error,
    );
  }
}

/** The text of a file, or null when there is none. */
export function readFileIfAny(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Removes a file durably; fine when there is none. */
export function removeFile(file: string, disk: JournalFs = nodeFs): void {
  try {
    disk.unlinkSync(file);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return;
    throw error;
  }
  syncFolder(disk, path.dirname(file));
}
