/**
 * document-store: where the window keeps what a person arranged: workspaces, keys. A document has a
 * name, a text and a revision; a write says on which revision it builds, and is refused when that
 * is no longer the newest. Former versions can be read and put back.
 *
 * Imports   nothing.
 */
export interface StoredDocument {
  readonly revision: number;
  readonly body: string;
  /** When it was written, wall clock. */
  readonly atMs: number;
}

export type WriteResult =
  | { readonly ok: true; readonly revision: number }
  /** Somebody else wrote first: the newest document is given along. */
  | { readonly ok: false; readonly why: 'conflict'; readonly newest: StoredDocument }
  | { readonly ok: false; readonly why: 'failed'; readonly reason: string };

export interface DocumentStore {
  /** Null when there is none yet. */
  read(name: string): Promise<StoredDocument | null>;
  write(name: string, baseRevision: number, body: string): Promise<WriteResult>;
  /** Former versions, newest first, the present one left out. */
  versions(name: string): Promise<readonly StoredDocument[]>;
}

/** What a document that does not exist yet is built on. */
export const NO_REVISION = 0;
export const VERSIONS_KEPT = 10;
