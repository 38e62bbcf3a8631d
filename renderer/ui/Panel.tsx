/**
 * Panel: the frame of every panel: a title bar and a body. Its root carries `data-panel`.
 *
 * Imports   react.
 */
import type { ReactNode } from 'react';

export interface PanelProps {
  readonly name: string;
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  /** At the right end of the title bar. */
  readonly right?: ReactNode;
  /** A canvas fills the body; nothing scrolls. */
  readonly isStill?: boolean;
  readonly children: ReactNode;
}

export function Panel({ name, title, aside, right, isStill = false, children }: PanelProps) {
  return (
    <section className={`panel panel--${name}`} data-panel={name} aria-label={title}>
      <div className="panel__tab">
        <h2>{title}</h2>
        {aside}
        <div className="panel__right">{right}</div>
      </div>
      <Body isStill={isStill}>{children}</Body>
    </section>
  );
}

/** What scrolls can be reached by keyboard, so that its arrows scroll it. */
function Body({ isStill, children }: { readonly isStill: boolean; readonly children: ReactNode }) {
  if (isStill) return <div className="panel__body panel__body--still">{children}</div>;
  return (
    <div className="panel__body" tabIndex={0}>
      {children}
    </div>
  );
}
