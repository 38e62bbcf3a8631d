/**
 * fake-replay: the controls of a tape that does not exist, for the fake engine.
 *
 * Imports   engine contract.
 */
import type { ReplayControl } from '../../engine/contract/commands.ts';
import type { ReplayStatus } from '../../engine/contract/status.ts';

export function fakeReplay(change: Partial<ReplayStatus> = {}): ReplayStatus {
  const startMs = Date.UTC(2026, 10, 22, 14, 30, 0, 0);
  const endMs = startMs + 600_000;
  const atMs = startMs + 250_118;
  const share = (atMs - startMs) / (endMs - startMs);
  return { state: 'playing', speed: 5, atMs, startMs, endMs, seekMs: null, share, ...change };
}

/** At once, without a tape: a seek is there as soon as it is asked. */
export function applyReplay(
  replay: ReplayStatus | null,
  command: ReplayControl,
): ReplayStatus | null {
  if (replay === null) return null;
  switch (command.action) {
    case 'play':
      return { ...replay, state: 'playing' };
    case 'pause':
      return { ...replay, state: 'paused' };
    case 'speed':
      return { ...replay, speed: command.value };
    case 'seek': {
      const { startMs, endMs } = replay;
      const share = (command.value - startMs) / (endMs - startMs);
      return { ...replay, state: 'paused', atMs: command.value, share };
    }
    case 'step':
    case 'nextDecision':
    case 'nextFill':
      return { ...replay, state: 'paused', atMs: replay.atMs + 37 };
  }
}
