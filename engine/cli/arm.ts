/**
 * arm: `tickdeck arm`, arms strategies and stays: it holds the supervision lease.
 *
 * Renews every second. Ctrl+C (or any polite end) disarms what it armed and gives the lease back.
 * When it dies instead, the lease runs out and the engine stands down by itself.
 * Exit codes  0 disarmed at the end · 1 refused, lease lost, or the engine went · 2 bad usage.
 * Imports     node:util, base, contract, runtime/control, ./control-session.
 */
import { parseArgs } from 'node:util';
import { EngineError, messageOf } from '../base/errors.ts';
import type { StrategyName } from '../contract/commands.ts';
import type { ControlClient } from '../runtime/control/control-client.ts';
import {
  CONTROL_FLAGS,
  print,
  printAck,
  printJson,
  strategyOf,
  symbolOf,
  withEngine,
} from './control-session.ts';
import { CONFIG_FLAGS_HELP } from './product-config.ts';

export const summary = 'arm a running engine and hold the lease until Ctrl+C';

export const help = `
tickdeck arm [--strategy NAME] [--symbol SYMBOL] [--resume RESUME] [--json]

Takes the supervision lease, arms, and stays in the foreground. Ctrl+C disarms and ends. If this
process dies or its machine sleeps, the engine pulls its quotes and enters nothing more after the
lease has run out; open scalps keep their exits.

  --strategy NAME    scalper or market-making; both unless told
  --symbol SYMBOL    one instrument; all unless told
  --resume WORD      first leave HALTED or REDUCING; the word is RESUME
  --json             one JSON object a line for each thing that happens
${CONFIG_FLAGS_HELP}
`;

const RENEW_MS = 1_000;
/** Leases shorter than three renewals are renewed sooner. */
const RENEWALS_PER_LEASE = 3;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Scope {
  readonly strategy: StrategyName | null;
  readonly symbol: string | null;
}

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      ...CONTROL_FLAGS,
      strategy: { type: 'string' },
      symbol: { type: 'string' },
      resume: { type: 'string' },
    },
  });
  const scope = { strategy: strategyOf(values.strategy), symbol: symbolOf(values.symbol) };
  return withEngine(values, 'arm', async (client) => {
    const ended = new Ending(client);
    try {
      const lease = await client.ask('leaseAcquire', {});
      if (!lease.granted) throw new EngineError('runtime/lease-held', lease.reason);
      return await supervise(client, scope, ended, values);
    } catch (error) {
      // Whatever went wrong, nothing stays armed by us; an engine that is gone cannot be asked.
      await client.ask('disarm', scope).catch(() => undefined);
      throw error;
    } finally {
      ended.forget();
    }
  });
}

async function supervise(
  client: ControlClient,
  scope: Scope,
  ended: Ending,
  values: { readonly json: boolean; readonly resume?: string | undefined },
): Promise<number> {
  const { leaseMs } = await client.hello;
  const renewal = keepRenewing(client, leaseMs, ended);
  try {
    if (values.resume !== undefined) {
      const resumed = await client.ask('resetHalt', { typed: values.resume });
      if (printAck(resumed, values.json) !== 0) return await leave(client, 1);
    }
    const armed = await client.ask('arm', scope);
    if (printAck(armed, values.json) !== 0) return await leave(client, 1);
    if (!values.json) print('in charge; Ctrl+C disarms and ends');
    const why = await ended.reason;
    if (why.kind === 'asked') return await standDown(client, scope, values.json);
    if (values.json) printJson({ kind: 'lost', reason: why.text });
    throw new EngineError('runtime/not-available', why.text);
  } finally {
    clearInterval(renewal);
  }
}

async function standDown(client: ControlClient, scope: Scope, isJson: boolean): Promise<number> {
  const code = printAck(await client.ask('disarm', scope), isJson);
  return leave(client, code);
}

async function leave(client: ControlClient, code: number): Promise<number> {
  await client.ask('leaseRelease', {});
  return code;
}

function keepRenewing(client: ControlClient, leaseMs: number, ended: Ending): NodeJS.Timeout {
  const everyMs = Math.min(RENEW_MS, leaseMs / RENEWALS_PER_LEASE);
  const renew = async (): Promise<void> => {
    try {
      const { granted, reason } = await client.ask('leaseRenew', {}, leaseMs);
      if (!granted) ended.lost(`${reason}; the engine has stood down`);
    } catch (error) {
      ended.lost(messageOf(error));
    }
  };
  return setInterval(() => void renew(), everyMs);
}

interface Reason {
  readonly kind: 'asked' | 'lost';
  readonly text: string;
}

/** The first thing that ends the supervision: a person, or the engine. */
class Ending {
  readonly reason: Promise<Reason>;
  readonly #asked: () => void;
  readonly lost: (text: string) => void;

  constructor(client: ControlClient) {
    const { promise, resolve } = Promise.withResolvers<Reason>();
    this.reason = promise;
    this.lost = (text) => resolve({ kind: 'lost', text });
    this.#asked = () => resolve({ kind: 'asked', text: '' });
    client.onClose(() => this.lost('the engine went; start it again and look at its status'));
    for (const signal of SIGNALS) process.on(signal, this.#asked);
  }

  forget(): void {
    for (const signal of SIGNALS) process.off(signal, this.#asked);
  }
}
