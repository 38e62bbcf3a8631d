/**
 * local-documents: documents in the browser's own storage, for a window whose engine keeps none.
 *
 * A document and its former versions are one entry, written by one call, so a crash leaves the old
 * one or the new one. What cannot be read counts as not there, and is kept aside untouched.
 *
 * Imports   commands/document-store.
 */
import {
  NO_REVISION,
  VERSIONS_KEPT,
  type DocumentStore,
  type StoredDocument,
  type WriteResult,
} from '../../commands/document-store.ts';

const PREFIX = 'tickdeck.document.';

/** Newest first. */
type Shelf = readonly StoredDocument[];

export class LocalDocuments implements DocumentStore {
  readonly #storage: Storage;
  readonly #now: () => number;

  constructor(storage: Storage, now: () => number = Date.now) {
    this.#storage = storage;
    this.#now = now;
  }

  async read(name: string): Promise<StoredDocument | null> {
    return this.#shelf(name)[0] ?? null;
  }

  async versions(name: string): Promise<readonly StoredDocument[]> {
    return this.#shelf(name).slice(1);
  }

  async write(name: string, baseRevision: number, body: string): Promise<WriteResult> {
    const shelf = this.#shelf(name);
    const [newest] = shelf;
    if (newest !== undefined && newest.revision !== baseRevision) {
      return { ok: false, why: 'conflict', newest };
    }
    const revision = (newest?.revision ?? NO_REVISION) + 1;
    const next = [{ revision, body, atMs: this.#now() }, ...shelf].slice(0, VERSIONS_KEPT + 1);
    try {
      this.#storage.setItem(PREFIX + name, JSON.stringify(next));
      return { ok: true, revision };
    } catch (error) {
      return { ok: false, why: 'failed', reason: error instanceof Error ? error.message : 'full' };
    }
  }

  #shelf(name: string): Shelf {
    const text = this.#storage.getItem(PREFIX + name);
    if (text === null) return [];
    const shelf = readShelf(text);
    if (shelf !== null) return shelf;
    try {
      this.#storage.setItem(`${PREFIX}${name}.damaged`, text);
      this.#storage.removeItem(PREFIX + name);
    } catch {
      // Nothing can be kept aside in a full storage; the damaged entry is overwritten later.
    }
    return [];
  }
}

function readShelf(text: string): Shelf | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every(isDocument) ? value : null;
  } catch {
    return null;
  }
}

function isDocument(value: unknown): value is StoredDocument {
  if (typeof value !== 'object' || value === null) return false;
  const { revision, body, atMs } = value as Readonly<Record<string, unknown>>;
  return typeof revision === 'number' && typeof body === 'string' && typeof atMs === 'number';
}
