/**
 * disarm: `tickdeck disarm`, no more entries; exits run on. Never refused, whoever holds the lease.
 *
 * Exit codes  0 disarmed · 1 no engine answers · 2 bad usage.
 * Imports     node:util, ./control-session.
 */
import { parseArgs } from 'node:util';
import { CONTROL_FLAGS, printAck, strategyOf, symbolOf, withEngine } from './control-session.ts';
import { CONFIG_FLAGS_HELP } from './product-config.ts';

export const summary = 'stop entries and quotes of a running engine; exits run on';

export const help = `
tickdeck disarm [--strategy NAME] [--symbol SYMBOL] [--json]

Open scalps keep their exits, the quoter's inventory unwinds. It is never refused.

  --strategy NAME    scalper or market-making; both unless told
  --symbol SYMBOL    one instrument; all unless told
  --json             print the engine's answer as one JSON object
${CONFIG_FLAGS_HELP}
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { ...CONTROL_FLAGS, strategy: { type: 'string' }, symbol: { type: 'string' } },
  });
  const scope = { strategy: strategyOf(values.strategy), symbol: symbolOf(values.symbol) };
  return withEngine(values, 'disarm', async (client) =>
    printAck(await client.ask('disarm', scope), values.json),
  );
}
