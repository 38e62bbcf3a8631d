/**
 * desk: what this window keeps for its person, opened once: workspaces and keys.
 *
 * Imports   commands, stores, ./actions, ./dock, ./documents.
 */
import type { DocumentStore } from '../commands/document-store.ts';
import {
  onDocumentChange,
  readDocument,
  readDocumentVersion,
  writeDocument,
} from '../commands/documents.ts';
import { useConnection } from '../stores/connection-store.ts';
import { ACTIONS } from './actions/action-table.ts';
import { KeyKeeper } from './actions/key-store.ts';
import { EngineDocuments } from './documents/engine-documents.ts';
import { installKeepers } from './keepers.ts';
import { WorkspaceKeeper, WORKSPACES_DOCUMENT } from './dock/workspace-store.ts';

/** Reads everything before the screen is drawn, so that nothing jumps. */
export async function openDesk(documents: DocumentStore): Promise<void> {
  const workspaces = new WorkspaceKeeper(documents);
  const keys = new KeyKeeper(documents);
  installKeepers({ workspaces, keys });
  await Promise.all([workspaces.open(), keys.open(ACTIONS)]);
  addEventListener('pagehide', () => void workspaces.flush());
  whenLive(() => void followEngine(workspaces));
}

/** The engine's host keeps the workspaces of every window; this one's own copy stays a mirror. */
async function followEngine(workspaces: WorkspaceKeeper): Promise<void> {
  await workspaces.follow(
    new EngineDocuments({
      read: () => readDocument(WORKSPACES_DOCUMENT),
      readVersion: (_name, revision) => readDocumentVersion(WORKSPACES_DOCUMENT, revision),
      write: (_name, base, body) => writeDocument(WORKSPACES_DOCUMENT, base, body),
    }),
  );
  onDocumentChange(WORKSPACES_DOCUMENT, () => void workspaces.reread());
}

/** Once, as soon as an engine has spoken. */
function whenLive(then: () => void): void {
  if (useConnection.getState().phase === 'live') {
    then();
    return;
  }
  const stop = useConnection.subscribe(({ phase }) => {
    if (phase !== 'live') return;
    stop();
    then();
  });
}
