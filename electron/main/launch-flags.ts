/**
 * launch-flags: what the application's own command line says to the engine.
 *
 *   tickdeck-desktop --data-dir DIR --mode sim --set lease.durationMs=3000
 *
 * Switches of the browser part (`--no-sandbox`, …) and addresses that a desktop hands over stand
 * on the same line and are passed by.
 *
 * Imports   protocol.
 */
import { ENGINE_FLAG_NAMES, type EngineFlagTexts } from '../protocol/engine-messages.ts';

export function launchFlags(argv: readonly string[]): EngineFlagTexts {
  const flags: Record<string, string> = {};
  const settings: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = /^--([a-z-]+)(?:=(.*))?$/s.exec(argv[at]!);
    const name = word?.[1] ?? '';
    const isKnown = name === 'set' || ENGINE_FLAG_NAMES.some((each) => each === name);
    if (!isKnown) continue;
    const value = word?.[2] ?? argv[++at];
    if (value === undefined) continue;
    if (name === 'set') settings.push(value);
    else flags[name] = value;
  }
  return settings.length === 0 ? flags : { ...flags, set: settings };
}
