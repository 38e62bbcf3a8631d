/**
 * ErrorBoundary: a fault of the screen itself. The engine is not touched by it, and the person is
 * told so, with the way to stop it.
 *
 * Imports   commands; react.
 */
import { Component, type ReactNode } from 'react';
import { kill } from '../commands/commands.ts';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly message: string | null;
}

export class ErrorBoundary extends Component<Props, State> {
  override readonly state: State = { message: null };

  static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <div className="fault" role="alert">
        <h1>This screen failed</h1>
        <p>
          {message}
          <br />
          The engine goes on: its exits run, and entries stop when the lease runs out. KILL works
          from here, and so does <code>tickdeck kill</code>.
        </p>
        <button type="button" className="button button--big" onClick={() => location.reload()}>
          Reload the screen
        </button>{' '}
        <button type="button" className="button button--big button--danger" onClick={() => kill()}>
          KILL
        </button>
      </div>
    );
  }
}
