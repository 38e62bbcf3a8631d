/**
 * ReplayPanel: the controls of a tape: play and pause, speed, one message, next decision or fill,
 * and the timeline. In other modes it says how a replay is started.
 *
 * Imports   commands, contract, stores, ui, ./Timeline, ./replay-rows.
 */
import { useMemo, type KeyboardEvent } from 'react';
import type { ReplayStatus } from '../../../engine/contract/status.ts';
import { replay as ask, replaySpeed } from '../../commands/commands.ts';
import { useCommands } from '../../stores/commands-store.ts';
import { useConnection } from '../../stores/connection-store.ts';
import { useDecisions } from '../../stores/decisions-store.ts';
import { useHistory } from '../../stores/history-store.ts';
import { useStatus } from '../../stores/status-store.ts';
import { Menu } from '../../ui/Menu.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { marksOf, played, SPEEDS, speedText, stateText, tapeTime } from './replay-rows.ts';
import { Timeline } from './Timeline.tsx';
import './replay.css';

/** Fills that are marks on the timeline, the newest. */
const FILLS_MARKED = 200;

export function ReplayPanel() {
  const isLive = useConnection((state) => state.phase === 'live');
  const mode = useStatus((status) => status.mode);
  const replay = useStatus((status) => status.replay);
  const isReplay = mode === 'replay';
  return (
    <Panel
      name="replay"
      title="Replay"
      aside={replay === null ? null : <StateChip replay={replay} />}
    >
      {replay !== null && <Controls replay={replay} isLive={isLive} />}
      {replay === null && mode === null && <p className="empty">Waiting for the engine</p>}
      {replay === null && isReplay && <p className="empty">The tape is being opened</p>}
      {replay === null && mode !== null && !isReplay && <HowTo />}
    </Panel>
  );
}

function HowTo() {
  return (
    <div className="empty replay__how">
      <p>No tape plays. A recorded market shows in these same screens:</p>
      <code>tickdeck import --from binance-ndts CAPTURE --out market.tape</code>
      <code>tickdeck start --tape market.tape --speed 5</code>
    </div>
  );
}

function StateChip({ replay }: { readonly replay: ReplayStatus }) {
  const isBusy = replay.state === 'seeking';
  return (
    <span className={`chip ${isBusy ? 'chip--warn' : ''}`} data-role="replay-state">
      {stateText(replay)}
    </span>
  );
}

interface ControlsProps {
  readonly replay: ReplayStatus;
  readonly isLive: boolean;
}

function Controls({ replay, isLive }: ControlsProps) {
  const lease = useStatus((status) => status.lease);
  const isMine = lease?.mine === true;
  const isLocked = !isLive || !isMine;
  const why = isLocked && isLive ? `${lease?.holder ?? 'nobody'} is in control` : '';
  const isHeld = typeof lease?.holder === 'string';
  const where = isHeld ? 'the tape is steered there' : 'take control to steer';
  const toggle = (): void => {
    if (!isLocked && replay.state !== 'ended') ask(replay.state === 'paused' ? 'play' : 'pause');
  };
  const onKey = (event: KeyboardEvent): void => {
    // A button takes Space as a press of its own.
    if (event.key !== ' ' || (event.target as Element).closest('button') !== null) return;
    event.preventDefault();
    toggle();
  };
  return (
    <div className="replay" role="group" aria-label="Tape" tabIndex={-1} onKeyDown={onKey}>
      <div className="replay__line">
        <Buttons replay={replay} isLocked={isLocked} why={why} onToggle={toggle} />
        <span className="grow" />
        <Clock replay={replay} />
      </div>
      <MarkedTimeline replay={replay} isLocked={isLocked} />
      <p className="replay__note">
        {why === '' ? '' : `${why}: ${where}. `}
        An earlier time begins a fresh session from the start of the tape: disarmed, and nothing
        done before is repeated.
      </p>
    </div>
  );
}

function Clock({ replay }: { readonly replay: ReplayStatus }) {
  return (
    <>
      <span className="num dim replay__span">{played(replay.atMs, replay)}</span>
      <b className="num" data-role="tape-time">
        {tapeTime(replay.atMs)} UTC
      </b>
    </>
  );
}

interface ButtonsProps {
  readonly replay: ReplayStatus;
  readonly isLocked: boolean;
  readonly why: string;
  readonly onToggle: () => void;
}

const SEARCHES = [
  { action: 'step', label: 'Step', title: 'One message of the market' },
  { action: 'nextDecision', label: 'Next decision', title: 'To the next entry or refusal' },
  { action: 'nextFill', label: 'Next fill', title: 'To the next fill of an order of ours' },
] as const;

function Buttons({ replay, isLocked, why, onToggle }: ButtonsProps) {
  const isBusy = useCommands(({ requests }) => {
    return requests.some(({ command, state }) => command.kind === 'replay' && state === 'pending');
  });
  const hasEnded = replay.state === 'ended';
  const isPaused = replay.state === 'paused' || hasEnded;
  return (
    <>
      <button
        type="button"
        className="button replay__play"
        aria-busy={isBusy}
        aria-label={isPaused ? 'Play' : 'Pause'}
        disabled={isLocked || hasEnded}
        title={why === '' ? 'Space' : why}
        onClick={onToggle}
      >
        {isPaused ? 'Play' : 'Pause'}
      </button>
      {SEARCHES.map(({ action, label, title }) => (
        <button
          key={action}
          type="button"
          className="button"
          disabled={isLocked || hasEnded}
          title={why === '' ? title : why}
          onClick={() => ask(action)}
        >
          {label}
        </button>
      ))}
      <Menu
        label="Speed"
        className="num"
        value={speedText(replay.speed)}
        options={SPEEDS.map(speedText)}
        onChoose={(text) => {
          const speed = SPEEDS.find((each) => speedText(each) === text);
          if (speed !== undefined && !isLocked) replaySpeed(speed);
        }}
      />
    </>
  );
}

function MarkedTimeline({
  replay,
  isLocked,
}: {
  readonly replay: ReplayStatus;
  readonly isLocked: boolean;
}) {
  const decisions = useDecisions((state) => state.decisions);
  const fills = useHistory((state) => state.fills.rows);
  const { startMs, endMs } = replay;
  const marks = useMemo(
    () => marksOf(decisions, fills.slice(-FILLS_MARKED), { startMs, endMs }),
    [decisions, fills, startMs, endMs],
  );
  return <Timeline replay={replay} marks={marks} isLocked={isLocked} />;
}
