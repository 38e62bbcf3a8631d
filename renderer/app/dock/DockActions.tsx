/**
 * DockActions: the menu at the right end of a group's bar. It also measures the tabs, so that the
 * panel's own bar begins where they end; where both do not fit, the tabs get a row of their own.
 *
 * Units     CSS pixels.
 * Imports   dockview types, ui, ./dock-control.
 */
import type { IDockviewHeaderActionsProps } from 'dockview-react';
import { useLayoutEffect, useRef } from 'react';
import { ActionMenu, type MenuEntry } from '../../ui/ActionMenu.tsx';
import { dockControl, openInWindow } from './dock-control.ts';

/** A panel's own bar needs this much beside the tabs. */
const BAR_LEAST = 190;

export function DockActions({ activePanel }: IDockviewHeaderActionsProps) {
  const root = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const group = root.current?.closest<HTMLElement>('.dv-groupview');
    const list = group?.querySelector<HTMLElement>('.dv-tabs-container');
    return group && list ? measureTabs(group, list) : undefined;
  }, []);

  return (
    <span ref={root} className="dock__actions">
      {activePanel !== undefined && (
        <ActionMenu
          label={`Panel ${activePanel.title ?? activePanel.id}`}
          className="dock__more"
          entries={() => panelEntries(activePanel.id)}
        >
          <span aria-hidden="true">⋯</span>
        </ActionMenu>
      )}
    </span>
  );
}

/** Writes the width of the tabs on the group, whatever comes, goes or grows. */
function measureTabs(group: HTMLElement, list: HTMLElement): () => void {
  const measure = (): void => {
    const tabs = [...list.children].filter((node) => node.classList.contains('dv-tab'));
    const width = tabs.reduce((sum, tab) => sum + tab.getBoundingClientRect().width, 0);
    const isTall = tabs.length > 1 && group.clientWidth - width < BAR_LEAST;
    group.dataset['tall'] = String(isTall);
    group.style.setProperty('--tabs-width', `${Math.ceil(width)}px`);
  };
  const sizes = new ResizeObserver(measure);
  const watch = (): void => {
    sizes.disconnect();
    sizes.observe(group);
    for (const tab of list.children) sizes.observe(tab);
    measure();
  };
  const children = new MutationObserver(watch);
  children.observe(list, { childList: true });
  watch();
  return () => {
    sizes.disconnect();
    children.disconnect();
  };
}

function panelEntries(id: string): readonly MenuEntry[] {
  const dock = dockControl();
  if (dock === null) return [];
  return [
    {
      id: 'maximise',
      title: dock.isMaximised(id) ? 'Restore' : 'Maximise',
      why: dock.isFloating(id) ? 'a floating panel cannot be maximised' : null,
      perform: () => dock.toggleMaximised(id),
    },
    {
      id: 'float',
      title: dock.isFloating(id) ? 'Dock' : 'Float',
      perform: () => dock.toggleFloating(id),
    },
    { id: 'window', title: 'Open in a window of its own', perform: () => openInWindow(id) },
    { id: 'close', title: 'Close', perform: () => dock.close(id) },
  ];
}
