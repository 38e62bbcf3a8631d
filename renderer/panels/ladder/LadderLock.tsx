/**
 * LadderLock: locked or unlocked as the engine has acknowledged; in between it says what is asked.
 *
 * Imports   commands, stores.
 */
import { unlockLadder } from '../../commands/commands.ts';
import { useCommands } from '../../stores/commands-store.ts';
import { useStatus } from '../../stores/status-store.ts';

export function LadderLock({ symbol }: { readonly symbol: string }) {
  const ladder = useStatus(
    (status) => status.instruments.find((i) => i.symbol === symbol)?.ladder ?? 'locked',
  );
  const wanted = useAsked(symbol);
  const isOpen = ladder === 'unlocked';
  const word = wanted === null ? (isOpen ? 'UNLOCKED' : 'LOCKED') : wanted ? 'UNLOCK…' : 'LOCK…';
  return (
    <button
      type="button"
      className={`chip ladder__lock ${isOpen ? 'chip--own' : ''}`}
      data-role="ladder-lock"
      data-state={ladder ?? 'locked'}
      aria-pressed={isOpen}
      aria-busy={wanted !== null}
      aria-label={`Trading by hand on ${symbol}: ${isOpen ? 'unlocked' : 'locked'}`}
      title={isOpen ? 'Lock this ladder (U)' : 'Unlock this ladder to trade by hand (U)'}
      onClick={() => unlockLadder(symbol, !isOpen)}
    >
      {word}
    </button>
  );
}

/** What was asked and not answered: true to unlock, false to lock; null for nothing. */
function useAsked(symbol: string): boolean | null {
  return useCommands(({ requests }) => {
    const found = requests.find(
      ({ command, state }) =>
        state === 'pending' &&
        command.kind === 'unlockLadder' &&
        (command.symbol === symbol || command.symbol === null),
    );
    return found?.command.kind === 'unlockLadder' ? found.command.unlocked : null;
  });
}
