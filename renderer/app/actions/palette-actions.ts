/**
 * palette-actions: what the palette offers beyond the table: what depends on the engine's
 * instruments and on this person's workspaces.
 *
 * Imports   commands, contract, format, stores, ./action, ./action-table, ../dock, ../keepers.
 */
import type { EngineStatus, StrategyStatus } from '../../../engine/contract/status.ts';
import { arm, disarm, flatten } from '../../commands/commands.ts';
import { STRATEGY_WORDS } from '../../format/words.ts';
import { focusInstrument } from '../../stores/view-store.ts';
import { useWorkspaces } from '../dock/workspace-store.ts';
import { switchTo, type Workspaces } from '../dock/workspaces.ts';
import { keepers } from '../keepers.ts';
import type { Action } from './action.ts';
import { ACTIONS, whyNotArm } from './action-table.ts';

export function paletteActions(status: EngineStatus | null, all: Workspaces): readonly Action[] {
  return [
    ...ACTIONS,
    ...all.list.map(({ id, name }) => workspaceAction(id, name)),
    ...(status === null ? [] : engineActions(status)),
  ];
}

function engineActions({ instruments, strategies }: EngineStatus): readonly Action[] {
  return [
    ...instruments.map(({ symbol }) => ({
      ...plain(`go-${symbol}`, `Go to ${symbol}`, 'Instruments', () => focusInstrument(symbol)),
      words: 'instrument focus ladder',
    })),
    ...strategies.flatMap((entry) => [armAction(entry), disarmAction(entry)]),
    ...instruments.map(({ symbol, positionLots }) => ({
      ...plain(`flatten-${symbol}`, `Flatten ${symbol}`, 'Trading', () => void flatten(symbol)),
      isCommand: true,
      words: 'close position',
      why: () => (positionLots === 0 ? 'no position is open' : null),
    })),
  ];
}

function armAction({ strategy, symbol, state }: StrategyStatus): Action {
  const words = STRATEGY_WORDS[strategy];
  return {
    ...plain(`arm-${strategy}-${symbol}`, `Arm ${words} on ${symbol}`, 'Trading', () => {
      arm(strategy, symbol);
    }),
    isCommand: true,
    words: strategy === 'market-making' ? 'quote on toggle' : 'scalp on toggle',
    why: () => (state === 'ARMED' ? 'it is armed' : whyNotArm()),
  };
}

function disarmAction({ strategy, symbol, state }: StrategyStatus): Action {
  const words = STRATEGY_WORDS[strategy];
  return {
    ...plain(`disarm-${strategy}-${symbol}`, `Disarm ${words} on ${symbol}`, 'Trading', () => {
      disarm(strategy, symbol);
    }),
    isCommand: true,
    words: 'off toggle',
    why: () => (state === 'DISARMED' ? 'it is not armed' : null),
  };
}

function workspaceAction(id: string, name: string): Action {
  return plain(`workspace-named-${id}`, `Workspace ${name}`, 'Workspaces', () => {
    keepers().workspaces.change(switchTo(useWorkspaces.getState().all, id));
  });
}

function plain(id: string, title: string, group: Action['group'], perform: () => void): Action {
  return { id, title, group, keys: [], scope: 'page', perform };
}
