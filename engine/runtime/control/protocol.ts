/**
 * protocol: what the command line says to a running engine, and what comes back.
 *
 * Newline-delimited JSON over a local socket. A request is {id, kind, …}; its reply {id, ok: true,
 * result} or {id, ok: false, error}. The first request is `hello` with the version and the token.
 * Requests of one client are answered in order. Nothing else is ever sent by the engine.
 *
 * Errors    EngineError 'input/malformed' for a line that is no request.
 * Imports   base, contract; valibot.
 */
import * as v from 'valibot';
import { EngineError, type WireError } from '../../base/errors.ts';
import { STRATEGY_NAMES, type Ack, type Command } from '../../contract/commands.ts';
import type { EngineStatus } from '../../contract/status.ts';
import { clientOrderId, handCancel, handOrder } from '../../contract/validate.ts';

export const CONTROL_VERSION = 1;
/** A request is a few hundred bytes. */
export const REQUEST_BYTES_MAX = 16_384;
/** A status with every instrument, order and scalp is well under this. */
export const REPLY_BYTES_MAX = 8 * 1024 * 1024;

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const symbol = v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,32}$/)));
const strategy = v.nullable(v.picklist(STRATEGY_NAMES));

const requestSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('hello'),
    id,
    version: v.pipe(v.number(), v.safeInteger()),
    token: v.pipe(v.string(), v.maxLength(256)),
    name: v.pipe(v.string(), v.maxLength(64)),
  }),
  v.strictObject({ kind: v.literal('status'), id }),
  v.strictObject({ kind: v.literal('arm'), id, strategy, symbol }),
  v.strictObject({ kind: v.literal('disarm'), id, strategy, symbol }),
  v.strictObject({ kind: v.literal('flatten'), id, symbol }),
  v.strictObject({ kind: v.literal('kill'), id }),
  v.strictObject({ kind: v.literal('unlockLadder'), id, symbol, unlocked: v.boolean() }),
  v.strictObject({ kind: v.literal('placeOrder'), id, ...handOrder }),
  v.strictObject({ kind: v.literal('cancelOrder'), id, clientId: clientOrderId }),
  v.strictObject({ kind: v.literal('cancelOrders'), id, ...handCancel }),
  v.strictObject({ kind: v.literal('leaseAcquire'), id }),
  v.strictObject({ kind: v.literal('leaseRenew'), id }),
  v.strictObject({ kind: v.literal('leaseRelease'), id }),
  v.strictObject({
    kind: v.literal('resetHalt'),
    id,
    typed: v.pipe(v.string(), v.maxLength(32)),
  }),
]);

export type ControlRequest = v.InferOutput<typeof requestSchema>;
export type ControlKind = ControlRequest['kind'];

/** A request without its id, which the client numbers itself. */
export type ControlAsk<Kind extends ControlKind> = Omit<
  Extract<ControlRequest, { kind: Kind }>,
  'id' | 'kind'
>;

export interface HelloResult {
  readonly version: number;
  readonly session: string;
  readonly mode: string;
  readonly product: string;
  /** The name under which this client holds a lease. */
  readonly client: string;
  readonly leaseMs: number;
}

export interface LeaseResult {
  readonly granted: boolean;
  /** Why not, in one line; '' when granted. */
  readonly reason: string;
}

export interface ControlResults {
  hello: HelloResult;
  status: EngineStatus;
  arm: Ack;
  disarm: Ack;
  flatten: Ack;
  kill: Ack;
  unlockLadder: Ack;
  placeOrder: Ack;
  cancelOrder: Ack;
  cancelOrders: Ack;
  leaseAcquire: LeaseResult;
  leaseRenew: LeaseResult;
  leaseRelease: LeaseResult;
  resetHalt: Ack;
}

export type ControlReply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: WireError };

/** What the engine does for the command line. Calls come in order per client. */
export interface ControlHandler {
  readonly session: string;
  readonly mode: string;
  /** Product name and version. */
  readonly version: string;
  readonly leaseMs: number;
  status(): EngineStatus;
  execute(command: Command, holdsLease: boolean): Promise<Ack>;
  acquireLease(who: string): LeaseResult;
  /** False: the lease was lost meanwhile. */
  renewLease(who: string): boolean;
  releaseLease(who: string): void;
  leaseHolder(): string | null;
}

/** Parses one line of a client. */
export function parseRequest(line: string): ControlRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new EngineError(
      'input/malformed',
      'a control request must be one line of JSON',
      {},
      error,
    );
  }
  const result = v.safeParse(requestSchema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  const where = path === '' ? '' : ` at ${path}`;
  throw new EngineError('input/malformed', `control request${where}: ${issue.message}`);
}

/** Number of a request that may not be valid otherwise; 0 when even that is missing. */
export function requestIdOf(line: string): number {
  try {
    const value: unknown = JSON.parse(line);
    const found = (value as { id?: unknown } | null)?.id;
    return Number.isSafeInteger(found) ? Number(found) : 0;
  } catch {
    return 0;
  }
}
