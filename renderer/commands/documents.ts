/**
 * documents: what this window keeps with its engine: workspaces and settings, as texts.
 *
 * Reading and writing work over a reconnect. A write names the revision that it started from; when
 * another window has saved since, nothing is written and the answer holds what is there now.
 *
 * Errors    Error in words when nothing was answered, or when the engine could not read or save.
 * Imports   contract, link.
 */
import type { ConfigurationField } from '../../engine/contract/configuration.ts';
import type {
  DocumentAnswer,
  DocumentName,
  DocumentRequest,
  DocumentVersion,
} from '../../engine/contract/documents.ts';
import { DOCUMENT_BYTES_MAX } from '../../engine/contract/documents.ts';
import { documentChanges, engineLink } from '../link/engine-link.ts';

export interface WindowDocument {
  /** Revision of `body`; 0 when nothing was ever saved. */
  readonly revision: number;
  readonly body: string | null;
  readonly savedAtMs: number;
  /** Newest first. */
  readonly versions: readonly DocumentVersion[];
}

export type WriteResult =
  | { readonly kind: 'saved'; readonly document: WindowDocument }
  /** Somebody else saved first; `document` is theirs. Nothing was written. */
  | { readonly kind: 'conflict'; readonly document: WindowDocument; readonly reason: string }
  /** The engine said no (a value out of range, a full disk). Nothing was written. */
  | { readonly kind: 'refused'; readonly document: WindowDocument; readonly reason: string };

export async function readDocument(name: DocumentName): Promise<WindowDocument> {
  return sound(await ask({ type: 'document', id: crypto.randomUUID(), op: 'read', name }));
}

/** An older revision; write its body to make it the newest again. */
export async function readDocumentVersion(
  name: DocumentName,
  revision: number,
): Promise<WindowDocument> {
  const id = crypto.randomUUID();
  return sound(await ask({ type: 'document', id, op: 'readVersion', name, revision }));
}

/** `base`: the revision that the text was made from; 0 for the first ever. */
export async function writeDocument(
  name: DocumentName,
  base: number,
  body: string,
): Promise<WriteResult> {
  const bytes = new TextEncoder().encode(body).length;
  if (bytes > DOCUMENT_BYTES_MAX) {
    throw new Error(`the ${name} take ${bytes} bytes; at most ${DOCUMENT_BYTES_MAX} can be kept`);
  }
  const id = crypto.randomUUID();
  const answer = await ask({ type: 'document', id, op: 'write', name, base, body });
  if (answer.error === null) return { kind: 'saved', document: answer };
  const kind = answer.revision === base ? 'refused' : 'conflict';
  return { kind, document: answer, reason: answer.error };
}

/**
 * Calls `listener` when a document may have changed elsewhere: another window saved it, or this one
 * was away. Returns the end of it.
 */
export function onDocumentChange(name: DocumentName, listener: () => void): () => void {
  return documentChanges.add((changed) => {
    if (changed === null || changed === name) listener();
  });
}

async function ask(request: DocumentRequest): Promise<DocumentAnswer> {
  const link = engineLink();
  if (link === null) throw new Error('not connected to the engine: nothing was sent');
  const answer = await link.question(request);
  if (answer.type !== 'document') throw new Error('the engine answered something else');
  return answer;
}

function sound(answer: DocumentAnswer): WindowDocument {
  if (answer.error !== null) throw new Error(answer.error);
  return answer;
}

/** Every setting of the engine that runs, with what it does and where it comes from. */
export async function readConfiguration(): Promise<readonly ConfigurationField[]> {
  const link = engineLink();
  if (link === null) throw new Error('not connected to the engine: nothing was sent');
  const answer = await link.question({ type: 'configuration', id: crypto.randomUUID() });
  if (answer.type !== 'configuration') throw new Error('the engine answered something else');
  return answer.fields;
}
