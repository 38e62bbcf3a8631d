/**
 * Header: the five questions at a glance: which mode, is the feed good, is it armed, how much
 * today, how do I stop it.
 *
 * Imports   commands, format, stores, ./Brand.
 */
import { useShallow } from 'zustand/react/shallow';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { kill } from '../commands/commands.ts';
import { duration, NONE, signedMoney, signOf, whole } from '../format/numbers.ts';
import { MODE_WORDS } from '../format/words.ts';
import { useCommands } from '../stores/commands-store.ts';
import { useStatus } from '../stores/status-store.ts';
import { Brand } from './Brand.tsx';

export function Header() {
  return (
    <header className="header">
      <Brand />
      <ModeBadge />
      <Feed />
      <Trust />
      <MessageRate />
      <OrderLatency />
      <OrderBudget />
      <span className="grow" />
      <DayPnl />
      <OpenScalps />
      <span className="separator" />
      <ArmedState />
      <KillButton />
    </header>
  );
}

function ModeBadge() {
  const mode = useStatus((status) => status.mode);
  const progress = useStatus((status) => status.replayProgress);
  if (mode === null) return <span className="badge">MODE UNKNOWN</span>;
  const played = progress === null ? '' : ` ${Math.round(progress * 100)} %`;
  return (
    <span className={`badge badge--${mode}`} data-role="mode">
      {MODE_WORDS[mode] ?? mode.toUpperCase()}
      {played}
    </span>
  );
}

interface StatProps {
  readonly label: string;
  readonly title?: string;
  readonly className?: string;
  readonly role?: string;
  readonly children: React.ReactNode;
}

function Stat({ label, title, className = '', role, children }: StatProps) {
  return (
    <div className={`stat ${className}`} title={title} data-role={role}>
      <small>{label}</small>
      <b>{children}</b>
    </div>
  );
}

function Feed() {
  const feed = useStatus(
    useShallow((status: EngineStatus) => [
      status.instruments.filter(({ book }) => book === 'synced').length,
      status.instruments.length,
      status.venue.market,
    ]),
  );
  const [synced, all, market] = feed ?? [0, 0, 'connecting'];
  const good = all !== 0 && synced === all && market === 'up';
  const light = good ? 'ok' : market === 'down' || synced === 0 ? 'bad' : 'warn';
  return (
    <Stat label="FEED" role="feed" title={`market data ${market}`}>
      <span className={`light light--${feed === null ? 'none' : light}`} />
      {feed === null ? NONE : `${synced} of ${all} synced`}
    </Stat>
  );
}

/** The least trusted instrument decides: trading on it is what could go wrong. */
function Trust() {
  const worst = useStatus(
    useShallow((status: EngineStatus) => {
      const [least] = status.instruments.toSorted((a, b) => a.trust - b.trust);
      return [least?.trust ?? null, least?.symbol ?? ''];
    }),
  );
  const [trust, symbol] = worst ?? [null, ''];
  const light = trust === null ? 'none' : Number(trust) >= 90 ? 'ok' : 'warn';
  return (
    <Stat
      label="DATA TRUST"
      className="drop-4"
      role="trust"
      title={`least trusted: ${symbol} (0 to 100: age, venue lag, gaps)`}
    >
      <span className={`light light--${Number(trust) < 50 && trust !== null ? 'bad' : light}`} />
      {trust === null ? NONE : String(trust)}
    </Stat>
  );
}

function MessageRate() {
  const rate = useStatus((status) => Math.round(status.messagesPerSecond));
  return (
    <Stat label="MESSAGES" className="drop-2">
      {rate === null ? NONE : `${whole(rate)}/s`}
    </Stat>
  );
}

function OrderLatency() {
  const p99 = useStatus((status) => {
    const stage = status.latency.find((entry) => entry.stage === 'receive-to-sent');
    return stage === undefined || stage.count === 0 ? null : stage.p99;
  });
  return (
    <Stat
      label="TICK TO ORDER P99"
      className="drop-1"
      title="message received to order handed to the socket, without kernel and network"
    >
      {p99 === null ? NONE : duration(p99)}
    </Stat>
  );
}

function OrderBudget() {
  const percent = useStatus((status) => status.venue.orderBudgetPercent);
  return (
    <Stat label="ORDER BUDGET" className="drop-1" title="what the venue still lets us send">
      {percent === null ? NONE : `${Math.round(percent)} %`}
    </Stat>
  );
}

function DayPnl() {
  const pnl = useStatus(
    useShallow((status: EngineStatus) => [status.pnl.day, status.pnl.currency]),
  );
  const [day, currency] = pnl ?? [null, ''];
  const sign = day === null || day === undefined ? 0 : signOf(day);
  const colour = sign > 0 ? 'up' : sign < 0 ? 'down' : '';
  return (
    <Stat
      label="DAY PNL, FEES IN"
      className="stat--right stat--pnl"
      role="day-pnl"
      title="since 00:00 UTC: realised, fees and unrealised"
    >
      <span className={colour}>
        {day === null || day === undefined ? NONE : `${signedMoney(day)} ${currency}`}
      </span>
    </Stat>
  );
}

function OpenScalps() {
  const count = useStatus((status) => status.scalps.length);
  const words = count === 1 ? '1 scalp' : `${count} scalps`;
  return (
    <Stat label="OPEN" className="stat--right drop-3">
      {count === null ? NONE : words}
    </Stat>
  );
}

function ArmedState() {
  const state = useStatus((status) => status.state);
  const reason = useStatus((status) => status.stateReason);
  const armed = useStatus((status) => status.strategies.filter((s) => s.state === 'ARMED').length);
  const all = useStatus((status) => status.strategies.length);
  const name = state === null ? 'unknown' : state.toLowerCase();
  const light = { ARMED: 'warn', REDUCING: 'warn', HALTED: 'bad', DISARMED: 'none' } as const;
  return (
    <div
      className={`state state--${name}`}
      role="status"
      data-role="armed-state"
      data-state={state ?? 'UNKNOWN'}
      title={reason ?? ''}
    >
      <span className={`light light--${state === null ? 'none' : light[state]}`} />
      {state ?? 'STATE UNKNOWN'}
      {state === 'ARMED' && ` · ${armed} of ${all}`}
      <kbd title="Esc disarms">Esc</kbd>
    </div>
  );
}

function KillButton() {
  const isPending = useCommands(({ requests }) =>
    requests.some(({ command, state }) => command.kind === 'kill' && state === 'pending'),
  );
  return (
    <button
      type="button"
      className="kill"
      data-role="kill"
      aria-busy={isPending}
      title="Block everything, cancel everything, verify with the venue"
      onClick={() => kill()}
    >
      {isPending ? 'KILL SENT' : 'KILL'} <kbd>Ctrl Shift Bksp</kbd>
    </button>
  );
}
