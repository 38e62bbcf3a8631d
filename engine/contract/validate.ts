/**
 * validate: what a terminal or a command line sends is checked here before anything reads it.
 *
 * Errors    EngineError 'input/malformed' with the path of what is wrong.
 * Imports   contract, base; valibot.
 */
import * as v from 'valibot';
import { EngineError } from '../base/errors.ts';
import { CANDLE_SECONDS, CANDLES_MAX } from './candles.ts';
import { REPLAY_SPEED_MAX, REPLAY_SPEED_MIN, STRATEGY_NAMES, TIMES_IN_FORCE } from './commands.ts';
import { DOCUMENT_BYTES_MAX, DOCUMENT_NAMES } from './documents.ts';
import { CREDITS_MAX } from './events.ts';
import type { ClientMessage } from './events.ts';
import type { Command } from './commands.ts';
import { MAX_LADDERS } from './frames.ts';
import { HISTORY_KINDS, HISTORY_PAGE_MAX } from './history.ts';

/** A command with its strategy and instruments is well under this. */
export const CLIENT_MESSAGE_BYTES_MAX = 16_384;
/** A document is itself text with quotes, each of which is escaped once more on the way. */
export const LINK_MESSAGE_BYTES_MAX = 2 * DOCUMENT_BYTES_MAX + CLIENT_MESSAGE_BYTES_MAX;

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
const symbol = v.pipe(v.string(), v.minLength(1), v.maxLength(32));
const scope = {
  strategy: v.nullable(v.picklist(STRATEGY_NAMES)),
  symbol: v.nullable(symbol),
};

const decimal = v.pipe(
  v.string(),
  v.maxLength(32),
  v.regex(/^\d+(\.\d+)?$/, 'must be a decimal such as "64231.0"'),
);
const side = v.picklist(['buy', 'sell']);
export const clientOrderId = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,36}$/));

/** Fields of an order by hand, for every border that takes one. */
export const handOrder = {
  symbol,
  side,
  price: decimal,
  size: decimal,
  timeInForce: v.picklist(TIMES_IN_FORCE),
  reduceOnly: v.boolean(),
};

export const handCancel = {
  symbol: v.nullable(symbol),
  side: v.nullable(side),
  scope: v.picklist(['hand', 'all']),
};
const replay = { kind: v.literal('replay'), id } as const;
const number = v.pipe(v.number(), v.finite());

const replaySchema = v.variant('action', [
  v.strictObject({
    ...replay,
    action: v.picklist(['play', 'pause', 'step', 'nextDecision', 'nextFill']),
  }),
  v.strictObject({
    ...replay,
    action: v.literal('speed'),
    value: v.pipe(
      number,
      v.check(
        (x) => x === 0 || (x >= REPLAY_SPEED_MIN && x <= REPLAY_SPEED_MAX),
        `must be 0 (as fast as it goes) or from ${REPLAY_SPEED_MIN} to ${REPLAY_SPEED_MAX}`,
      ),
    ),
  }),
  v.strictObject({
    ...replay,
    action: v.literal('seek'),
    value: v.pipe(number, v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
  }),
]);

const commandSchema = v.variant('kind', [
  replaySchema,
  v.strictObject({ kind: v.literal('arm'), id, ...scope }),
  v.strictObject({ kind: v.literal('disarm'), id, ...scope }),
  v.strictObject({ kind: v.literal('kill'), id }),
  v.strictObject({ kind: v.literal('flatten'), id, symbol: v.nullable(symbol) }),
  v.strictObject({
    kind: v.literal('closeScalp'),
    id,
    scalpId: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  }),
  v.strictObject({ kind: v.literal('resume'), id, typed: v.pipe(v.string(), v.maxLength(32)) }),
  v.strictObject({
    kind: v.literal('unlockLadder'),
    id,
    symbol: v.nullable(symbol),
    unlocked: v.boolean(),
  }),
  v.strictObject({ kind: v.literal('placeOrder'), id, ...handOrder }),
  v.strictObject({ kind: v.literal('cancelOrder'), id, clientId: clientOrderId }),
  v.strictObject({ kind: v.literal('cancelOrders'), id, ...handCancel }),
  v.strictObject({
    kind: v.literal('watch'),
    id,
    symbols: v.pipe(v.array(symbol), v.maxLength(MAX_LADDERS)),
  }),
]);

const document = {
  type: v.literal('document'),
  id,
  name: v.picklist(DOCUMENT_NAMES),
} as const;
const revision = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const documentSchema = v.variant('op', [
  v.strictObject({ ...document, op: v.literal('read') }),
  v.strictObject({ ...document, op: v.literal('readVersion'), revision }),
  v.strictObject({
    ...document,
    op: v.literal('write'),
    base: revision,
    body: v.pipe(v.string(), v.maxBytes(DOCUMENT_BYTES_MAX)),
  }),
]);

const clientMessageSchema = v.variant('type', [
  v.strictObject({
    type: v.literal('hello'),
    contract: v.pipe(v.number(), v.safeInteger()),
    name: v.pipe(v.string(), v.maxLength(64)),
    watchesOnly: v.optional(v.boolean()),
  }),
  v.strictObject({ type: v.literal('command'), command: commandSchema }),
  v.strictObject({
    type: v.literal('credit'),
    frames: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(CREDITS_MAX)),
  }),
  v.strictObject({ type: v.literal('pong'), number: v.pipe(v.number(), v.safeInteger()) }),
  v.strictObject({ type: v.literal('lease'), want: v.boolean() }),
  v.strictObject({
    type: v.literal('candles'),
    request: v.strictObject({
      id,
      symbol,
      seconds: v.picklist(CANDLE_SECONDS),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(CANDLES_MAX)),
    }),
  }),
  v.strictObject({
    type: v.literal('history'),
    id,
    what: v.picklist(HISTORY_KINDS),
    symbol: v.nullable(symbol),
    before: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
    limit: v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(Math.max(...Object.values(HISTORY_PAGE_MAX))),
    ),
  }),
  documentSchema,
  v.strictObject({ type: v.literal('configuration'), id }),
]);

export function parseCommand(value: unknown): Command {
  return checked(commandSchema, value, 'command') as Command;
}

/** Parses one text message of a terminal. */
export function parseClientMessage(text: string): ClientMessage {
  if (text.length > LINK_MESSAGE_BYTES_MAX) throw tooLong(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EngineError('input/malformed', 'message is no JSON', {}, error);
  }
  const message = checked(clientMessageSchema, value, 'message') as ClientMessage;
  // Only a document may be long.
  if (text.length > CLIENT_MESSAGE_BYTES_MAX && message.type !== 'document') throw tooLong(text);
  return message;
}

function tooLong(text: string): EngineError {
  return new EngineError('input/malformed', `message of ${text.length} characters is too long`);
}

function checked(schema: v.GenericSchema, value: unknown, what: string): unknown {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  throw new EngineError(
    'input/malformed',
    `${what}${path === '' ? '' : `.${path}`}: ${issue.message}`,
  );
}
