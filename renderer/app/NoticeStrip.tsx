/**
 * NoticeStrip: one calm line of fixed height for whatever needs saying now. The gravest thing wins:
 * KILL and HALTED, then a refusal, REDUCING, what the desk itself has to say, read-only, then the
 * newest alert.
 *
 * Imports   commands, format, stores, ./requests.
 */
import { useEffect, useState } from 'react';
import type { KillReport } from '../../engine/contract/status.ts';
import { flatten, takeControl } from '../commands/commands.ts';
import { clock } from '../format/times.ts';
import { useActivity } from '../stores/activity-store.ts';
import { useCommands, type Request } from '../stores/commands-store.ts';
import { useConnection } from '../stores/connection-store.ts';
import { currentTerminalSetting } from '../stores/settings-store.ts';
import { useStatus } from '../stores/status-store.ts';
import { deskNoticeRead, useDesk } from '../stores/desk-store.ts';
import { openDialog } from '../stores/view-store.ts';
import { notableRequest, requestOutcome, requestWords, SHOWN_MS } from './requests.ts';

export interface NoticeStripProps {
  /** The link lives but brings no market frames. */
  readonly isStalled?: boolean;
}

export function NoticeStrip({ isStalled = false }: NoticeStripProps) {
  const isHalted = useStatus((status) => status.state === 'HALTED') === true;
  const request = useNotableRequest();
  const isKilling = request?.command.kind === 'kill' && request.state === 'pending' && !isHalted;

  const isLive = useConnection(({ phase }) => phase === 'live');

  if (isKilling) return <KillSent request={request} />;
  if (!isLive) return <NotLive />;
  if (isHalted) return <Halted request={request} />;
  if (request !== null) return <RequestNotice request={request} />;
  if (isStalled) return <Stalled />;
  return <Standing />;
}

/** What holds for longer: REDUCING, read-only; else the newest alert. */
function Standing() {
  const state = useStatus((status) => status.state);
  const lease = useStatus((status) => status.lease);
  const isDeskSaying = useDesk(({ notice }) => notice !== null);
  if (state === 'REDUCING') return <Reducing />;
  if (isDeskSaying) return <DeskSays />;
  if (lease !== null && !lease.mine) return <ReadOnly holder={lease.held ? lease.holder : null} />;
  return <LatestAlert />;
}

/** Stops talking about an answer when it has been shown long enough. */
function useNotableRequest(): Request | null {
  const requests = useCommands((state) => state.requests);
  const [shownUpToMs, setShown] = useState(0);
  const request = notableRequest(requests, shownUpToMs);
  const answeredAtMs = request?.answeredAtMs ?? null;

  useEffect(() => {
    if (answeredAtMs === null) return undefined;
    const timer = setTimeout(() => setShown(answeredAtMs), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [answeredAtMs]);
  return request;
}

function KillSent({ request }: { readonly request: Request }) {
  const phase = useConnection((state) => state.phase);
  const waiting =
    phase === 'live'
      ? 'sent, not acknowledged yet'
      : 'NOT SENT: there is no link. It goes out the moment the link is back';
  return (
    <div className="notice notice--halted" role="alert" data-role="notice" data-kind="kill">
      <span className="code code--danger">{requestWords(request)}</span>
      <span className="text">
        {waiting}. If in doubt run <code>tickdeck kill</code> where the engine runs.
      </span>
    </div>
  );
}

/** Whatever was said before is the past now. */
function NotLive() {
  const wasAlive = useConnection(({ lastAliveWallMs }) => lastAliveWallMs !== null);
  return (
    <div className="notice" data-role="notice" data-kind="not-live">
      <span className={`code ${wasAlive ? 'code--no' : ''}`}>NOT LIVE</span>
      <span className="text">
        {wasAlive ? 'nothing on this screen is live' : 'no engine has spoken to this screen yet'}
      </span>
    </div>
  );
}

function Halted({ request }: { readonly request: Request | null }) {
  const kill = useStatus((status) => status.kill);
  const reason = useStatus((status) => status.stateReason);
  const said = request === null ? '' : `${requestWords(request)}: ${requestOutcome(request)}`;
  return (
    <div className="notice notice--halted" role="alert" data-role="notice" data-kind="halted">
      <span className="code code--danger">HALTED</span>
      {kill !== null && <KillSteps kill={kill} />}
      <span className="text">{said === '' ? (kill?.detail ?? reason) : said}</span>
      <span className="grow" />
      <button type="button" className="button" onClick={askFlatten}>
        Flatten…
      </button>
      <button type="button" className="button" onClick={() => openDialog('resume')}>
        Resume…
      </button>
    </div>
  );
}

/** The three steps of KILL, each on its own evidence. */
function KillSteps({ kill }: { readonly kill: KillReport }) {
  const steps = [
    ['blocked', kill.blocked],
    ['cancelled', kill.cancelled],
    ['verified with the venue', kill.verified],
  ] as const;
  const orders = kill.residualOrders === 1 ? '1 order' : `${kill.residualOrders} orders`;
  return (
    <span data-role="kill-report" style={{ display: 'inline-flex', gap: 12 }}>
      {steps.map(([name, done]) => (
        <span key={name} className={`step ${done ? 'step--done' : ''}`} data-done={done}>
          <span className={`light light--${done ? 'ok' : 'warn'}`} />
          {name}: {done ? 'yes' : 'not yet'}
        </span>
      ))}
      <span className="step step--done" data-role="residual">
        {kill.residualOrders === 0 ? 'no order left' : `${orders} left`} · by {kill.by} at{' '}
        {clock(kill.atMs)}
      </span>
    </span>
  );
}

function RequestNotice({ request }: { readonly request: Request }) {
  const isPending = request.state === 'pending';
  return (
    <div
      className={`notice ${isPending ? '' : 'notice--warn'}`}
      role={isPending ? 'status' : 'alert'}
      data-role="notice"
      data-kind={request.state}
    >
      <span className={`code ${isPending ? '' : 'code--warn'}`}>{request.state.toUpperCase()}</span>
      <span className="text">
        {requestWords(request)}: {requestOutcome(request)}
      </span>
    </div>
  );
}

/** The status still comes, the market does not: what the canvases show is old. */
function Stalled() {
  return (
    <div className="notice notice--warn" role="alert" data-role="notice" data-kind="stalled">
      <span className="code code--warn">NO MARKET FRAMES</span>
      <span className="text">
        the engine speaks but sends no market data to this screen: ladders and imbalance are old
      </span>
    </div>
  );
}

/** Of the desk itself, until it is read. */
function DeskSays() {
  const notice = useDesk((state) => state.notice);
  if (notice === null) return null;
  return (
    <div className="notice notice--warn" role="status" data-role="notice" data-kind="desk">
      <span className="code code--warn">{notice.code}</span>
      <span className="text">{notice.text}</span>
      <span className="grow" />
      <button type="button" className="button" onClick={() => openDialog('workspaces')}>
        Workspaces…
      </button>
      <button type="button" className="button" onClick={deskNoticeRead}>
        Read
      </button>
    </div>
  );
}

function Reducing() {
  const reason = useStatus((status) => status.stateReason);
  return (
    <div className="notice notice--warn" role="alert" data-role="notice" data-kind="reducing">
      <span className="code code--warn">REDUCING</span>
      <span className="text">{reason}. No entries and no quotes; exits run.</span>
      <span className="grow" />
      <button type="button" className="button" onClick={() => openDialog('resume')}>
        Resume…
      </button>
    </div>
  );
}

function ReadOnly({ holder }: { readonly holder: string | null }) {
  return (
    <div className="notice" role="status" data-role="notice" data-kind="read-only">
      <span className="code code--warn">READ-ONLY</span>
      <span className="text">
        {holder === null ? 'nobody is in control' : `${holder} is in control`}: nothing can be armed
        from here; disarm and KILL work
      </span>
      <button type="button" className="button" onClick={() => takeControl()}>
        Take control
      </button>
    </div>
  );
}

function LatestAlert() {
  const alerts = useActivity((state) => state.alerts);
  const [latest] = alerts;
  if (latest === undefined) {
    return (
      <div className="notice" data-role="notice" data-kind="quiet">
        <span className="dim">No alerts in this session</span>
      </div>
    );
  }
  const light = { info: 'none', warn: 'warn', danger: 'bad' }[latest.level];
  return (
    <div className="notice" role="status" data-role="notice" data-kind="alert">
      <span className={`light light--${light}`} />
      <span className="num dim">{clock(latest.atMs)}</span>
      <span className="code">{latest.code}</span>
      <span className="text">{latest.text}</span>
      <span className="grow" />
      {alerts.length > 1 && (
        <button type="button" className="button" onClick={() => openDialog('alerts')}>
          {alerts.length} alerts
        </button>
      )}
    </div>
  );
}

/** A person may have chosen not to be asked. */
function askFlatten(): void {
  if (currentTerminalSetting('confirmFlatten') === false) flatten(null);
  else openDialog('flatten');
}
