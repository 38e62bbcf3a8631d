/**
 * DockTab: a panel's title as the handle to drag it by. The tabs stand over the left end of the
 * panel's own title bar, so that a group has one bar, whatever it holds.
 *
 * A ladder that is alone in its group is named by its own menu; its tab is the coloured mark.
 *
 * Imports   dockview, stores, ./dock-control.
 */
import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { useEffect, useState } from 'react';
import { useView } from '../../stores/view-store.ts';
import { dockControl } from './dock-control.ts';

export function DockTab(props: IDockviewPanelHeaderProps) {
  const { id, title } = props.api;
  const isAlone = useIsAlone(props);
  const ladder = id === 'ladder-left' ? 0 : id === 'ladder-right' ? 1 : null;
  return (
    <span
      className="dock__tab"
      title={`${title ?? id}: drag to move, double-click to maximise`}
      onDoubleClick={() => dockControl()?.toggleMaximised(id)}
      onAuxClick={(event) => {
        if (event.button === 1) dockControl()?.close(id);
      }}
    >
      {ladder === null ? title : <LadderMark ladder={ladder} isAlone={isAlone} title={title} />}
    </span>
  );
}

interface MarkProps {
  readonly ladder: 0 | 1;
  readonly isAlone: boolean;
  readonly title: string | undefined;
}

function LadderMark({ ladder, isAlone, title }: MarkProps) {
  const symbol = useView((state) => state.ladders[ladder]);
  return (
    <>
      <span className={`dot dot--ladder-${ladder}`} />
      {isAlone ? <span className="hidden">{title}</span> : symbol}
    </>
  );
}

/** Whether the group holds this panel only. Heard from the whole dock: panels come and go. */
function useIsAlone({ api, containerApi }: IDockviewPanelHeaderProps): boolean {
  const [isAlone, setAlone] = useState(() => api.group.panels.length < 2);
  useEffect(() => {
    const look = (): void => setAlone(api.group.panels.length < 2);
    look();
    const heard = containerApi.onDidLayoutChange(look);
    return () => heard.dispose();
  }, [api, containerApi]);
  return isAlone;
}
