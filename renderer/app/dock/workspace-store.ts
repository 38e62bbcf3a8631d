/**
 * workspace-store: the workspaces of this window, and their keeping as a document.
 *
 * Changes are kept together after a pause. A write that builds on an old revision is refused by the
 * store: another window saved in between. Then its workspaces are taken over, with the one worked
 * on here on top, and a notice says so. A document that cannot be read leaves the built-in
 * workspaces and a notice; it stays among the former versions.
 *
 * Version   `applied` moves when the dock has to show the active workspace anew.
 * Imports   commands, stores, ./layout-tree, ./workspaces; zustand.
 */
import { create } from 'zustand';
import {
  NO_REVISION,
  type DocumentStore,
  type StoredDocument,
} from '../../commands/document-store.ts';
import { deskSays } from '../../stores/desk-store.ts';
import type { Layout } from './layout-tree.ts';
import {
  activeWorkspace,
  firstWorkspaces,
  merged,
  readWorkspaces,
  switchTo,
  withLayout,
  writeWorkspaces,
  type Workspaces,
} from './workspaces.ts';

export const WORKSPACES_DOCUMENT = 'workspaces' as const;
const PAUSE_MS = 400;
const TRIES_MAX = 3;

interface WorkspaceState {
  readonly all: Workspaces;
  readonly applied: number;
}

export const useWorkspaces = create<WorkspaceState>(() => ({
  all: firstWorkspaces(),
  applied: 0,
}));

export class WorkspaceKeeper {
  #documents: DocumentStore;
  /** What this browser keeps for the first picture of the next start. */
  #mirror: DocumentStore | null = null;
  #revision = NO_REVISION;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** Reads what was kept, once, at the start. */
  async open(): Promise<void> {
    const stored = await this.#documents.read(WORKSPACES_DOCUMENT);
    if (stored === null) {
      show(firstWorkspaces(globalThis.innerWidth));
      return;
    }
    this.#revision = stored.revision;
    const read = readWorkspaces(stored.body);
    if (!read.ok) {
      deskSays('WORKSPACES', `The saved workspaces cannot be used: ${read.reason}. ${KEPT}`);
      return;
    }
    if (read.dropped > 0) {
      const count = read.dropped === 1 ? 'One workspace' : `${read.dropped} workspaces`;
      deskSays('WORKSPACES', `${count} could not be read and was left out. ${KEPT}`);
    }
    show(read.workspaces);
  }

  /**
   * From now on the workspaces are kept there. What is there wins over what this browser kept;
   * where nothing is there yet, what is shown is written.
   */
  async follow(documents: DocumentStore): Promise<void> {
    await this.flush();
    this.#mirror = this.#documents;
    this.#documents = documents;
    this.#revision = NO_REVISION;
    await this.reread();
  }

  /** Another window may have saved. What waits to be kept here goes first. */
  async reread(): Promise<void> {
    await this.flush();
    const stored = await this.#documents.read(WORKSPACES_DOCUMENT);
    if (stored === null) this.#later();
    if (stored === null || stored.revision === this.#revision) return;
    this.#revision = stored.revision;
    const read = readWorkspaces(stored.body);
    if (!read.ok) {
      deskSays('WORKSPACES', `The saved workspaces cannot be used: ${read.reason}. ${KEPT}`);
      return;
    }
    const { all } = useWorkspaces.getState();
    // Which one is shown is this window's own business while it still exists.
    const next = switchTo(read.workspaces, all.active);
    if (isShownAlike(all, next)) useWorkspaces.setState({ all: next });
    else show(next);
  }

  /** A change by the person that the dock has to show. */
  change(all: Workspaces): void {
    const former = useWorkspaces.getState().all;
    if (all === former) return;
    this.#later();
    if (isShownAlike(former, all)) useWorkspaces.setState({ all });
    else show(all);
  }

  /** A change that came from the dock itself. */
  layoutChanged(layout: Layout): void {
    const { all } = useWorkspaces.getState();
    this.#later();
    useWorkspaces.setState({ all: withLayout(all, all.active, layout) });
  }

  versions(): Promise<readonly StoredDocument[]> {
    return this.#documents.versions(WORKSPACES_DOCUMENT);
  }

  /** Puts a former version back, as a new one. */
  restore(version: StoredDocument): void {
    const read = readWorkspaces(version.body);
    if (read.ok) this.change(read.workspaces);
    else deskSays('WORKSPACES', `That version cannot be used: ${read.reason}.`);
  }

  /** Keeps at once what waits to be kept. */
  flush(): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write(TRIES_MAX));
    }
    return this.#writing;
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  async #write(tries: number): Promise<void> {
    const { all } = useWorkspaces.getState();
    const body = writeWorkspaces(all);
    const result = await this.#documents.write(WORKSPACES_DOCUMENT, this.#revision, body);
    if (result.ok) {
      this.#revision = result.revision;
      await this.#keepMirror(body);
    } else if (result.why === 'failed') {
      deskSays('WORKSPACES', `The arrangement could not be kept: ${result.reason}.`);
    } else if (tries > 0) {
      this.#takeOver(result.newest);
      await this.#write(tries - 1);
    }
  }

  async #keepMirror(body: string): Promise<void> {
    if (this.#mirror === null) return;
    const former = await this.#mirror.read(WORKSPACES_DOCUMENT);
    await this.#mirror.write(WORKSPACES_DOCUMENT, former?.revision ?? NO_REVISION, body);
  }

  #takeOver(newest: StoredDocument): void {
    this.#revision = newest.revision;
    const read = readWorkspaces(newest.body);
    if (!read.ok) return;
    const { all } = useWorkspaces.getState();
    useWorkspaces.setState({ all: merged(read.workspaces, all) });
    const { name } = activeWorkspace(all);
    deskSays(
      'WORKSPACES',
      `Another window saved workspaces first. Its changes were taken over; ${name} stays as here.`,
    );
  }
}

/** Whether the dock may stay as it is: a name changed, or a copy is shown instead. */
function isShownAlike(former: Workspaces, next: Workspaces): boolean {
  const [a, b] = [activeWorkspace(former), activeWorkspace(next)];
  return a.layout === b.layout && (a.layout !== null || a.origin === b.origin);
}

const KEPT = 'The built-in ones are shown; the saved text stays among the former versions.';

function show(all: Workspaces): void {
  useWorkspaces.setState(({ applied }) => ({ all, applied: applied + 1 }));
}
