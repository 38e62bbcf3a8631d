/**
 * documents: what a window keeps with its engine's host: workspaces and settings. They belong to
 * the person, not to a mode or a session, and are texts that only the window understands.
 *
 *   read          the newest revision
 *   readVersion   an older one, to look at or to write again
 *   write         refused unless `base` is the newest revision (0: there is none yet); the answer
 *                 then carries the newest, so that nothing that another window saved is lost
 *
 * Each request is answered once with a `document` of the same id. The same write asked twice is
 * saved once. After a write the other terminals get `documentChanged`.
 *
 * Imports   nothing.
 */
export const DOCUMENT_NAMES = ['workspaces', 'settings'] as const;
export type DocumentName = (typeof DOCUMENT_NAMES)[number];

/** Of a body, as UTF-8. */
export const DOCUMENT_BYTES_MAX = 262_144;
/** Revisions that can still be read. */
export const DOCUMENT_VERSIONS_MAX = 10;

export type DocumentRequest =
  | {
      readonly type: 'document';
      readonly id: string;
      readonly op: 'read';
      readonly name: DocumentName;
    }
  | {
      readonly type: 'document';
      readonly id: string;
      readonly op: 'readVersion';
      readonly name: DocumentName;
      readonly revision: number;
    }
  | {
      readonly type: 'document';
      readonly id: string;
      readonly op: 'write';
      readonly name: DocumentName;
      readonly base: number;
      readonly body: string;
    };

export interface DocumentVersion {
  readonly revision: number;
  readonly savedAtMs: number;
}

export interface DocumentAnswer {
  readonly type: 'document';
  readonly id: string;
  readonly name: DocumentName;
  /** Of `body`; 0 when there is no document yet. */
  readonly revision: number;
  readonly body: string | null;
  readonly savedAtMs: number;
  /** What can be read, newest first; the first is the document as it stands. */
  readonly versions: readonly DocumentVersion[];
  /** Why nothing was read or saved, in one line; null when it was. */
  readonly error: string | null;
}

/** Another terminal has saved a document. */
export interface DocumentChanged {
  readonly type: 'documentChanged';
  readonly name: DocumentName;
  readonly revision: number;
}
