/**
 * fetch-snapshot: an order book's snapshot, asked of the venue and laid into the ring of the
 * trading thread; one that takes long is worth a word.
 *
 * Writer    host thread. Units: milliseconds.
 * Imports   base, runtime.
 */
import { messageOf } from '../base/errors.ts';
import type { EngineHost } from './engine-host.ts';

const SLOW_MS = 5000;

export async function fetchSnapshot(
  { instruments, alerts, start, views }: EngineHost,
  index: number,
  onFailed: () => void,
): Promise<void> {
  const instrument = instruments[index]!;
  const waits = `${instrument.symbol}: its book waits for a snapshot (the venue's request budget?)`;
  const slow = setTimeout(() => alerts.add('warn', 'feed/snapshot', waits), SLOW_MS);
  try {
    await start.venue.snapshot(instrument, views.snapshots);
  } catch (error) {
    alerts.add('warn', 'feed/snapshot', messageOf(error));
    onFailed();
  } finally {
    clearTimeout(slow);
  }
}
