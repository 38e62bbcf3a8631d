/**
 * control-session: what the commands share that talk to a running engine: flags, connection,
 * output.
 *
 * Imports   base, contract, runtime/control, ./product-config.
 */
import type { ParseArgsOptionsConfig } from 'node:util';
import { EngineError } from '../base/errors.ts';
import { STRATEGY_NAMES, type Ack, type StrategyName } from '../contract/commands.ts';
import { ControlClient } from '../runtime/control/control-client.ts';
import { CONFIG_FLAGS, loadProductConfig, type ConfigFlagValues } from './product-config.ts';

export const CONTROL_FLAGS = {
  ...CONFIG_FLAGS,
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig;

/** Connects to the engine that the flags mean. */
export async function connectEngine(
  values: ConfigFlagValues,
  command: string,
): Promise<ControlClient> {
  return ControlClient.connect(loadProductConfig(values).dataFolder, `tickdeck ${command}`);
}

/** Connects, asks, and closes, whatever happens in between. */
export async function withEngine(
  values: ConfigFlagValues,
  command: string,
  ask: (client: ControlClient) => Promise<number>,
): Promise<number> {
  outliveReader();
  const client = await connectEngine(values, command);
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}

export function strategyOf(text: string | undefined): StrategyName | null {
  if (text === undefined || text === 'all') return null;
  const name = STRATEGY_NAMES.find((each) => each === text);
  if (name !== undefined) return name;
  const known = [...STRATEGY_NAMES, 'all'].join(', ');
  throw new EngineError('usage/invalid', `--strategy is one of ${known}, not "${text}"`);
}

/** Upper case, as venues write symbols; null means every instrument. */
export function symbolOf(text: string | undefined): string | null {
  return text === undefined || text === 'all' ? null : text.toUpperCase();
}

/** Prints an answer; 0 when it was applied. */
export function printAck(ack: Ack, isJson: boolean): number {
  if (isJson) printJson(ack);
  else print(`${ack.kind}: ${ack.outcome}${ack.reason === '' ? '' : `: ${ack.reason}`}`);
  return ack.outcome === 'applied' ? 0 : 1;
}

/**
 * Goes on when whoever read our output has left (`| head`): what is under way, an armed engine
 * above all, must still be brought to its end.
 */
export function outliveReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
