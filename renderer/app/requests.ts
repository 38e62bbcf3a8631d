/**
 * requests: what the header and the notice strip need to know of commands under way.
 *
 * Imports   contract, format, stores.
 */
import { isByHand } from '../../engine/contract/commands.ts';
import type { CommandKind } from '../../engine/contract/commands.ts';
import { handWords } from '../format/hand-words.ts';
import type { Request } from '../stores/commands-store.ts';

const WORDS: Readonly<Record<CommandKind, string>> = {
  arm: 'Arm',
  disarm: 'Disarm',
  kill: 'KILL',
  flatten: 'Flatten',
  closeScalp: 'Close',
  resume: 'Resume',
  watch: 'Watch',
  unlockLadder: 'Unlock',
  placeOrder: 'Order',
  cancelOrder: 'Cancel',
  cancelOrders: 'Cancel',
  replay: 'Replay',
};

/** An answer stays on the strip for so long. */
export const SHOWN_MS = 6000;

/** "Arm scalper BTCUSDT", "Disarm all", "Close scalp 17". */
export function requestWords({ command }: Request): string {
  if (isByHand(command)) return handWords(command);
  const verb = WORDS[command.kind];
  switch (command.kind) {
    case 'arm':
    case 'disarm': {
      const parts = [command.strategy, command.symbol].filter((part) => part !== null);
      return `${verb} ${parts.length === 0 ? 'all' : parts.join(' ')}`;
    }
    case 'flatten':
      return `${verb} ${command.symbol ?? 'all'}`;
    case 'closeScalp':
      return `${verb} scalp ${command.scalpId}`;
    case 'replay':
      return `${verb} ${command.action}`;
    case 'kill':
    case 'resume':
    case 'watch':
      return verb;
  }
}

/** What became of it, in words. */
export function requestOutcome({ state, reason }: Request): string {
  switch (state) {
    case 'pending':
      return 'asked, not answered yet';
    case 'applied':
      return 'done';
    case 'refused':
      return `refused: ${reason}`;
    case 'unanswered':
      return `${reason}: what came of it is unknown until the next status`;
  }
}

/**
 * The request to talk about: a refusal or silence answered after `shownUpToMs` (older ones have
 * been shown long enough), else one under way.
 */
export function notableRequest(requests: readonly Request[], shownUpToMs: number): Request | null {
  const bad = requests.find(({ state, answeredAtMs }) => {
    if (state !== 'refused' && state !== 'unanswered') return false;
    return answeredAtMs !== null && answeredAtMs > shownUpToMs;
  });
  return bad ?? requests.find(({ state }) => state === 'pending') ?? null;
}
