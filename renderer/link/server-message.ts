/**
 * server-message: what the engine sends is checked here before anything in the window reads it.
 *
 * The engine is trusted but may be another version, or a frame may be cut: a message that lacks
 * what the window needs is dropped and counted, never shown half.
 *
 * Imports   contract.
 */
import type { ServerMessage } from '../../engine/contract/events.ts';
import type { HistoryKind } from '../../engine/contract/history.ts';

type Shape = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'array' | 'object'>>;

const STATUS: Shape = {
  contract: 'number',
  session: 'string',
  mode: 'string',
  state: 'string',
  stateReason: 'string',
  atMs: 'number',
  messagesPerSecond: 'number',
  instruments: 'array',
  scalps: 'array',
  orders: 'array',
  strategies: 'array',
  quotes: 'array',
  pnl: 'object',
  latency: 'array',
  drops: 'object',
  journal: 'object',
  lease: 'object',
  venue: 'object',
  alerts: 'array',
};

/** The field that a kind of message carries, and what it must hold. */
const BODIES: Readonly<Record<string, { readonly field: string; readonly shape: Shape }>> = {
  status: { field: 'status', shape: STATUS },
  ack: { field: 'ack', shape: { id: 'string', outcome: 'string', reason: 'string' } },
  decision: {
    field: 'decision',
    shape: { sequence: 'number', atMs: 'number', symbol: 'string', readings: 'array' },
  },
  candles: {
    field: 'candles',
    shape: {
      id: 'string',
      refused: 'string',
      anchorWallMs: 'number',
      through: 'number',
      holes: 'number',
      rows: 'array',
    },
  },
  fill: {
    field: 'fill',
    shape: { sequence: 'number', atMs: 'number', symbol: 'string', price: 'string' },
  },
  orderEnded: {
    field: 'order',
    shape: { sequence: 'number', clientId: 'string', symbol: 'string', state: 'string' },
  },
  scalpClosed: {
    field: 'scalp',
    shape: { sequence: 'number', symbol: 'string', net: 'string', openedBy: 'array' },
  },
  event: { field: 'event', shape: { sequence: 'number', atMs: 'number', text: 'string' } },
  equity: { field: 'point', shape: { sequence: 'number', atMs: 'number', day: 'string' } },
  alert: { field: 'alert', shape: { atMs: 'number', code: 'string', text: 'string' } },
};

const FLAT: Readonly<Record<string, Shape>> = {
  hello: { contract: 'number', terminal: 'string', session: 'string' },
  history: { id: 'string', what: 'string', rows: 'array', more: 'boolean', missed: 'number' },
  ping: { number: 'number' },
  error: { code: 'string', message: 'string' },
  document: {
    id: 'string',
    name: 'string',
    revision: 'number',
    savedAtMs: 'number',
    versions: 'array',
  },
  configuration: { id: 'string', fields: 'array' },
  documentChanged: { name: 'string', revision: 'number' },
};

/** The message, or one line about what is wrong with it. */
export function parseServerMessage(text: string): ServerMessage | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'a message that is no JSON';
  }
  if (!isRecord(value) || typeof value['type'] !== 'string') return 'a message without a type';
  const type = value['type'];
  const body = BODIES[type];
  const shape = body?.shape ?? FLAT[type];
  if (shape === undefined) return `a message of unknown type ${type}`;
  const holder = body === undefined ? value : value[body.field];
  const wrong = isRecord(holder) ? misfit(type, holder, shape) : (body?.field ?? '');
  if (wrong !== null) return `a ${type} message whose ${wrong} is missing or of the wrong kind`;
  return value as unknown as ServerMessage;
}

/** What each row of an answer must hold. */
const ROWS: Readonly<Record<HistoryKind, Shape>> = {
  fills: BODIES['fill']!.shape,
  decisions: BODIES['decision']!.shape,
  scalps: BODIES['scalpClosed']!.shape,
  orders: BODIES['orderEnded']!.shape,
  equity: BODIES['equity']!.shape,
  events: BODIES['event']!.shape,
  trades: { sequence: 'number', instrument: 'number', ticks: 'number', lots: 'number' },
};

/** True when every row is of the answer's kind and their numbers ascend. */
function hasRows(answer: Readonly<Record<string, unknown>>): boolean {
  const what = String(answer['what']);
  if (!Object.hasOwn(ROWS, what)) return false;
  const shape = ROWS[what as HistoryKind];
  let last = 0;
  return (answer['rows'] as readonly unknown[]).every((row) => {
    if (!isRecord(row) || mismatch(row, shape) !== null) return false;
    const sequence = Number(row['sequence']);
    const isNext = sequence > last;
    last = sequence;
    return isNext;
  });
}

/** The field that is wrong in what a message carries, or null. */
function misfit(
  type: string,
  holder: Readonly<Record<string, unknown>>,
  shape: Shape,
): string | null {
  const wrong = mismatch(holder, shape);
  return wrong === null && type === 'history' && !hasRows(holder) ? 'rows' : wrong;
}

function mismatch(value: Readonly<Record<string, unknown>>, shape: Shape): string | null {
  for (const [field, kind] of Object.entries(shape)) {
    if (kindOf(value[field]) !== kind) return field;
  }
  return null;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
