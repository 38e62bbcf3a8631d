/**
 * dockview-control: what the desk may do with panels, done by the docking library.
 *
 * Imports   dockview types, the panel registry, ./dock-control.
 */
import type { DockviewApi } from 'dockview-react';
import { PANELS } from '../panel-registry.tsx';
import type { DockControl } from './dock-control.ts';

/** Where a floated panel appears; it can be moved from there. */
const FLOAT = { left: 80, top: 60, width: 460, height: 340 } as const;

export function controlOf(api: DockviewApi): DockControl {
  const panel = (id: string) => api.getPanel(id);
  const isFloating = (id: string): boolean => panel(id)?.api.location.type === 'floating';
  return {
    isShown: (id) => panel(id) !== undefined,
    show: (id) => {
      const found = panel(id);
      if (found !== undefined) {
        found.api.setActive();
        return;
      }
      const entry = PANELS.find((each) => each.id === id);
      if (entry === undefined) return;
      api.addPanel({ id, component: 'panel', title: entry.title, ...placeFor(api) });
    },
    close: (id) => panel(id)?.api.close(),
    isMaximised: (id) => panel(id)?.api.isMaximized() ?? false,
    toggleMaximised: (id) => {
      const found = panel(id);
      if (found === undefined) return;
      if (found.api.isMaximized()) found.api.exitMaximized();
      else found.api.maximize();
    },
    isFloating,
    toggleFloating: (id) => {
      const found = panel(id);
      if (found === undefined) return;
      if (!isFloating(id)) {
        api.addFloatingGroup(found, FLOAT);
        return;
      }
      const group = api.addGroup({ direction: 'right' });
      found.api.moveTo({ group });
    },
  };
}

/** A panel opens as a tab of the group that was used last. */
function placeFor(api: DockviewApi) {
  const beside = api.activePanel ?? api.panels.at(-1);
  return beside === undefined ? {} : { position: { referencePanel: beside.id } };
}
