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
/** What guards money: in LIVE a person writes it down. */
const LIVE_GUARDS = ['limits.', 'feed.', 'orders.', 'lease.'];
const LIVE_WHY = 'in LIVE what guards money comes from the configuration file alone';

/** Why a setting may not be overridden, or null. */
export function overrideBar(path: string, mode: Mode): string | null {
  const isGuard = LIVE_GUARDS.some((prefix) => path.startsWith(prefix));
  if (mode === Mode.Live && isGuard) return LIVE_WHY;
  const found = BARRED.find(([prefix]) => {
    return prefix.endsWith('.') ? path.startsWith(prefix) : path === prefix;
  });
  return found?.[1] ?? null;
}
