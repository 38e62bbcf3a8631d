/**
 * PanelBoundary: a fault of one panel stays in its place: the desk around it goes on.
 *
 * Imports   react.
 */
import { Component, type ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}

interface State {
  readonly message: string | null;
}

export class PanelBoundary extends Component<Props, State> {
  override readonly state: State = { message: null };

  static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    const { title } = this.props;
    return (
      <section className="panel" data-panel-fault={title} aria-label={`${title}: failed`}>
        <div className="panel__tab">
          <h2>{title}</h2>
        </div>
        <div className="empty" role="alert">
          <p>
            This panel failed: {message}. The engine and the other panels go on; nothing was sent.
          </p>
          <button type="button" className="button" onClick={() => this.setState({ message: null })}>
            Show it again
          </button>
        </div>
      </section>
    );
  }
}
