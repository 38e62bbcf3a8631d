/**
 * fields: every setting of the configuration file with its check and its documentation, as one
 * table.
 *
 * `doctor`, the README's table and the sample file are printed from it. Parameters of signals,
 * strategies, exits, quoter and the risk limits are sections whose fields other rooms own; they
 * come as arguments (sections.ts).
 * Imports   domain/modes; valibot.
 */
import * as v from 'valibot';
import { Mode } from '../domain/modes.ts';

export interface ConfigField {
  /** Checks and, for a flag's text, has already been parsed as JSON. */
  readonly schema: v.GenericSchema;
  readonly default: unknown;
  readonly unit: string;
  /** What it does, in one sentence. */
  readonly text: string;
}

/** "number from 1 to 10", for messages and documentation, stands in the schema's metadata. */
export function kindOf(schema: v.GenericSchema): string {
  return v.getDescription(schema) ?? schema.type;
}

/** How a value is entered; stands in the schema's metadata too. */
export interface FieldControl {
  readonly type: 'number' | 'text' | 'choice' | 'flag' | 'list';
  readonly min?: number;
  readonly max?: number;
  readonly options?: readonly string[];
}

export function controlOf(schema: v.GenericSchema): FieldControl {
  return (v.getMetadata(schema)['control'] as FieldControl | undefined) ?? { type: 'text' };
}

function control(of: FieldControl): v.MetadataAction<never, { readonly control: FieldControl }> {
  return v.metadata({ control: of });
}

function whole(min: number, max: number): v.GenericSchema {
  const kind = `whole number from ${min} to ${max}`;
  return v.pipe(
    v.number(`must be a ${kind}`),
    v.check(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      `must be a ${kind}`,
    ),
    v.description(kind),
    control({ type: 'number', min, max }),
  );
}

function matching(pattern: RegExp, kind: string): v.GenericSchema {
  const message = `must be ${kind}`;
  return v.pipe(v.string(message), v.regex(pattern, message), v.description(kind));
}

function oneOf(options: readonly string[]): v.GenericSchema {
  const kind = `one of ${options.map((option) => `"${option}"`).join(', ')}`;
  return v.pipe(
    v.picklist(options, `must be ${kind}`),
    v.description(kind),
    control({ type: 'choice', options }),
  );
}

function url(protocols: readonly string[]): v.GenericSchema {
  const kind = `an address that begins with ${protocols.join(' or ')}`;
  const isRight = (text: string): boolean =>
    URL.canParse(text) && protocols.some((protocol) => text.startsWith(protocol));
  return v.pipe(
    v.string(`must be ${kind}`),
    v.check(isRight, `must be ${kind}`),
    v.description(kind),
  );
}

const flag = v.pipe(
  v.boolean('must be true or false'),
  v.description('true or false'),
  control({ type: 'flag' }),
);
const money = matching(/^\d{1,12}(\.\d{1,8})?$/, 'a decimal text such as "100000"');
const symbols = v.pipe(
  v.array(
    v.pipe(v.string(), v.regex(/^[A-Z0-9_-]{2,32}$/, 'must be a symbol such as "BTCUSDT"')),
    'must be a list of symbols',
  ),
  v.check((list) => new Set(list).size === list.length, 'names a symbol twice'),
  v.check((list) => list.length <= 64, 'has more than 64 symbols'),
  v.description('list of symbols'),
  control({ type: 'list' }),
);

function field(schema: v.GenericSchema, initial: unknown, unit: string, text: string): ConfigField {
  return { schema, default: initial, unit, text };
}

const HTTP = ['http://', 'https://'];
const WS = ['ws://', 'wss://'];
const DAY_MS = 86_400_000;

export const CONFIG_FIELDS = {
  mode: field(
    oneOf(Object.values(Mode)),
    'sim',
    '',
    'Where market data and fills come from: the simulated exchange, a tape, or a real venue.',
  ),
  account: field(
    matching(/^[a-z0-9][a-z0-9-]{0,31}$/, 'up to 32 of a–z, 0–9 and -'),
    'main',
    '',
    'Names the data folder beside the mode, so that accounts do not share a journal or a day.',
  ),
  dataDir: field(
    matching(/^.{1,512}$/, 'a path'),
    null,
    '',
    "Folder under which each mode and account has its own; the platform's usual one if unset.",
  ),
  symbols: field(
    symbols,
    [],
    '',
    'Instruments to trade and watch; empty takes what the venue offers.',
  ),
  'venue.binanceUsdm.rest': field(
    url(HTTP),
    'https://fapi.binance.com',
    '',
    'REST of Binance USD-M. SIM ignores it and uses the simulated exchange.',
  ),
  'venue.binanceUsdm.wsApi': field(
    url(WS),
    'wss://ws-fapi.binance.com/ws-fapi/v1',
    '',
    'Order WebSocket of Binance USD-M.',
  ),
  'venue.binanceUsdm.marketStream': field(
    url(WS),
    'wss://fstream.binance.com',
    '',
    'Market streams of Binance USD-M.',
  ),
  'venue.binanceUsdm.privateStream': field(
    url(WS),
    'wss://fstream.binance.com/private',
    '',
    'User-data stream of Binance USD-M.',
  ),
  'venue.binanceSpot.rest': field(
    url(HTTP),
    'https://api.binance.com',
    '',
    'REST of Binance spot, for snapshots.',
  ),
  'venue.binanceSpot.marketStream': field(
    url(WS),
    'wss://stream.binance.com:9443',
    '',
    'Market streams of Binance spot.',
  ),
  'feed.depthSpeed': field(
    oneOf(['100ms', '250ms', '500ms']),
    '100ms',
    '',
    'How often the venue sends depth changes.',
  ),
  'feed.ageMs': field(whole(10, 60_000), 2_000, 'ms', 'Older market data blocks entries.'),
  'feed.venueLagMs': field(
    whole(1, 60_000),
    500,
    'ms',
    'Lag behind the venue above its own minimum that blocks entries.',
  ),
  'feed.loopLagMs': field(
    whole(1, 10_000),
    50,
    'ms',
    'Lateness of our own trading loop that blocks entries.',
  ),
  'orders.receiveWindowMs': field(
    whole(100, 60_000),
    2_000,
    'ms',
    'The venue refuses an order that reaches it later than this.',
  ),
  'orders.countdownMs': field(
    whole(5_000, 120_000),
    30_000,
    'ms',
    "Window of the venue's dead-man's switch: it cancels everything when we fall silent.",
  ),
  'orders.countdownRenewMs': field(
    whole(1_000, 60_000),
    10_000,
    'ms',
    'How often that window is renewed while the trading loop is alive.',
  ),
  'exchange.seed': field(whole(0, 0xffff_ffff), 7, '', 'Seed of the simulated market.'),
  'exchange.messagesPerSecond': field(
    whole(10, 20_000),
    1_000,
    'messages/s',
    'Market messages of the simulated exchange, all instruments together.',
  ),
  'exchange.wallet': field(money, '100000', 'USDT', 'Wallet of a fresh simulated account.'),
  'exchange.idleExitSeconds': field(
    whole(1, 86_400),
    60,
    's',
    'The simulated exchange ends this long after its last client.',
  ),
  'journal.syncEveryMs': field(
    whole(0, 60_000),
    1_000,
    'ms',
    'How often the journal is forced to disk; 0 only before orders, at the end and when asked.',
  ),
  'journal.segmentMegabytes': field(whole(1, 1_024), 16, 'MB', 'Size at which a file is closed.'),
  'journal.retainMegabytes': field(
    whole(16, 1_048_576),
    2_048,
    'MB',
    "Bound of a session's journal; its oldest files are deleted beyond it.",
  ),
  'lease.durationMs': field(
    whole(1_000, 60_000),
    3_000,
    'ms',
    'Without a sign of the controlling terminal for this long nobody is in charge.',
  ),
  'lease.flattenAfterMs': field(
    whole(0, DAY_MS),
    0,
    'ms',
    'Positions are closed when nobody has been in charge for this long; 0 never.',
  ),
  'shell.port': field(
    whole(0, 65_535),
    0,
    '',
    'Port of the browser shell on 127.0.0.1; 0 takes a free one.',
  ),
  'shell.openBrowser': field(flag, true, '', 'Whether `start` opens the browser.'),
} as const satisfies Readonly<Record<string, ConfigField>>;

export type ConfigPath = keyof typeof CONFIG_FIELDS;
