/**
 * desk: what this window keeps for its person, opened once: workspaces and keys.
 *
 * Imports   commands, ./actions, ./dock, ./documents.
 */
import type { DocumentStore } from '../commands/document-store.ts';
import { ACTIONS } from './actions/action-table.ts';
import { KeyKeeper } from './actions/key-store.ts';
import { installKeepers } from './keepers.ts';
import { WorkspaceKeeper } from './dock/workspace-store.ts';

/** Reads everything before the screen is drawn, so that nothing jumps. */
export async function openDesk(documents: DocumentStore): Promise<void> {
  const workspaces = new WorkspaceKeeper(documents);
  const keys = new KeyKeeper(documents);
  installKeepers({ workspaces, keys });
  await Promise.all([workspaces.open(), keys.open(ACTIONS)]);
  addEventListener('pagehide', () => void workspaces.flush());
}
