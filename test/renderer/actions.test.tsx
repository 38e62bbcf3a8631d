/**
 * actions.test: the table of actions, the names of keys, what the palette finds, and the keys that
 * a person changes.
 */
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../renderer/app/actions/action-table.ts';
import type { Action } from '../../renderer/app/actions/action.ts';
import { CommandPalette } from '../../renderer/app/actions/CommandPalette.tsx';
import {
  KeyKeeper,
  keyFault,
  keysOf,
  readKeys,
  useKeys,
} from '../../renderer/app/actions/key-store.ts';
import { keyCaps, nameOfPress, type KeyPress } from '../../renderer/app/actions/keys.ts';
import { KeysSheet } from '../../renderer/app/actions/KeysSheet.tsx';
import { paletteActions } from '../../renderer/app/actions/palette-actions.ts';
import { findActions } from '../../renderer/app/actions/palette-filter.ts';
import { firstWorkspaces } from '../../renderer/app/dock/workspaces.ts';
import { LocalDocuments } from '../../renderer/app/documents/local-documents.ts';
import { startHotkeys } from '../../renderer/app/hotkeys.ts';
import { EngineLink, installLink } from '../../renderer/link/engine-link.ts';
import { requestAnswered, useCommands } from '../../renderer/stores/commands-store.ts';
import { CONNECTION_START, useConnection } from '../../renderer/stores/connection-store.ts';
import { statusChanged, statusForgotten } from '../../renderer/stores/status-store.ts';
import { useView } from '../../renderer/stores/view-store.ts';
import { sampleStatus, type StatusOptions } from './support/samples.ts';

const VIEW_START = useView.getState();

beforeEach(() => {
  localStorage.clear();
  useConnection.setState({ ...CONNECTION_START, phase: 'live', terminal: 'terminal 1' });
  useCommands.setState({ requests: [] });
  useKeys.setState({ own: {} });
  useView.setState(VIEW_START);
  statusForgotten();
  installLink(new EngineLink({ postMessage: () => {}, addEventListener: () => {} }));
});

afterEach(cleanup);

function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  const none = { code: '', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
  return { key, ...none, ...change };
}

function action(id: string): Action {
  const found = ACTIONS.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no action ${id}`);
  return found;
}

function find(typed: string, options: StatusOptions = {}): readonly Action[] {
  const status = sampleStatus({}, options);
  statusChanged(status);
  return findActions(paletteActions(status, firstWorkspaces()), typed);
}

function kinds(): readonly string[] {
  return useCommands.getState().requests.map(({ command }) => command.kind);
}

describe('the table of actions', () => {
  it('gives no id and no key twice', () => {
    const ids = ACTIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const keys = ACTIONS.flatMap((each) => each.keys);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it('fixes the keys that stop trading, everywhere', () => {
    const fixed = ACTIONS.filter(({ isFixed }) => isFixed === true);
    expect(fixed.map(({ id, keys, scope }) => [id, keys, scope])).toEqual([
      ['kill', ['Ctrl+Shift+Backspace'], 'everywhere'],
      ['disarm-all', ['Shift+Escape'], 'everywhere'],
      ['escape', ['Escape'], 'everywhere'],
    ]);
    for (const { keys } of fixed) {
      for (const key of keys) expect(keyFault(ACTIONS, {}, action('keys'), key)).toMatch(/already/);
    }
  });
});

describe('names of keys', () => {
  it.each([
    [press('c'), 'C'],
    [press('G', { shiftKey: true }), 'Shift+G'],
    [press('?', { shiftKey: true }), '?'],
    [press('Escape', { shiftKey: true }), 'Shift+Escape'],
    [press('Backspace', { ctrlKey: true, shiftKey: true }), 'Ctrl+Shift+Backspace'],
    [press('²', { ctrlKey: true, altKey: true, code: 'Digit2' }), 'Ctrl+Alt+2'],
    [press('с', { code: 'KeyC' }), 'C'],
    [press('Control', { ctrlKey: true }), null],
  ])('%j is %s', (given, name) => {
    expect(nameOfPress(given)).toBe(name);
  });

  it('are shown as they stand on keys', () => {
    expect(keyCaps('Ctrl+Shift+Backspace')).toEqual(['Ctrl', 'Shift', 'Bksp']);
  });
});

describe('what the palette finds', () => {
  it('every strategy on every instrument, by any words', () => {
    const [first] = find('arm scalp btc');
    expect(first?.id).toBe('arm-scalper-BTCUSDT');
    expect(find('ada market maker')[0]?.id).toBe('arm-market-making-ADAUSDT');
    expect(find('go eth')[0]?.id).toBe('go-ETHUSDT');
    expect(find('light')[0]?.id).toBe('theme-light');
    expect(find('workspace analysis')[0]?.id).toBe('workspace-named-analysis');
    expect(find('show lat')[0]?.id).toBe('panel-latency');
  });

  it('KILL by its whole name only, and then first', () => {
    expect(find('kill')[0]?.id).toBe('kill');
    expect(find(' KILL ')[0]?.id).toBe('kill');
    for (const typed of ['', 'k', 'kil', 'killl', 'kill all', 'block']) {
      expect(find(typed).map(({ id }) => id)).not.toContain('kill');
    }
  });

  it('nothing for nonsense', () => {
    expect(find('zzqx')).toEqual([]);
  });

  it('puts what cannot be done now after what can', () => {
    const found = find('scalper btcusdt', { armed: [['scalper', 'BTCUSDT']] });
    const ids = found.map(({ id }) => id);
    expect(ids.indexOf('disarm-scalper-BTCUSDT')).toBeLessThan(ids.indexOf('arm-scalper-BTCUSDT'));
    expect(action('arm-all').why?.()).toBeNull();
    find('', { mine: false, holder: 'terminal 9' });
    expect(action('arm-all').why?.()).toMatch(/another terminal/);
  });
});

describe('the palette', () => {
  it('arms, stays, and says what the engine answered', () => {
    statusChanged(sampleStatus());
    useView.setState({ dialog: 'palette' });
    render(<CommandPalette />);
    const field = screen.getByRole('combobox');
    fireEvent.change(field, { target: { value: 'arm scalp sol' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(kinds()).toEqual(['arm']);
    expect(useView.getState().dialog).toBe('palette');
    const answer = screen.getByRole('status');
    const [request] = useCommands.getState().requests;
    if (request === undefined) throw new Error('nothing was asked');
    const { id, kind } = request.command;
    act(() =>
      requestAnswered({ id, kind, outcome: 'refused', reason: 'too late' }, performance.now()),
    );
    expect(answer.textContent).toBe('Arm scalper SOLUSDT: refused: too late');
  });

  it('a second Enter never falls on another row', () => {
    statusChanged(sampleStatus());
    render(<CommandPalette />);
    const field = screen.getByRole('combobox');
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(kinds()).toEqual([]);
    fireEvent.change(field, { target: { value: 'arm scalp' } });
    const rows = screen.getAllByRole('option').map((row) => row.textContent);
    fireEvent.keyDown(field, { key: 'Enter' });
    act(() => statusChanged(sampleStatus({}, { armed: [['scalper', 'BTCUSDT']] })));
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(kinds()).toEqual(['arm']);
    expect(screen.getByRole('option', { selected: true }).textContent).toMatch(/BTCUSDT.*armed/);
    expect(screen.getAllByRole('option')).toHaveLength(rows.length);
  });

  it('says that nobody is in control, and not that another terminal is', () => {
    statusChanged(sampleStatus({}, { mine: false, holder: null }));
    render(<CommandPalette />);
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'arm scalp sol' } });
    expect(screen.getAllByText('nobody is in control: take it first')).not.toEqual([]);
  });

  it('does nothing that cannot be done, and says why', () => {
    statusChanged(sampleStatus({}, { mine: false, holder: 'terminal 9' }));
    render(<CommandPalette />);
    const field = screen.getByRole('combobox');
    fireEvent.change(field, { target: { value: 'arm scalp sol' } });
    expect(screen.getAllByText('another terminal is in control')).not.toEqual([]);
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(kinds()).toEqual([]);
  });
});

describe('own keys', () => {
  it('are refused where they clash, are kept for the page, or stop trading', () => {
    expect(keyFault(ACTIONS, {}, action('recentre'), 'G')).toMatch(/already: Coarser/);
    expect(keyFault(ACTIONS, {}, action('recentre'), 'Tab')).toMatch(/kept for the page/);
    expect(keyFault(ACTIONS, {}, action('kill'), 'X')).toMatch(/fixed/);
    expect(keyFault(ACTIONS, {}, action('recentre'), 'X')).toBeNull();
    expect(keyFault(ACTIONS, { coarser: ['X'] }, action('recentre'), 'G')).toBeNull();
    expect(keysOf(action('kill'), { kill: ['X'] })).toEqual(['Ctrl+Shift+Backspace']);
  });

  it('are read without what clashes', () => {
    const text = JSON.stringify({
      version: 1,
      keys: { recentre: ['X'], coarser: ['X'], kill: ['K'], 'gone-action': ['Y'], finer: [''] },
    });
    expect(readKeys(text, ACTIONS)).toEqual({ recentre: ['X'], 'gone-action': ['Y'] });
    expect(readKeys('{"version":9}', ACTIONS)).toBeNull();
    expect(readKeys('no', ACTIONS)).toBeNull();
  });

  it('are kept and come back', async () => {
    const documents = new LocalDocuments(localStorage);
    const keeper = new KeyKeeper(documents);
    keeper.set('recentre', ['X']);
    await keeper.settled();
    useKeys.setState({ own: {} });
    await new KeyKeeper(documents).open(ACTIONS);
    expect(useKeys.getState().own).toEqual({ recentre: ['X'] });
  });

  it('are changed on the sheet, and work at once', () => {
    const stop = startHotkeys(window);
    render(<KeysSheet />);
    const change = screen.getByRole('button', { name: /Change the key of: Bring the market/ });
    fireEvent.click(change);
    fireEvent.keyDown(window, { key: 'g' });
    expect(screen.getByRole('alert').textContent).toMatch(/G is already: Coarser/);
    fireEvent.click(change);
    fireEvent.keyDown(window, { key: 'x' });
    fireEvent.keyDown(document.body, { key: 'x' });
    expect(useView.getState().recentres).toBe(1);
    fireEvent.keyDown(document.body, { key: 'c' });
    expect(useView.getState().recentres).toBe(1);
    stop();
  });

  it('never catch what stops trading, even while a key is asked for', () => {
    const stop = startHotkeys(window);
    render(<KeysSheet />);
    fireEvent.click(screen.getByRole('button', { name: /Change the key of: Bring the market/ }));
    fireEvent.keyDown(document.body, { key: 'Backspace', ctrlKey: true, shiftKey: true });
    fireEvent.keyDown(document.body, { key: 'Escape', shiftKey: true });
    expect(kinds()).toEqual(['disarm', 'kill']);
    stop();
  });
});

describe('hotkeys', () => {
  it('of the page are silent while somebody writes; those of safety are not', () => {
    const stop = startHotkeys(window);
    render(<input aria-label="field" />);
    const field = screen.getByLabelText('field');
    fireEvent.keyDown(field, { key: 'c' });
    expect(useView.getState().recentres).toBe(0);
    fireEvent.keyDown(field, { key: 'Backspace', ctrlKey: true, shiftKey: true });
    fireEvent.keyDown(field, { key: 'k', ctrlKey: true });
    expect(kinds()).toEqual(['kill']);
    expect(useView.getState().dialog).toBe('palette');
    stop();
  });

  it('do not repeat what asks the engine while a key is held', () => {
    const stop = startHotkeys(window);
    fireEvent.keyDown(document.body, { key: 'Escape', repeat: true });
    fireEvent.keyDown(document.body, {
      key: 'Backspace',
      ctrlKey: true,
      shiftKey: true,
      repeat: true,
    });
    expect(kinds()).toEqual([]);
    stop();
  });
});
