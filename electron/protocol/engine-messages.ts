/**
 * engine-messages: what the main process and the engine's process say to each other.
 *
 * A window's traffic is not among it: that goes over a port of its own, past the main process.
 * Main → engine is trusted and typed; engine → main is checked, because a broken engine must not
 * take the windows with it.
 *
 * Imports   contract, domain (names); valibot.
 */
import * as v from 'valibot';
import { Mode, TRADING_STATE_NAMES } from '../../engine/domain/modes.ts';

/** The flags of `tickdeck serve` that make sense here, as texts. */
export const ENGINE_FLAG_NAMES = [
  'config',
  'data-dir',
  'mode',
  'account',
  'symbols',
  'seed',
  'rate',
  'tape',
  'speed',
] as const;
export type EngineFlagName = (typeof ENGINE_FLAG_NAMES)[number];

export interface EngineFlagTexts extends Partial<Readonly<Record<EngineFlagName, string>>> {
  /** NAME=VALUE, any setting of the engine's configuration. */
  readonly set?: readonly string[];
}

/** A venue's key in clear: main → engine only, never written anywhere. */
export interface RevealedKey {
  readonly label: string;
  readonly venue: string;
  readonly apiKey: string;
  readonly secret: string;
}

/** Main → engine. A `terminal` message carries one port. */
export type ToEngine =
  /** `mainPid`: the engine ends in good order when that process is gone. */
  | { readonly kind: 'start'; readonly flags: EngineFlagTexts; readonly mainPid: number }
  | { readonly kind: 'terminal'; readonly name: string }
  | { readonly kind: 'kill'; readonly id: string }
  | { readonly kind: 'disarm'; readonly id: string; readonly reason: string }
  | { readonly kind: 'venueKey'; readonly key: RevealedKey }
  /** Disarm, cancel, verify, end. */
  | { readonly kind: 'stop' };

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const line = v.pipe(v.string(), v.maxLength(4000));

const summarySchema = v.strictObject({
  mode: v.picklist(Object.values(Mode)),
  state: v.picklist(TRADING_STATE_NAMES),
  stateReason: line,
  /** Strategies that are armed, each instrument counted. */
  armed: count,
  openOrders: count,
  /** Instruments with a position. */
  positions: count,
  scalps: count,
  unprotected: count,
  dayPnl: line,
  currency: v.pipe(v.string(), v.maxLength(16)),
  /** Windows and others that look on. */
  terminals: count,
});

/** What the tray, the power rules and the question at quitting need to know. */
export type EngineSummary = Readonly<v.InferOutput<typeof summarySchema>>;

const fromEngineSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('ready'), session: line, mode: line, dataFolder: line }),
  v.strictObject({ kind: v.literal('summary'), summary: summarySchema }),
  /** Answer to kill or disarm. */
  v.strictObject({
    kind: v.literal('answer'),
    id: v.pipe(v.string(), v.maxLength(64)),
    outcome: v.picklist(['applied', 'refused']),
    reason: line,
  }),
  v.strictObject({
    kind: v.literal('exchangeWanted'),
    args: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1024))), v.maxLength(20)),
  }),
  v.strictObject({ kind: v.literal('log'), level: v.picklist(['info', 'warn', 'error']), line }),
  /** The engine cannot start or go on, in one line for the person; the process ends after it. */
  v.strictObject({ kind: v.literal('failed'), code: line, reason: line }),
  /** The orderly end: what is left open. The process ends after it. */
  v.strictObject({
    kind: v.literal('stopped'),
    left: v.pipe(v.array(line), v.maxLength(200)),
  }),
]);

/** Engine → main. */
export type FromEngine = Readonly<v.InferOutput<typeof fromEngineSchema>>;

/** The message, or one line about what is wrong with it. */
export function parseFromEngine(value: unknown): FromEngine | string {
  const result = v.safeParse(fromEngineSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  return `${path === '' ? 'message' : path}: ${issue.message}`;
}
