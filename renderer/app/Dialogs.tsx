/**
 * Dialogs: whatever is open over the desk: commands, keys, workspaces, RESUME, Flatten, alerts.
 *
 * Imports   commands, format, stores, ui, ./actions, ./WorkspacesDialog.
 */
import { useState } from 'react';
import { flatten, resume } from '../commands/commands.ts';
import { clock } from '../format/times.ts';
import { SettingsPanel } from '../panels/settings/SettingsPanel.tsx';
import { useActivity } from '../stores/activity-store.ts';
import { useStatus } from '../stores/status-store.ts';
import { closeDialog, useView } from '../stores/view-store.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { CommandPalette } from './actions/CommandPalette.tsx';
import { KeysSheet } from './actions/KeysSheet.tsx';
import { WorkspacesDialog } from './WorkspacesDialog.tsx';

const RESUME_WORD = 'RESUME';

export function Dialogs() {
  const dialog = useView((state) => state.dialog);
  switch (dialog) {
    case 'keys':
      return <KeysSheet />;
    case 'resume':
      return <ResumeDialog />;
    case 'flatten':
      return <FlattenDialog />;
    case 'alerts':
      return <AlertsDialog />;
    case 'palette':
      return <CommandPalette />;
    case 'workspaces':
      return <WorkspacesDialog />;
    case 'settings':
      return (
        <Dialog title="Settings" isWide onClose={closeDialog}>
          <SettingsPanel />
        </Dialog>
      );
    case null:
      return null;
  }
}

/** HALTED is left by a person who types the word; the engine checks it again. */
function ResumeDialog() {
  const [typed, setTyped] = useState('');
  const kill = useStatus((status) => status.kill);
  const orders = useStatus((status) => status.orders.length);
  return (
    <Dialog title="Resume" onClose={closeDialog}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          resume(typed);
          closeDialog();
        }}
      >
        <p>
          The engine goes from its present state to DISARMED. Nothing is armed by this.
          {kill !== null && !kill.verified && ' The venue has NOT verified that all is cancelled.'}
          {orders !== null && orders > 0 && ` ${orders} orders are still known to be open.`}
        </p>
        <p style={{ margin: '10px 0 6px' }}>
          <label htmlFor="resume-word">
            Type <b>{RESUME_WORD}</b> to go on
          </label>
        </p>
        <input
          id="resume-word"
          className="field"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <div className="dialog__buttons">
          <button type="button" className="button button--big" onClick={closeDialog}>
            Stay as it is
          </button>
          <button type="submit" className="button button--big" disabled={typed !== RESUME_WORD}>
            Resume
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function FlattenDialog() {
  const list = useStatus(({ instruments }) =>
    instruments
      .filter(({ positionLots }) => positionLots !== 0)
      .map(({ symbol, position }) => `${symbol} ${position}`)
      .join(', '),
  );
  return (
    <Dialog title="Flatten" onClose={closeDialog}>
      <p>
        Closes every position with reduce-only orders that take the market.{' '}
        {list === null || list === ''
          ? 'The engine reports no open position.'
          : `Open now: ${list}.`}
      </p>
      <div className="dialog__buttons">
        <button type="button" className="button button--big" data-autofocus onClick={closeDialog}>
          Do nothing
        </button>
        <button
          type="button"
          className="button button--big"
          onClick={() => {
            flatten(null);
            closeDialog();
          }}
        >
          Flatten all
        </button>
      </div>
    </Dialog>
  );
}

function AlertsDialog() {
  const alerts = useActivity((state) => state.alerts);
  const lights = { info: 'none', warn: 'warn', danger: 'bad' } as const;
  return (
    <Dialog title={`Alerts (${alerts.length})`} onClose={closeDialog}>
      <ul className="alerts">
        {alerts.map((alert) => (
          <li key={`${alert.atMs} ${alert.code} ${alert.text}`}>
            <span className={`light light--${lights[alert.level]}`} />
            <span className="num dim">{clock(alert.atMs)}</span>
            <span className="code">{alert.code}</span>
            <span>{alert.text}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
