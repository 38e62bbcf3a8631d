/**
 * engine-documents: documents kept by the engine's host, as a DocumentStore. How they are asked for
 * is given: three calls that answer once, over a reconnect too, or fail in words.
 *
 * Imports   commands/document-store.
 */
import type { DocumentStore, StoredDocument, WriteResult } from '../../commands/document-store.ts';

/** A document as the host tells it; `body` is null while there is none. */
export interface HeldDocument {
  readonly revision: number;
  readonly body: string | null;
  readonly savedAtMs: number;
  /** Newest first; the first is the document as it stands. */
  readonly versions: readonly { readonly revision: number; readonly savedAtMs: number }[];
}

export type HeldWrite =
  | { readonly kind: 'saved'; readonly document: HeldDocument }
  | {
      readonly kind: 'conflict' | 'refused';
      readonly document: HeldDocument;
      readonly reason: string;
    };

export interface DocumentCalls {
  read(name: string): Promise<HeldDocument>;
  readVersion(name: string, revision: number): Promise<HeldDocument>;
  write(name: string, base: number, body: string): Promise<HeldWrite>;
}

export class EngineDocuments implements DocumentStore {
  readonly #calls: DocumentCalls;

  constructor(calls: DocumentCalls) {
    this.#calls = calls;
  }

  async read(name: string): Promise<StoredDocument | null> {
    return stored(await this.#calls.read(name));
  }

  async write(name: string, baseRevision: number, body: string): Promise<WriteResult> {
    try {
      const answer = await this.#calls.write(name, baseRevision, body);
      if (answer.kind === 'saved') return { ok: true, revision: answer.document.revision };
      const newest = stored(answer.document);
      if (answer.kind === 'conflict' && newest !== null) {
        return { ok: false, why: 'conflict', newest };
      }
      return { ok: false, why: 'failed', reason: answer.reason };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ok: false, why: 'failed', reason };
    }
  }

  async versions(name: string): Promise<readonly StoredDocument[]> {
    const { versions } = await this.#calls.read(name);
    const former = versions.slice(1).map(({ revision }) => this.#calls.readVersion(name, revision));
    return (await Promise.all(former)).map(stored).filter((document) => document !== null);
  }
}

function stored({ revision, body, savedAtMs }: HeldDocument): StoredDocument | null {
  return body === null ? null : { revision, body, atMs: savedAtMs };
}
