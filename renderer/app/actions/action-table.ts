/**
 * action-table: everything that can be done by key, from the palette or from a menu. The only
 * place where keys are given out: the hotkeys, the sheet and the palette all read it.
 *
 * Imports   commands, stores, ./action, ../dock, ../focus-panels, ../keepers, the panel registry.
 */
import { arm, disarm, kill, takeControl, unlockLadder } from '../../commands/commands.ts';
import { currentInstrument, currentInstruments, currentStatus } from '../../stores/status-store.ts';
import {
  choosePalette,
  chooseScale,
  chooseTheme,
  closeDialog,
  focusInstrument,
  groupLadder,
  GROUPINGS,
  openDialog,
  recentreLadders,
  SCALES,
  useView,
} from '../../stores/view-store.ts';
import { dockControl, openInWindow } from '../dock/dock-control.ts';
import { useWorkspaces } from '../dock/workspace-store.ts';
import { switchTo, withLayout } from '../dock/workspaces.ts';
import { focusedPanel, focusPanel } from '../focus-panels.ts';
import { keepers } from '../keepers.ts';
import { PANELS } from '../panel-registry.tsx';
import type { Action } from './action.ts';

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

const SAFETY: readonly Action[] = [
  {
    id: 'kill',
    title: 'KILL: block, cancel everything, verify, halt',
    group: 'Safety',
    keys: ['Ctrl+Shift+Backspace'],
    scope: 'everywhere',
    isFixed: true,
    isCommand: true,
    exactly: 'kill',
    perform: () => void kill(),
  },
  {
    id: 'disarm-all',
    title: 'Disarm everything',
    group: 'Safety',
    keys: ['Shift+Escape'],
    scope: 'everywhere',
    isFixed: true,
    isCommand: true,
    words: 'stop entries',
    perform: () => void disarm(null, null),
  },
  {
    id: 'escape',
    title: 'Close what is open; otherwise disarm everything',
    group: 'Safety',
    keys: ['Escape'],
    scope: 'everywhere',
    isFixed: true,
    isKeyOnly: true,
    perform: escape,
  },
];

const TRADING: readonly Action[] = [
  {
    id: 'arm-all',
    title: 'Arm everything',
    group: 'Trading',
    keys: [],
    scope: 'page',
    isCommand: true,
    why: whyNotArm,
    perform: () => void arm(null, null),
  },
  page('flatten', 'Flatten: close every position…', 'Trading', [], () => openDialog('flatten')),
  {
    ...page('resume', 'Resume after a halt…', 'Trading', [], () => openDialog('resume')),
    why: () => {
      const state = currentStatus()?.state;
      return state === 'HALTED' || state === 'REDUCING' ? null : 'nothing is halted';
    },
  },
  {
    ...page('take-control', 'Take control from another terminal', 'Trading', ['L'], takeControl),
    why: () => (currentStatus()?.lease.mine === true ? 'this terminal is in control' : null),
  },
  page('alerts', 'Alerts', 'Trading', [], () => openDialog('alerts')),
];

const LADDERS: readonly Action[] = [
  page('recentre', 'Bring the market to the middle of the ladders', 'Ladders', ['C'], () =>
    recentreLadders(),
  ),
  page('coarser', 'Coarser grouping of the focused ladder', 'Ladders', ['G'], () => regroup(1)),
  page('finer', 'Finer grouping of the focused ladder', 'Ladders', ['Shift+G'], () => regroup(-1)),
  {
    ...page(
      'lock',
      'Unlock the focused ladder for trading by hand, or lock it',
      'Ladders',
      ['U'],
      () => toggleLock(),
    ),
    isCommand: true,
    words: 'manual orders',
  },
];

const INSTRUMENTS: readonly Action[] = DIGITS.map((digit) => ({
  ...page(
    `instrument-${digit}`,
    `Instrument ${digit} into focus`,
    'Instruments',
    [`${digit}`],
    () => focusNumber(digit),
  ),
  isKeyOnly: true,
}));

const PANEL_ACTIONS: readonly Action[] = [
  everywhere('next-panel', 'Go to the next panel', 'Panels', ['F6'], () => focusPanel(1)),
  everywhere('former-panel', 'Go to the panel before', 'Panels', ['Shift+F6'], () =>
    focusPanel(-1),
  ),
  {
    ...page('maximise', 'Maximise or restore the focused panel', 'Panels', ['M'], () => {
      const panel = focusedPanel();
      if (panel !== null) dockControl()?.toggleMaximised(panel);
    }),
    isKeyOnly: true,
  },
  ...PANELS.map(({ id, title }) => ({
    ...page(`panel-${id}`, `Show ${title}`, 'Panels', [], () => dockControl()?.show(id)),
    words: 'open panel',
    why: whyNoDock,
  })),
  ...PANELS.map(({ id, title }) => ({
    ...page(`window-${id}`, `${title} in a window of its own`, 'Panels', [], () =>
      openInWindow(id),
    ),
    words: 'open pop out window',
  })),
];

const WORKSPACES: readonly Action[] = [
  page('workspaces', 'Workspaces: rename, copy, delete, former versions…', 'Workspaces', [], () =>
    openDialog('workspaces'),
  ),
  {
    ...page(
      'reset-workspace',
      'Reset this workspace to its built-in arrangement',
      'Workspaces',
      [],
      () => {
        const { all } = useWorkspaces.getState();
        keepers().workspaces.change(withLayout(all, all.active, null));
      },
    ),
    why: whyNoDock,
  },
  ...DIGITS.map((digit) => ({
    ...page(`workspace-${digit}`, `Workspace ${digit}`, 'Workspaces', [`Ctrl+Alt+${digit}`], () => {
      const { all } = useWorkspaces.getState();
      const workspace = all.list[digit - 1];
      if (workspace !== undefined) keepers().workspaces.change(switchTo(all, workspace.id));
    }),
    isKeyOnly: true,
  })),
];

const LOOK: readonly Action[] = [
  page('theme-dark', 'Dark theme', 'Look', [], () => chooseTheme('dark')),
  page('theme-light', 'Light theme', 'Look', [], () => chooseTheme('light')),
  page('theme-system', "The system's theme", 'Look', [], () => chooseTheme('system')),
  page('teal-red', 'Side colours: teal and red', 'Look', [], () => choosePalette('teal-red')),
  {
    ...page('blue-orange', 'Side colours: blue and orange', 'Look', [], () =>
      choosePalette('blue-orange'),
    ),
    words: 'colour blind palette',
  },
  ...SCALES.map((scale) => ({
    ...page(`scale-${scale}`, `Size ${scale} %`, 'Look', [], () => chooseScale(scale)),
    words: 'scale zoom density',
  })),
];

const HELP: readonly Action[] = [
  everywhere('palette', 'Commands', 'Help', ['Ctrl+K'], togglePalette, true),
  page('keys', 'Keys', 'Help', ['?'], () => openDialog('keys')),
  everywhere('settings', 'Settings', 'Help', ['Ctrl+,'], () => openDialog('settings')),
];

export const ACTIONS: readonly Action[] = [
  ...SAFETY,
  ...TRADING,
  ...LADDERS,
  ...INSTRUMENTS,
  ...PANEL_ACTIONS,
  ...WORKSPACES,
  ...LOOK,
  ...HELP,
];

function page(
  id: string,
  title: string,
  group: Action['group'],
  keys: readonly string[],
  perform: () => void,
): Action {
  return { id, title, group, keys, scope: 'page', perform };
}

function everywhere(
  id: string,
  title: string,
  group: Action['group'],
  keys: readonly string[],
  perform: () => void,
  isKeyOnly = false,
): Action {
  return { id, title, group, keys, scope: 'everywhere', perform, isKeyOnly };
}

/** Why the engine would not arm; said before asking it. */
export function whyNotArm(): string | null {
  const status = currentStatus();
  if (status === null) return 'no engine has spoken yet';
  if (status.state === 'HALTED') return 'the engine is HALTED: resume first';
  if (status.lease.mine) return null;
  const isTaken = status.lease.held && status.lease.holder !== null;
  return isTaken ? 'another terminal is in control' : 'nobody is in control: take it first';
}

function whyNoDock(): string | null {
  return dockControl() === null ? 'this window shows one panel' : null;
}

function escape(): void {
  if (useView.getState().dialog === null) disarm(null, null);
  else closeDialog();
}

function togglePalette(): void {
  if (useView.getState().dialog === 'palette') closeDialog();
  else openDialog('palette');
}

function focusNumber(digit: number): void {
  const instrument = currentInstruments()[digit - 1];
  if (instrument !== undefined) focusInstrument(instrument.symbol);
}

/** The ladder that has the keyboard's focus; the left one otherwise. */
function focusedLadder(): 0 | 1 {
  const focused = document.activeElement?.closest('[data-ladder]')?.getAttribute('data-ladder');
  return focused === '1' ? 1 : 0;
}

function toggleLock(): void {
  const symbol = useView.getState().ladders[focusedLadder()];
  const instrument = currentInstrument(symbol);
  if (instrument !== null) unlockLadder(symbol, instrument.ladder === 'locked');
}

function regroup(step: number): void {
  const ladder = focusedLadder();
  const at = GROUPINGS.findIndex((ticks) => ticks === useView.getState().groups[ladder]);
  const next = GROUPINGS[Math.max(0, Math.min(GROUPINGS.length - 1, at + step))];
  if (next !== undefined) groupLadder(ladder, next);
}
