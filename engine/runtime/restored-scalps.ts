/**
 * restored-scalps: whether every scalp that a crash left behind is in the exits' care again.
 *
 * Imports   core, domain, runtime.
 */
import { EngineHead } from '../core/published.ts';
import { Scalp, SCALPS_MAX, ScalpState } from '../domain/scalp.ts';
import type { Alerts } from './alerts.ts';
import type { EngineViews } from './engine-views.ts';

const RESTORED_WITHIN_MS = 500;
const LOOK_EVERY_MS = 16;

/** A scalp that the exits did not take is in nobody's care: said, never silent. */
export async function checkRestored(
  views: EngineViews,
  alerts: Alerts,
  expected: number,
): Promise<void> {
  const until = performance.now() + RESTORED_WITHIN_MS;
  const found = (): number => openScalps(views) + views.engine[EngineHead.ScalpsClosed]!;
  views.refresh();
  while (found() < expected && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    views.refresh();
  }
  if (found() >= expected) return;
  const text = `${expected - found()} scalps could not be restored: unprotected until flattened`;
  alerts.add('danger', 'unprotected', text);
}

function openScalps({ engine, layout }: EngineViews): number {
  let open = 0;
  for (let slot = 0; slot < SCALPS_MAX; slot++) {
    if (engine[layout.scalp(slot) + Scalp.State] !== ScalpState.Free) open++;
  }
  return open;
}
