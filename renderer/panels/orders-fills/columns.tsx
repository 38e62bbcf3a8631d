/**
 * columns: what the tables of orders, fills, scalps and events show, and how they sort.
 *
 * Imports   contract, commands, format, stores, ui (types), ./blotter-rows.
 */
import type { FillEvent } from '../../../engine/contract/events.ts';
import type { ClosedScalp, EventRow } from '../../../engine/contract/history.ts';
import { cancelOrder } from '../../commands/commands.ts';
import { grouped, groupedOrNone, MINUS, NONE, signed, signOf } from '../../format/numbers.ts';
import { clockMs, span } from '../../format/times.ts';
import { signalsShort } from '../../format/words.ts';
import { useCommands } from '../../stores/commands-store.ts';
import type { Column } from '../../ui/VirtualTable.tsx';
import type { OrderLine } from './blotter-rows.ts';

const TIME = '98px';

function Side({ side }: { readonly side: string }) {
  const isUp = side === 'buy' || side === 'long';
  return <span className={isUp ? 'up' : 'down'}>{side.toUpperCase()}</span>;
}

/** Money to a hundredth of a cent, in full on hover; its colour is its sign. */
function Money({ text, isSigned = true }: { readonly text: string; readonly isSigned?: boolean }) {
  const sign = signOf(text);
  const look = sign === 0 ? 'dim' : !isSigned ? '' : sign > 0 ? 'up' : 'down';
  const value = Number(text);
  return (
    <span className={look} title={text}>
      {isSigned ? signed(value, 4) : grouped(value.toFixed(4))}
    </span>
  );
}

export const ORDER_COLUMNS: readonly Column<OrderLine>[] = [
  {
    key: 'time',
    head: 'Time',
    width: TIME,
    isTime: true,
    title: 'When the order was made; of an ended one, when it ended (UTC)',
    cell: ({ atMs }) => clockMs(atMs),
    order: ({ atMs }) => atMs,
  },
  {
    key: 'symbol',
    head: 'Instrument',
    width: 'minmax(76px, 1fr)',
    cell: ({ symbol }) => <b>{symbol}</b>,
    order: ({ symbol }) => symbol,
  },
  {
    key: 'side',
    head: 'Side',
    width: '42px',
    cell: ({ side }) => <Side side={side} />,
    order: ({ side }) => side,
  },
  {
    key: 'type',
    head: 'Type',
    width: '50px',
    title: 'GTC rests, post rests or is refused, IOC takes at once; R only reduces',
    cell: ({ type }) => <span className="dim">{type}</span>,
    order: ({ type }) => type,
  },
  {
    key: 'price',
    head: 'Price',
    width: '82px',
    isNumber: true,
    cell: ({ price }) => grouped(price),
    order: ({ price }) => Number(price),
  },
  {
    key: 'size',
    head: 'Size',
    width: '62px',
    isNumber: true,
    cell: ({ size }) => grouped(size),
    order: ({ size }) => Number(size),
  },
  {
    key: 'filled',
    head: 'Filled',
    width: '62px',
    isNumber: true,
    cell: ({ filled }) => (
      <span className={Number(filled) === 0 ? 'dim' : ''}>{grouped(filled)}</span>
    ),
    order: ({ filled }) => Number(filled),
  },
  {
    key: 'average',
    head: 'Average',
    width: '84px',
    isNumber: true,
    title: 'Average price of its fills',
    cell: ({ average }) => groupedOrNone(average),
    order: ({ average }) => Number(average ?? 0),
  },
  {
    key: 'state',
    head: 'State',
    width: 'minmax(92px, 1.6fr)',
    cell: (row) => <State {...row} />,
    order: ({ state }) => state,
  },
  {
    key: 'owner',
    head: 'Owner',
    width: '54px',
    cell: ({ owner }) => owner,
    order: ({ owner }) => owner,
  },
  {
    key: 'purpose',
    head: 'Purpose',
    width: '86px',
    cell: ({ purpose }) => <span className="dim">{purpose}</span>,
    order: ({ purpose }) => purpose,
  },
  {
    key: 'age',
    head: 'Age',
    width: '52px',
    isNumber: true,
    title: 'Since it was made; of an ended order how long it lived',
    cell: ({ ageMs }) => shortSpan(ageMs),
    order: ({ ageMs }) => ageMs,
  },
  {
    key: 'ack',
    head: 'Ack ms',
    width: '54px',
    isNumber: true,
    title: 'From sent to the first sign of the venue, in milliseconds',
    cell: ({ ackMs }) => (ackMs === null ? NONE : ackMs.toFixed(ackMs < 10 ? 2 : 1)),
    order: ({ ackMs }) => ackMs ?? -1,
  },
  {
    key: 'cancel',
    head: '',
    width: '56px',
    cell: (row) => (row.isWorking ? <CancelButton {...row} /> : null),
  },
];

/** An armed strategy may place again what is cancelled here. */
function CancelButton({ clientId, symbol, side, price }: OrderLine) {
  const isSent = useCommands(({ requests }) =>
    requests.some(
      ({ command, state }) =>
        command.kind === 'cancelOrder' && command.clientId === clientId && state === 'pending',
    ),
  );
  return (
    <button
      type="button"
      className="button"
      disabled={isSent}
      aria-label={`Cancel ${side} ${symbol} at ${price}`}
      onClick={() => cancelOrder(clientId)}
    >
      {isSent ? 'sent' : 'Cancel'}
    </button>
  );
}

function State({ state, reason, isWorking }: OrderLine) {
  const look =
    state === 'filled'
      ? 'code--go'
      : state === 'rejected'
        ? 'code--no'
        : state === 'unknown'
          ? 'code--warn'
          : isWorking
            ? 'code--own'
            : '';
  return (
    <span title={reason === '' ? undefined : reason}>
      <span className={`code ${look}`}>{state}</span>
      {reason !== '' && <span className="dim"> {reason}</span>}
    </span>
  );
}

/** "850 ms", "3.2 s", "2 min". */
export function shortSpan(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}

export const FILL_COLUMNS: readonly Column<FillEvent>[] = [
  {
    key: 'time',
    head: 'Time',
    width: TIME,
    isTime: true,
    cell: ({ atMs }) => clockMs(atMs),
    order: ({ sequence }) => sequence,
  },
  {
    key: 'symbol',
    head: 'Instrument',
    width: 'minmax(76px, 1fr)',
    cell: ({ symbol }) => <b>{symbol}</b>,
    order: ({ symbol }) => symbol,
  },
  {
    key: 'side',
    head: 'Side',
    width: '42px',
    cell: ({ side }) => <Side side={side} />,
    order: ({ side }) => side,
  },
  {
    key: 'price',
    head: 'Price',
    width: '84px',
    isNumber: true,
    cell: ({ price }) => grouped(price),
    order: ({ price }) => Number(price),
  },
  {
    key: 'size',
    head: 'Size',
    width: '70px',
    isNumber: true,
    cell: ({ size }) => grouped(size),
    order: ({ size }) => Number(size),
  },
  {
    key: 'maker',
    head: 'Role',
    width: '50px',
    title: 'Maker: the order rested; taker: it took',
    cell: ({ maker }) => <span className={maker ? '' : 'dim'}>{maker ? 'maker' : 'taker'}</span>,
    order: ({ maker }) => (maker ? 1 : 0),
  },
  {
    key: 'fee',
    head: 'Fee',
    width: '92px',
    isNumber: true,
    title: 'The venue’s figure; below zero it is a rebate',
    cell: ({ fee }) => <Money text={fee} isSigned={false} />,
    order: ({ fee }) => Number(fee),
  },
  {
    key: 'realised',
    head: 'Realised',
    width: '100px',
    isNumber: true,
    title: 'The venue’s figure, before fees',
    cell: ({ realised }) => <Money text={realised} />,
    order: ({ realised }) => Number(realised),
  },
  {
    key: 'owner',
    head: 'Owner',
    width: '58px',
    cell: ({ owner }) => owner,
    order: ({ owner }) => owner,
  },
  {
    key: 'purpose',
    head: 'Purpose',
    width: 'minmax(90px, 1fr)',
    cell: ({ purpose }) => <span className="dim">{purpose}</span>,
    order: ({ purpose }) => purpose,
  },
];

export const SCALP_COLUMNS: readonly Column<ClosedScalp>[] = [
  {
    key: 'time',
    head: 'Closed',
    width: TIME,
    isTime: true,
    cell: ({ closedAtMs }) => clockMs(closedAtMs),
    order: ({ sequence }) => sequence,
  },
  {
    key: 'symbol',
    head: 'Instrument',
    width: 'minmax(76px, 1fr)',
    cell: ({ symbol }) => <b>{symbol}</b>,
    order: ({ symbol }) => symbol,
  },
  {
    key: 'side',
    head: 'Side',
    width: '48px',
    cell: ({ side }) => <Side side={side} />,
    order: ({ side }) => side,
  },
  {
    key: 'size',
    head: 'Size',
    width: '62px',
    isNumber: true,
    cell: ({ size }) => grouped(size),
    order: ({ size }) => Number(size),
  },
  {
    key: 'entry',
    head: 'Entry',
    width: '82px',
    isNumber: true,
    cell: ({ entry }) => grouped(entry),
    order: ({ entry }) => Number(entry),
  },
  {
    key: 'exit',
    head: 'Exit',
    width: '82px',
    isNumber: true,
    title: 'Average over all its exits',
    cell: ({ exit }) => groupedOrNone(exit),
    order: ({ exit }) => Number(exit ?? 0),
  },
  {
    key: 'kind',
    head: 'Closed by',
    width: '106px',
    cell: ({ exitKind }) => exitKind,
    order: ({ exitKind }) => exitKind,
  },
  {
    key: 'hold',
    head: 'Held',
    width: '52px',
    isNumber: true,
    cell: ({ openedAtMs, closedAtMs }) => shortSpan(closedAtMs - openedAtMs),
    order: ({ openedAtMs, closedAtMs }) => closedAtMs - openedAtMs,
  },
  {
    key: 'net',
    head: 'Net',
    width: '84px',
    isNumber: true,
    title: 'After fees',
    cell: ({ net }) => <Money text={net} />,
    order: ({ net }) => Number(net),
  },
  {
    key: 'fees',
    head: 'Fees',
    width: '68px',
    isNumber: true,
    cell: ({ fees }) => <Money text={fees} isSigned={false} />,
    order: ({ fees }) => Number(fees),
  },
  {
    key: 'r',
    head: 'R',
    width: '46px',
    isNumber: true,
    title: 'Net over what the first stop risked',
    cell: ({ net, risk }) => (risk === null ? NONE : (Number(net) / Number(risk)).toFixed(2)),
    order: ({ net, risk }) => (risk === null ? 0 : Number(net) / Number(risk)),
  },
  {
    key: 'mae',
    head: 'MAE / MFE',
    width: '104px',
    isNumber: true,
    title: 'Worst and best it stood on the way, of the whole size, before fees',
    cell: ({ mae, mfe }) => (mae === null || mfe === null ? NONE : `${short(mae)} / ${short(mfe)}`),
    order: ({ mae }) => Number(mae ?? 0),
  },
  {
    key: 'by',
    head: 'Opened by',
    width: 'minmax(80px, 1.4fr)',
    cell: ({ openedBy }) => (
      <span className="dim" title={signalsShort(openedBy)}>
        {signalsShort(openedBy)}
      </span>
    ),
  },
];

function short(text: string): string {
  return Number(text).toFixed(2).replace('-', MINUS);
}

export const EVENT_COLUMNS: readonly Column<EventRow>[] = [
  {
    key: 'time',
    head: 'Time',
    width: TIME,
    isTime: true,
    cell: ({ atMs }) => clockMs(atMs),
    order: ({ sequence }) => sequence,
  },
  {
    key: 'code',
    head: 'What',
    width: '140px',
    cell: ({ level, code }) => <span className={`code ${EVENT_LOOKS[level]}`}>{code}</span>,
    order: ({ code }) => code,
  },
  {
    key: 'text',
    head: 'Text',
    width: 'minmax(120px, 1fr)',
    cell: ({ text }) => <span title={text}>{text}</span>,
  },
];

const EVENT_LOOKS = { info: '', warn: 'code--warn', danger: 'code--no' } as const;
