/**
 * scalps: what the ladder and the list of scalps must say alike.
 *
 * Imports   contract.
 */
import type { ScalpStatus } from '../../engine/contract/status.ts';

/** True once the first target has closed its half. */
export function isPastHalf({ state, openSize, size }: ScalpStatus): boolean {
  return state === 'half-out' || (state !== 'entering' && Number(openSize) < Number(size));
}

/** The first target while it is ahead; null when there is none or it is done. */
export function halfTargetAhead(scalp: ScalpStatus): string | null {
  return isPastHalf(scalp) ? null : scalp.halfTarget;
}
