/**
 * override-rules: what a settings screen may not change, and why. A screen can be pressed by
 * accident; where orders go and what they may lose is written down by a person.
 *
 * Imports   domain/modes.
 */
import { Mode } from '../domain/modes.ts';

const BARRED: readonly (readonly [prefix: string, why: string])[] = [
  ['mode', 'the mode is chosen where the engine is started'],
  ['account', 'it names the folder of journal and results; choose it at the start'],
  ['dataDir', 'these settings lie in that folder; choose it in the file or by --data-dir'],
  ['venue.', 'an endpoint decides where orders go; write it in the configuration file'],
];
const LIVE_LIMITS = 'in LIVE the risk limits come from the configuration file alone';

/** Why a setting may not be overridden, or null. */
export function overrideBar(path: string, mode: Mode): string | null {
  if (mode === Mode.Live && path.startsWith('limits.')) return LIVE_LIMITS;
  const found = BARRED.find(([prefix]) => {
    return prefix.endsWith('.') ? path.startsWith(prefix) : path === prefix;
  });
  return found?.[1] ?? null;
}
