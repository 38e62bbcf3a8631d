/**
 * server-message: what the engine sends is checked here before anything in the window reads it.
 *
 * The engine is trusted but may be another version, or a frame may be cut: a message that lacks
 * what the window needs is dropped and counted, never shown half.
 *
 * Imports   contract.
 */
import type { ServerMessage } from '../../engine/contract/events.ts';

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
  fill: { field: 'fill', shape: { atMs: 'number', symbol: 'string', price: 'string' } },
  alert: { field: 'alert', shape: { atMs: 'number', code: 'string', text: 'string' } },
};

const FLAT: Readonly<Record<string, Shape>> = {
  hello: { contract: 'number', terminal: 'string', session: 'string' },
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
  const wrong = isRecord(holder) ? mismatch(holder, shape) : (body?.field ?? '');
  if (wrong !== null) return `a ${type} message whose ${wrong} is missing or of the wrong kind`;
  return value as unknown as ServerMessage;
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
