/**
 * keepers: the one keeper of workspaces and the one of keys in this window.
 *
 * Imports   commands, ./actions, ./dock, ./documents.
 */
import { KeyKeeper } from './actions/key-store.ts';
import { WorkspaceKeeper } from './dock/workspace-store.ts';
import { LocalDocuments } from './documents/local-documents.ts';

export interface Keepers {
  readonly workspaces: WorkspaceKeeper;
  readonly keys: KeyKeeper;
}

let current: Keepers | null = null;

export function installKeepers(keepers: Keepers): void {
  current = keepers;
}

/** Before the desk was opened: keepers on the browser's storage. */
export function keepers(): Keepers {
  if (current === null) {
    const documents = new LocalDocuments(localStorage);
    current = { workspaces: new WorkspaceKeeper(documents), keys: new KeyKeeper(documents) };
  }
  return current;
}
