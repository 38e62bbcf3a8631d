/**
 * WorkspaceMenu: in the footer: which workspace is shown, the others, and which panels are open.
 *
 * Imports   stores, ui, ./actions, ./dock, ./keepers, the panel registry.
 */
import { openDialog } from '../stores/view-store.ts';
import { ActionMenu, type MenuEntry } from '../ui/ActionMenu.tsx';
import { keyWords } from './actions/keys.ts';
import { dockControl } from './dock/dock-control.ts';
import { useWorkspaces } from './dock/workspace-store.ts';
import { activeWorkspace, copied, switchTo, withLayout } from './dock/workspaces.ts';
import { keepers } from './keepers.ts';
import { PANELS } from './panel-registry.tsx';

export function WorkspaceMenu() {
  const name = useWorkspaces(({ all }) => activeWorkspace(all).name);
  return (
    <>
      <ActionMenu label={`${name} workspace`} entries={workspaceEntries}>
        <b data-role="workspace">{name}</b> workspace
      </ActionMenu>
      <ActionMenu label="+ panels" entries={panelEntries}>
        <b>+</b> panels
      </ActionMenu>
    </>
  );
}

function workspaceEntries(): readonly MenuEntry[] {
  const { all } = useWorkspaces.getState();
  const { workspaces } = keepers();
  const active = activeWorkspace(all);
  return [
    { id: 'head', heading: 'Workspaces' },
    ...all.list.map(({ id, name }, index) => ({
      id,
      title: name,
      isOn: id === active.id,
      ...(index < 9 ? { keys: keyWords(`Ctrl+Alt+${index + 1}`) } : {}),
      perform: () => workspaces.change(switchTo(useWorkspaces.getState().all, id)),
    })),
    { id: 'this', heading: `This one: ${active.name}` },
    {
      id: 'reset',
      title: 'Reset to the built-in arrangement',
      why: active.layout === null ? 'it is as built in' : null,
      perform: () => workspaces.change(withLayout(useWorkspaces.getState().all, active.id, null)),
    },
    {
      id: 'copy',
      title: 'Copy to a new workspace',
      perform: () =>
        workspaces.change(
          copied(useWorkspaces.getState().all, active.id, active.name, crypto.randomUUID()),
        ),
    },
    {
      id: 'manage',
      title: 'Rename, delete, former versions…',
      perform: () => openDialog('workspaces'),
    },
  ];
}

function panelEntries(): readonly MenuEntry[] {
  const dock = dockControl();
  return PANELS.map(({ id, title }) => ({
    id,
    title,
    isOn: dock?.isShown(id) ?? false,
    perform: () => {
      if (dock?.isShown(id) === true) dock.close(id);
      else dock?.show(id);
    },
  }));
}
