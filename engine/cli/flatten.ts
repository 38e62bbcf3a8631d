/**
 * flatten: `tickdeck flatten`, closes positions with marketable reduce-only orders.
 *
 * It is an order, so it needs the supervision lease: taken for the command and given back.
 * Exit codes  0 the orders are on their way · 1 refused or no engine · 2 bad usage.
 * Imports     node:util, base, ./control-session.
 */
import { parseArgs } from 'node:util';
import { EngineError } from '../base/errors.ts';
import { CONTROL_FLAGS, printAck, symbolOf, withEngine } from './control-session.ts';
import { CONFIG_FLAGS_HELP } from './product-config.ts';

export const summary = 'close the positions of a running engine';

export const help = `
tickdeck flatten [--symbol SYMBOL] [--json]

Closes what is open with marketable reduce-only orders. It needs the supervision lease: when a
terminal holds it, flatten there. "tickdeck status" shows what is left.

  --symbol SYMBOL    one instrument; all unless told
  --json             print the engine's answer as one JSON object
${CONFIG_FLAGS_HELP}
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { ...CONTROL_FLAGS, symbol: { type: 'string' } },
  });
  const symbol = symbolOf(values.symbol);
  return withEngine(values, 'flatten', async (client) => {
    const lease = await client.ask('leaseAcquire', {});
    if (!lease.granted) throw new EngineError('runtime/lease-held', lease.reason);
    try {
      return printAck(await client.ask('flatten', { symbol }), values.json);
    } finally {
      await client.ask('leaseRelease', {});
    }
  });
}
