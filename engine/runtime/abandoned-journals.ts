/**
 * abandoned-journals: each seek backward in a replay begins another session with a journal of its
 * own; of those that were left so, the newest few stay.
 *
 * Only journals that this process has left are ever deleted.
 * Writer    host thread, after the journal's thread has ended. Errors: none thrown.
 * Imports   journal.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseSegmentName } from '../journal/record.ts';

export const ABANDONED_KEPT = 3;

export class AbandonedJournals {
  readonly #sessions: string[] = [];

  add(folder: string, session: string): void {
    this.#sessions.push(session);
    while (this.#sessions.length > ABANDONED_KEPT) remove(folder, this.#sessions.shift()!);
  }
}

function remove(folder: string, session: string): void {
  try {
    for (const name of fs.readdirSync(folder)) {
      if (parseSegmentName(name)?.session === session) fs.rmSync(path.join(folder, name));
    }
  } catch {
    // A file that stays costs room, nothing else; the folder's bound is a person's to keep.
  }
}
