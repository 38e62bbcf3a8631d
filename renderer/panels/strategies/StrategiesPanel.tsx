/**
 * StrategiesPanel: a switch per strategy and instrument. A switch shows what the engine has
 * acknowledged; while a change is asked for it breathes, and a refusal is said on the notice strip.
 *
 * Imports   commands, contract, format, stores, ui.
 */
import { memo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { STRATEGY_NAMES, type StrategyName } from '../../../engine/contract/commands.ts';
import type { EngineStatus, StrategyStatus } from '../../../engine/contract/status.ts';
import { arm, disarm } from '../../commands/commands.ts';
import { signedMoney, signOf } from '../../format/numbers.ts';
import { STRATEGY_WORDS } from '../../format/words.ts';
import { useCommands, type Request } from '../../stores/commands-store.ts';
import { useStatus } from '../../stores/status-store.ts';
import { focusInstrument, useView } from '../../stores/view-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Switch } from '../../ui/Switch.tsx';
import './strategies.css';

export function StrategiesPanel() {
  return (
    <Panel name="strategies" title="Strategies" right={<AllButtons strategy={null} />}>
      {STRATEGY_NAMES.map((strategy) => (
        <Group key={strategy} strategy={strategy} />
      ))}
    </Panel>
  );
}

function Group({ strategy }: { readonly strategy: StrategyName }) {
  const symbols = useStatus(
    useShallow((status: EngineStatus) =>
      status.strategies.filter((s) => s.strategy === strategy).map(({ symbol }) => symbol),
    ),
  );
  if (symbols === null || symbols.length === 0) return null;
  return (
    <div role="group" aria-label={STRATEGY_WORDS[strategy]}>
      <div className="strategies__head">
        <b>{STRATEGY_WORDS[strategy]}</b>
        <span className="strategies__count">entries / vetoes</span>
        <span>realised</span>
        <AllButtons strategy={strategy} />
      </div>
      {symbols.map((symbol) => (
        <Row key={symbol} strategy={strategy} symbol={symbol} />
      ))}
    </div>
  );
}

interface RowProps {
  readonly strategy: StrategyName;
  readonly symbol: string;
}

const CODES: Readonly<Record<string, string>> = {
  ARMED: 'warn',
  REDUCING: 'warn',
  HALTED: 'danger',
  DISARMED: '',
};

const Row = memo(function Row({ strategy, symbol }: RowProps) {
  const entry = useStatus(
    (status) =>
      status.strategies.find((s) => s.strategy === strategy && s.symbol === symbol) ?? null,
  );
  const isFocus = useView((state) => state.focus === symbol);
  if (entry === null) return null;
  return (
    <div
      className="strategies__row"
      data-strategy={strategy}
      data-symbol={symbol}
      data-state={entry.state}
      aria-current={isFocus}
      title={entry.heldBack ?? ''}
      onClick={() => focusInstrument(symbol)}
    >
      <StrategySwitch entry={entry} />
      <span className="strategies__name">{symbol}</span>
      <span className="strategies__count num">
        {entry.entries} / {entry.vetoes}
      </span>
      <Realised text={entry.realised} />
      <span
        className={`code code--${entry.heldBack === null ? CODES[entry.state] : 'no'}`}
        data-role="strategy-state"
      >
        {entry.heldBack === null ? entry.state : 'HELD BACK'}
      </span>
    </div>
  );
});

function Realised({ text }: { readonly text: string }) {
  const sign = signOf(text);
  const colour = sign > 0 ? 'up' : sign < 0 ? 'down' : 'dim';
  return <span className={`strategies__money num ${colour}`}>{signedMoney(text)}</span>;
}

function StrategySwitch({ entry }: { readonly entry: StrategyStatus }) {
  const { strategy, symbol, state } = entry;
  const isBusy = useCommands(({ requests }) => requests.some((r) => concerns(r, strategy, symbol)));
  const mayArm = useMayArm();
  const isOn = state === 'ARMED';
  const words = `${STRATEGY_WORDS[strategy]} on ${symbol}`;
  return (
    <Switch
      label={`${words}: ${state.toLowerCase()}`}
      isOn={isOn}
      isBusy={isBusy}
      isOwn={strategy === 'market-making'}
      isDisabled={!isOn && !mayArm}
      onToggle={() => (isOn ? disarm(strategy, symbol) : arm(strategy, symbol))}
    />
  );
}

function concerns(request: Request, strategy: StrategyName, symbol: string): boolean {
  const { command, state } = request;
  if (state !== 'pending' || (command.kind !== 'arm' && command.kind !== 'disarm')) return false;
  const isStrategy = command.strategy === null || command.strategy === strategy;
  return isStrategy && (command.symbol === null || command.symbol === symbol);
}

/** Arming needs the lease and a state that can be armed from; disarming needs nothing. */
function useMayArm(): boolean {
  const may = useStatus((status) => status.lease.mine && status.state !== 'HALTED');
  return may === true;
}

function AllButtons({ strategy }: { readonly strategy: StrategyName | null }) {
  const mayArm = useMayArm();
  const words = strategy === null ? 'all' : STRATEGY_WORDS[strategy];
  const isAll = strategy === null;
  return (
    <span className="strategies__all">
      <button
        type="button"
        className="button"
        disabled={!mayArm}
        aria-label={`Arm ${words}`}
        onClick={() => arm(strategy, null)}
      >
        {isAll ? 'Arm all' : 'Arm'}
      </button>
      <button
        type="button"
        className="button"
        aria-label={`Disarm ${words}`}
        onClick={() => disarm(strategy, null)}
      >
        {isAll ? 'Disarm all' : 'Disarm'}
      </button>
    </span>
  );
}
