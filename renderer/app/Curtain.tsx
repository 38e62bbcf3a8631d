/**
 * Curtain: says in large words that the screen is not live, why, and what happens next.
 *
 * Imports   commands, format, stores.
 */
import { useEffect, useState } from 'react';
import { retryLink } from '../commands/commands.ts';
import { clock, span } from '../format/times.ts';
import { useConnection, type ConnectionState, type LinkPhase } from '../stores/connection-store.ts';

const TITLES: Readonly<Record<Exclude<LinkPhase, 'live'>, string>> = {
  connecting: 'CONNECTING',
  greeting: 'LOADING',
  lost: 'DISCONNECTED',
  unauthorised: 'ACCESS REFUSED',
  mismatched: 'WRONG VERSION',
};

const GOES_ON =
  'The engine may go on without this screen: its exits run, entries stop when the lease runs ' +
  'out. To stop it now run tickdeck kill where it runs.';

export function Curtain() {
  const connection = useConnection();
  const nowMs = useNow(connection.phase !== 'live');
  if (connection.phase === 'live') return null;
  const { phase } = connection;
  const isCalm = phase === 'greeting' || (phase === 'connecting' && connection.attempt < 3);
  return (
    <div className="curtain" role="alert" data-role="curtain" data-phase={phase}>
      <div className={`curtain__box ${isCalm ? '' : 'curtain__box--lost'}`}>
        <h1>{TITLES[phase]}</h1>
        {[...shellWords(connection), ...paragraphs(connection, nowMs)].map((text) => (
          <p key={text.slice(0, 12)}>{text}</p>
        ))}
        {phase === 'mismatched' && (
          <button type="button" className="button button--big" onClick={() => location.reload()}>
            Reload the page
          </button>
        )}
        {(phase === 'lost' || phase === 'connecting' || phase === 'unauthorised') && (
          <button type="button" className="button button--big" onClick={() => retryLink()}>
            Try now
          </button>
        )}
      </div>
    </div>
  );
}

/** The desktop shell knows more than a silent link does. */
function shellWords({ shell }: ConnectionState): readonly string[] {
  return shell === '' ? [] : [`${shell.charAt(0).toUpperCase()}${shell.slice(1)}.`];
}

function paragraphs(connection: ConnectionState, nowMs: number): readonly string[] {
  const { phase, reason, shell, attempt, retryAtMs, lastAliveWallMs } = connection;
  const wait = Math.max(0, Math.ceil((retryAtMs - nowMs) / 1000));
  const next = retryAtMs === 0 ? 'Trying now.' : `Next try in ${wait} s (try ${attempt + 1}).`;
  switch (phase) {
    case 'connecting':
      return [attempt < 2 ? 'Looking for the engine.' : `The engine does not answer. ${next}`];
    case 'greeting':
      return ["Connected. Waiting for the engine's first status."];
    case 'lost':
      return [
        ...lastSeen(lastAliveWallMs),
        // A shell that supervises the engine's process knows that it does not go on.
        ...(shell === '' ? [GOES_ON] : []),
        `${reason === '' ? 'The link broke.' : `The link broke: ${reason}.`} ${next}`,
      ];
    case 'unauthorised':
      return [
        'The engine answers but does not know this window: it was started again with a new token.',
        `Open the address that it printed. ${next}`,
      ];
    case 'mismatched':
      return [reason];
    case 'live':
      return [];
  }
}

function lastSeen(wallMs: number | null): readonly string[] {
  if (wallMs === null) return [];
  const ago = span(Date.now() - wallMs);
  return [`Nothing below is live. Last heard at ${clock(wallMs)} UTC, ${ago} ago.`];
}

/** The window's clock, read twice a second while somebody looks at a countdown. */
function useNow(isRunning: boolean): number {
  const [nowMs, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, [isRunning]);
  return nowMs;
}
