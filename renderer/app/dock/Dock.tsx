/**
 * Dock: the panels of the active workspace, to be dragged, tabbed, resized, maximised, floated.
 *
 * The arrangement is the workspace's; the docking library shows it and reports what the person did
 * to it. Pixels of the dock are the screen's own; the panels inside carry the chosen scale, so that
 * dragging stays under the pointer.
 *
 * Imports   dockview, stores, ./*; the panel registry.
 */
import {
  DockviewReact,
  type DockviewApi,
  type DockviewReadyEvent,
  type DockviewTheme,
  type IDockviewPanelProps,
} from 'dockview-react';
import 'dockview-react/dist/styles/dockview.css';
import { Suspense, useCallback, useEffect, useRef } from 'react';
import { useStatus } from '../../stores/status-store.ts';
import { useView } from '../../stores/view-store.ts';
import { PanelBoundary } from '../PanelBoundary.tsx';
import { PANELS } from '../panel-registry.tsx';
import { DockActions } from './DockActions.tsx';
import { DockTab } from './DockTab.tsx';
import { dockControl, installDock } from './dock-control.ts';
import { controlOf } from './dockview-control.ts';
import { fromDockview, isSameLayout, toDockview } from './dockview-layout.ts';
import { EMPTY_LAYOUT, prune, type Layout } from './layout-tree.ts';
import { useWorkspaces, type WorkspaceKeeper } from './workspace-store.ts';
import { activeWorkspace, layoutOf } from './workspaces.ts';
import './dock.css';

const THEME: DockviewTheme = { name: 'tickdeck', className: 'dock' };
const COMPONENTS = { panel: DockPanel };

function DockPanel({ api }: IDockviewPanelProps) {
  const entry = PANELS.find(({ id }) => id === api.id);
  if (entry === undefined) return null;
  return (
    <div className="dock__panel" data-dock-panel={entry.id}>
      <PanelBoundary title={entry.title}>
        <Suspense fallback={<div className="panel" aria-busy="true" />}>{entry.render()}</Suspense>
      </PanelBoundary>
    </div>
  );
}

export function Dock({ keeper }: { readonly keeper: WorkspaceKeeper }) {
  const holder = useRef<HTMLDivElement>(null);
  const dock = useRef<DockviewApi | null>(null);
  const shown = useRef<Layout>(EMPTY_LAYOUT);

  const onReady = useCallback(
    ({ api }: DockviewReadyEvent) => {
      dock.current = api;
      installDock(controlOf(api));
      shown.current = showActive(api, holder.current);
      api.onDidLayoutChange(() => {
        // A maximised group is a look at the arrangement, not another one.
        if (dock.current !== api || api.hasMaximizedGroup()) return;
        const layout = fromDockview(api.toJSON());
        if (isSameLayout(layout, shown.current)) return;
        shown.current = layout;
        keeper.layoutChanged(layout);
      });
    },
    [keeper],
  );
  useShownAgain(() => {
    if (dock.current !== null) shown.current = showActive(dock.current, holder.current);
  });
  useEffect(() => () => installDock(null), []);

  // A replay is steered from its panel: it comes to the front once, which is no change of the
  // arrangement.
  const isReplay = useStatus((status) => status.replay !== null) === true;
  useEffect(() => {
    if (!isReplay || dock.current === null) return;
    dockControl()?.show('replay');
    shown.current = fromDockview(dock.current.toJSON());
  }, [isReplay]);

  return (
    <div ref={holder} className="dock-holder">
      <DockviewReact
        theme={THEME}
        components={COMPONENTS}
        defaultTabComponent={DockTab}
        rightHeaderActionsComponent={DockActions}
        watermarkComponent={Watermark}
        scrollbars="native"
        floatingGroupDragHandle="tabbar"
        onReady={onReady}
      />
    </div>
  );
}

/** Calls when another picture is due: another workspace, or another size of a built-in one. */
function useShownAgain(show: () => void): void {
  const latest = useRef(show);
  useEffect(() => {
    latest.current = show;
  });
  useEffect(() => {
    const stops = [
      useWorkspaces.subscribe((state, former) => {
        if (state.applied !== former.applied) latest.current();
      }),
      useView.subscribe((state, former) => {
        const { layout } = activeWorkspace(useWorkspaces.getState().all);
        if (state.scale !== former.scale && layout === null) latest.current();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}

/** Shows the active workspace; what the dock made of it is the state to compare with. */
function showActive(api: DockviewApi, holder: HTMLElement | null): Layout {
  const { all } = useWorkspaces.getState();
  const width = holder?.clientWidth ?? api.width;
  const height = holder?.clientHeight ?? api.height;
  const scale = scaleOf(holder);
  const wanted = layoutOf(activeWorkspace(all), width / scale, height / scale);
  const layout = prune(wanted, (id) => PANELS.some((entry) => entry.id === id));
  const size = { width, height };
  api.fromJSON(toDockview(scaled(layout, scale), size, titleOf));
  return fromDockview(api.toJSON());
}

function titleOf(id: string): string {
  return PANELS.find((entry) => entry.id === id)?.title ?? id;
}

function scaleOf(holder: HTMLElement | null): number {
  if (holder === null) return 1;
  const style = getComputedStyle(holder);
  return (
    (Number(style.getPropertyValue('--screen')) || 1) *
    (Number(style.getPropertyValue('--user')) || 1)
  );
}

/** Wanted pixels are those of scale 1. */
function scaled(layout: Layout, scale: number): Layout {
  const grow = (node: NonNullable<Layout['root']>): NonNullable<Layout['root']> => {
    const size = 'px' in node.size ? { px: node.size.px * scale } : node.size;
    if (node.kind === 'tabs') return { ...node, size };
    return { ...node, size, children: node.children.map(grow) };
  };
  return layout.root === null ? layout : { ...layout, root: grow(layout.root) };
}

function Watermark() {
  return (
    <p className="empty">
      No panel is open in this workspace. Open one from the workspace menu in the footer, or with
      Ctrl K.
    </p>
  );
}
