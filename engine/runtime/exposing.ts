/**
 * exposing: what must be so before the trading thread hears of anything that may open: an engine
 * that goes on, a marker on disk, the venue's dead-man's switch, and still the one in charge who
 * asked. The venue may take its time: what could change meanwhile is looked at again after it.
 *
 * Errors    none thrown: a refusal says what is missing and what to do.
 * Writer    host thread. Imports base, runtime.
 */
import { messageOf } from '../base/errors.ts';
import type { EngineHost } from './engine-host.ts';
import { refused, type Outcome } from './outcome.ts';

/** Why nothing may be opened now, or null. */
export function exposingBar(engine: EngineHost): string | null {
  if (engine.isStopped) return 'the engine stops: nothing is opened any more';
  if (engine.kill.isThreadDead) return 'the trading thread is gone; start the engine again';
  if (engine.replay?.isRewinding === true) return 'the replay is being put back; wait a moment';
  return null;
}

/** Marker, switch, then `work`; the marker stays while it lasts. */
export async function exposing(engine: EngineHost, work: () => Promise<Outcome>): Promise<Outcome> {
  const bar = exposingBar(engine);
  if (bar !== null) return refused(bar);
  const { endedCount } = engine.lease;
  try {
    return await engine.marks.arming(async () => {
      if (!(await engine.renewCountdown())) {
        return refused('the venue did not take the countdown (dead-man’s switch); try again');
      }
      const later = exposingBar(engine);
      if (later !== null) return refused(later);
      if (engine.lease.endedCount !== endedCount) {
        return refused('control was lost meanwhile; take it and ask again');
      }
      return work();
    });
  } catch (error) {
    return refused(`the marker of exposure cannot be written: ${messageOf(error)}`);
  }
}
