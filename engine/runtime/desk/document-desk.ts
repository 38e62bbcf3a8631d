/**
 * document-desk: answers what terminals ask of documents, in words when it cannot.
 *
 * A body is a text that only windows understand, with one exception: the settings also hold
 * overrides of the engine's configuration, which `check` looks at before they are saved.
 *
 * Writer    host thread. Imports base, contract, ./document-store.
 */
import { messageOf } from '../../base/errors.ts';
import type { DocumentAnswer, DocumentName, DocumentRequest } from '../../contract/documents.ts';
import type { Alerts } from '../alerts.ts';
import type { DocumentFile } from './document-file.ts';
import { DocumentStore } from './document-store.ts';

export interface BodyCheck {
  readonly name: DocumentName;
  readonly body: string;
  readonly current: string | null;
  readonly holdsLease: boolean;
}

export class DocumentDesk {
  readonly #store: DocumentStore | null;
  readonly #check: (asked: BodyCheck) => string | null;

  /** Without a store (an engine that has no folder for it) every request is answered with no. */
  constructor(
    store: DocumentStore | null,
    check: (asked: BodyCheck) => string | null = () => null,
  ) {
    this.#store = store;
    this.#check = check;
  }

  answer(request: DocumentRequest, holdsLease: boolean): DocumentAnswer {
    if (this.#store === null) return answerOf(request, null, 'this engine keeps no documents');
    try {
      return this.#answer(request, this.#store, holdsLease);
    } catch (error) {
      return answerOf(request, null, messageOf(error));
    }
  }

  #answer(request: DocumentRequest, store: DocumentStore, holdsLease: boolean): DocumentAnswer {
    const { name } = request;
    switch (request.op) {
      case 'read':
        return answerOf(request, store.read(name), null);
      case 'readVersion':
        return this.#version(request, store);
      case 'write':
        return this.#write(request, store, holdsLease);
    }
  }

  #version(
    request: Extract<DocumentRequest, { op: 'readVersion' }>,
    store: DocumentStore,
  ): DocumentAnswer {
    const { name, revision } = request;
    const current = store.read(name);
    const file = store.version(name, revision);
    if (file === null) {
      return answerOf(request, current, `revision ${revision} of the ${name} is not kept`);
    }
    return answerOf(request, { ...file, versions: current?.versions ?? [] }, null);
  }

  #write(
    request: Extract<DocumentRequest, { op: 'write' }>,
    store: DocumentStore,
    holdsLease: boolean,
  ): DocumentAnswer {
    const { name, base, body } = request;
    const current = store.read(name);
    const problem = this.#check({ name, body, current: current?.body ?? null, holdsLease });
    if (problem !== null) return answerOf(request, current, problem);
    const outcome = store.write(name, base, body);
    if (outcome.kind === 'saved') return answerOf(request, outcome.file, null);
    const revision = outcome.current?.revision ?? 0;
    const text = `the ${name} changed elsewhere: revision ${revision}, not ${base}, is current`;
    return answerOf(request, outcome.current, text);
  }
}

/** The desk of an engine. */
export function openDocumentDesk(
  options: {
    readonly deskFolder?: string;
    readonly configuration?: { readonly check: (asked: BodyCheck) => string | null };
  },
  alerts: Alerts,
): DocumentDesk {
  const { deskFolder: folder, configuration } = options;
  if (folder === undefined) return new DocumentDesk(null);
  const onDamaged = (text: string): void => alerts.add('warn', 'document-damaged', text);
  const store = new DocumentStore({ folder, nowMs: () => Date.now(), onDamaged });
  return new DocumentDesk(store, (asked) => configuration?.check(asked) ?? null);
}

function answerOf(
  { id, name }: DocumentRequest,
  file: DocumentFile | null,
  error: string | null,
): DocumentAnswer {
  return {
    type: 'document',
    id,
    name,
    revision: file?.revision ?? 0,
    body: file?.body ?? null,
    savedAtMs: file?.savedAtMs ?? 0,
    versions: file?.versions ?? [],
    error,
  };
}
