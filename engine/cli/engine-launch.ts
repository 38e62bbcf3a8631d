/**
 * engine-launch: what `start`, `serve` and `headless` share: their flags and the orderly end.
 *
 * Imports   runtime, ./product-config.
 */
import type { Engine } from '../runtime/engine.ts';
import { CONFIG_FLAGS, CONFIG_FLAGS_HELP } from './product-config.ts';

export { configOf, launchEngine } from '../runtime/launch/launch-engine.ts';
export type { EngineFlags } from '../runtime/launch/launch-engine.ts';

/** For node:util parseArgs. */
export const ENGINE_FLAGS = {
  ...CONFIG_FLAGS,
  symbols: { type: 'string' },
  seed: { type: 'string' },
  rate: { type: 'string' },
  tape: { type: 'string' },
  speed: { type: 'string' },
} as const;

export const ENGINE_FLAGS_HELP = `
${CONFIG_FLAGS_HELP}
  --symbols A,B,C    instruments (sim: any of the exchange's)
  --seed N  --rate N sim: seed of the order flow, market messages a second
  --tape FILE        replay: the tape (made by "tickdeck import"); implies --mode replay
  --speed X          replay: times real time; "max" as fast as it goes (default 1)`;

/** Settles with the first of: a signal, `also`. Further signals end the process at once. */
export function untilStopped(also: Promise<unknown>): Promise<void> {
  return new Promise((resolveStop) => {
    let asked = 0;
    const onSignal = (): void => {
      asked++;
      if (asked > 1) process.exit(1);
      resolveStop();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    // The window of the shell was closed.
    process.on('SIGHUP', onSignal);
    void also.then(() => resolveStop());
  });
}

/** Stops and says what is left, one line each; the exit code. */
export async function stopEngine(engine: Engine, flatten: boolean): Promise<number> {
  const left = await engine.stop({ flatten });
  for (const line of left) process.stderr.write(`tickdeck: left open: ${line}\n`);
  return left.length === 0 ? 0 : 1;
}
