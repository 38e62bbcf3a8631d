/**
 * fake-documents: the documents of a fake engine, in memory, with the rules of the real desk.
 *
 * Imports   engine/contract.
 */
import type {
  DocumentAnswer,
  DocumentName,
  DocumentRequest,
  DocumentVersion,
} from '../../engine/contract/documents.ts';

interface Saved extends DocumentVersion {
  readonly body: string;
}

export class FakeDocuments {
  readonly #saved = new Map<DocumentName, Saved[]>();
  /** Why the next writes are refused; null: they are not. */
  refusal: string | null = null;

  /** Newest first. */
  versions(name: DocumentName): readonly Saved[] {
    return this.#saved.get(name) ?? [];
  }

  save(name: DocumentName, body: string): void {
    const known = this.versions(name);
    const revision = (known[0]?.revision ?? 0) + 1;
    this.#saved.set(name, [{ revision, savedAtMs: Date.now(), body }, ...known].slice(0, 10));
  }

  answer(request: DocumentRequest): DocumentAnswer {
    const { name } = request;
    const current = this.versions(name)[0];
    if (request.op === 'readVersion') {
      const found = this.versions(name).find(({ revision }) => revision === request.revision);
      return this.#say(request, found ?? current, found === undefined ? 'is not kept' : null);
    }
    if (request.op === 'read') return this.#say(request, current, null);
    if (this.refusal !== null) return this.#say(request, current, this.refusal);
    if (request.base !== (current?.revision ?? 0)) {
      return this.#say(request, current, `the ${name} were changed elsewhere`);
    }
    this.save(name, request.body);
    return this.#say(request, this.versions(name)[0], null);
  }

  #say(request: DocumentRequest, saved: Saved | undefined, error: string | null): DocumentAnswer {
    const { id, name } = request;
    const versions = this.versions(name).map(({ revision, savedAtMs }) => ({
      revision,
      savedAtMs,
    }));
    return {
      type: 'document',
      id,
      name,
      revision: saved?.revision ?? 0,
      body: saved?.body ?? null,
      savedAtMs: saved?.savedAtMs ?? 0,
      versions,
      error,
    };
  }
}
