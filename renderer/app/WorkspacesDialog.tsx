/**
 * WorkspacesDialog: the workspaces as a list to rename, copy, delete and reset, and the former
 * versions of them all to put back.
 *
 * Imports   commands, format, stores, ui, ./dock, ./keepers.
 */
import { useEffect, useState } from 'react';
import type { StoredDocument } from '../commands/document-store.ts';
import { clock } from '../format/times.ts';
import { closeDialog } from '../stores/view-store.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useWorkspaces } from './dock/workspace-store.ts';
import {
  copied,
  deleted,
  nameFault,
  readWorkspaces,
  renamed,
  withLayout,
  type Workspace,
} from './dock/workspaces.ts';
import { keepers } from './keepers.ts';

export function WorkspacesDialog() {
  const all = useWorkspaces((state) => state.all);
  return (
    <Dialog title="Workspaces" onClose={closeDialog} className="dialog--keys">
      <div className="workspaces">
        {all.list.map((workspace) => (
          <WorkspaceRow key={workspace.id} workspace={workspace} isLast={all.list.length < 2} />
        ))}
      </div>
      <Versions />
    </Dialog>
  );
}

interface RowProps {
  readonly workspace: Workspace;
  readonly isLast: boolean;
}

function WorkspaceRow({ workspace, isLast }: RowProps) {
  const { id, name, layout } = workspace;
  const [typed, setTyped] = useState(name);
  const all = useWorkspaces((state) => state.all);
  const fault = typed === name ? null : nameFault(all, typed, id);
  const change = keepers().workspaces;
  const rename = (): void => {
    change.change(renamed(useWorkspaces.getState().all, id, typed));
  };
  return (
    <form
      className="workspaces__row"
      onSubmit={(event) => {
        event.preventDefault();
        rename();
      }}
    >
      <input
        className="field"
        aria-label={`Name of ${name}`}
        aria-invalid={fault !== null}
        title={fault ?? 'Enter renames'}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="button" disabled={typed === name || fault !== null}>
        Rename
      </button>
      <button
        type="button"
        className="button"
        onClick={() =>
          change.change(copied(useWorkspaces.getState().all, id, name, crypto.randomUUID()))
        }
      >
        Copy
      </button>
      <button
        type="button"
        className="button"
        disabled={layout === null}
        onClick={() => change.change(withLayout(useWorkspaces.getState().all, id, null))}
      >
        Reset
      </button>
      <button
        type="button"
        className="button"
        disabled={isLast}
        aria-label={`Delete ${name}`}
        onClick={() => change.change(deleted(useWorkspaces.getState().all, id))}
      >
        Delete
      </button>
      <span className="keys__fault">{fault}</span>
    </form>
  );
}

/** What a mistaken delete or reset is undone with. */
function Versions() {
  const [versions, setVersions] = useState<readonly StoredDocument[]>([]);
  useEffect(() => {
    let isWanted = true;
    const { workspaces } = keepers();
    const read = async (): Promise<void> => {
      await workspaces.flush();
      const list = await workspaces.versions();
      if (isWanted) setVersions(list);
    };
    void read();
    const stop = useWorkspaces.subscribe(() => void read());
    return () => {
      isWanted = false;
      stop();
    };
  }, []);
  return (
    <section className="workspaces__versions" aria-label="Former versions">
      <h3>Former versions</h3>
      {versions.length === 0 && <p className="dim">There are none yet.</p>}
      <ul>
        {versions.map((version) => (
          <li key={version.revision}>
            <span className="num">{clock(version.atMs)} UTC</span>
            <span className="grow">{wordsOf(version)}</span>
            <button
              type="button"
              className="button"
              aria-label={`Restore version ${version.revision}`}
              onClick={() => keepers().workspaces.restore(version)}
            >
              Restore
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsOf({ body }: StoredDocument): string {
  const read = readWorkspaces(body);
  if (!read.ok) return `damaged: ${read.reason}`;
  return read.workspaces.list.map(({ name }) => name).join(', ');
}
