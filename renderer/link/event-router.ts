/**
 * event-router: the only writer of the stores that hold what the engine said.
 *
 * Decisions, fills and ended orders come up to fifty a second; they are handed on ten times a
 * second, so that a list renders once for several of them. Everything else is handed on at once.
 *
 * Imports   contract, live, stores, ./server-message.
 */
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import type { ShellNotice } from '../../engine/contract/bridge.ts';
import type { Command } from '../../engine/contract/commands.ts';
import type { DocumentName } from '../../engine/contract/documents.ts';
import type {
  DecisionEvent,
  HistoryRequest,
  HistoryRows,
  ServerMessage,
} from '../../engine/contract/events.ts';
import type { Alert, EngineStatus } from '../../engine/contract/status.ts';
import { liveMarket } from '../live/live-market.ts';
import { activityForgotten, alertsRaised, fillHappened } from '../stores/activity-store.ts';
import {
  pendingRequests,
  requestAnswered,
  requestSent,
  requestUnanswered,
} from '../stores/commands-store.ts';
import { connectionChanged, useConnection } from '../stores/connection-store.ts';
import { decisionsForgotten, decisionsMade } from '../stores/decisions-store.ts';
import { historyForgotten, rowsTold, SHELF_KINDS } from '../stores/history-store.ts';
import type { ShelfKind } from '../stores/history-store.ts';
import { statusChanged, statusForgotten } from '../stores/status-store.ts';
import { HistorySync } from './history-sync.ts';
import type { Answer } from './questions.ts';
import { parseServerMessage } from './server-message.ts';

export const DECISIONS_EVERY_MS = 100;
/** After that long without an answer the screen says so; the answer may still come. */
export const ANSWER_WITHIN_MS = 4000;
/** What the shell said outlives an engine: so many of it are kept. */
const SHELL_ALERTS_KEPT = 10;
/** What an engine of another contract says when it closes the link. */
const MISMATCH_CLOSE = 'contract mismatch';

const ROWFUL = [
  'decision',
  'fill',
  'orderEnded',
  'scalpClosed',
  'event',
  'equity',
  'history',
] as const;
type Rowful = Extract<ServerMessage, { readonly type: (typeof ROWFUL)[number] }>;

function isRowful(message: ServerMessage): message is Rowful {
  return (ROWFUL as readonly string[]).includes(message.type);
}

/** What the router asks of the link. */
export interface RouterLink {
  send(message: { readonly type: 'pong'; readonly number: number } | HistoryRequest): void;
  /** A status is in; after the first of a connection, what must be said again can be said. */
  onStatus(status: EngineStatus, isFirst: boolean): void;
  stop(): void;
  onAnswer(answer: Answer): void;
  onDocument(name: DocumentName): void;
}

export class EventRouter {
  readonly #link: RouterLink;
  readonly #history: HistorySync;
  #decisions: DecisionEvent[] = [];
  #rows: { [K in ShelfKind]: HistoryRows[K][] } = noRows();
  #decisionTimer: ReturnType<typeof setTimeout> | null = null;
  #isReady = false;
  #badMessages = 0;
  #lastError = '';
  #shellAlerts: Alert[] = [];

  constructor(link: RouterLink) {
    this.#link = link;
    this.#history = new HistorySync((request) => link.send(request), liveMarket.trades);
  }

  connecting(attempt: number): void {
    const { phase } = useConnection.getState();
    if (phase === 'connecting' || phase === 'greeting') connectionChanged({ attempt });
    else connectionChanged({ attempt, retryAtMs: 0 });
  }

  opened(): void {
    this.#isReady = false;
    connectionChanged({ phase: 'greeting', reason: '', attempt: 0, retryAtMs: 0 });
  }

  closed(reason: string, retryAtMs: number, attempt: number, unauthorised: boolean): void {
    this.#isReady = false;
    this.#history.closed();
    const { phase, lastAliveWallMs } = useConnection.getState();
    if (phase === 'mismatched') return;
    if (reason === MISMATCH_CLOSE) {
      this.#refuseContract(this.#lastError === '' ? reason : this.#lastError);
      return;
    }
    const next = unauthorised ? 'unauthorised' : lastAliveWallMs === null ? 'connecting' : 'lost';
    connectionChanged({ phase: next, reason, attempt, retryAtMs });
  }

  /** One text message, as it came from the wire. */
  text(text: string): void {
    const message = parseServerMessage(text);
    if (typeof message === 'string') this.malformed(message);
    else this.#route(message);
  }

  malformed(what: string): void {
    this.#badMessages += 1;
    const text = `the engine sent ${what} (${this.#badMessages} so far); it was ignored`;
    alertsRaised([{ atMs: Date.now(), level: 'warn', code: 'LINK', text }]);
  }

  /** What the shell around the window has to say. */
  shellSaid(notice: ShellNotice): void {
    if (notice.kind === 'engine') {
      connectionChanged({ shell: notice.phase === 'running' ? '' : notice.text });
      return;
    }
    const { atMs, level, code, text } = notice;
    const alert: Alert = { atMs, level, code, text };
    this.#shellAlerts = [...this.#shellAlerts, alert].slice(-SHELL_ALERTS_KEPT);
    alertsRaised([alert]);
  }

  #route(message: ServerMessage): void {
    if (useConnection.getState().phase === 'mismatched') return;
    if (isRowful(message)) return this.#rowful(message);
    switch (message.type) {
      case 'ping':
        this.#link.send({ type: 'pong', number: message.number });
        break;
      case 'hello':
        this.#greet(message);
        break;
      case 'status':
        this.#status(message.status);
        break;
      case 'ack':
        requestAnswered(message.ack, performance.now());
        break;
      case 'alert':
        alertsRaised([message.alert]);
        break;
      case 'candles':
        liveMarket.candles.answer(message.candles);
        break;
      case 'document':
      case 'configuration':
        this.#link.onAnswer(message);
        break;
      case 'documentChanged':
        this.#link.onDocument(message.name);
        break;
      case 'error':
        this.#lastError = message.message;
        alertsRaised([
          { atMs: Date.now(), level: 'danger', code: message.code, text: message.message },
        ]);
        break;
    }
  }

  /** What belongs to a numbered list: live rows, and pages of history. */
  #rowful(message: Rowful): void {
    switch (message.type) {
      case 'decision':
        this.#decision(message.decision);
        break;
      case 'fill':
        fillHappened(message.fill);
        this.#keep('fills', message.fill);
        break;
      case 'orderEnded':
        this.#keep('orders', message.order);
        break;
      case 'scalpClosed':
        this.#keep('scalps', message.scalp);
        break;
      case 'event':
        this.#keep('events', message.event);
        break;
      case 'equity':
        this.#keep('equity', message.point);
        break;
      case 'history':
        this.flush();
        this.#history.answered(message);
        break;
    }
  }

  #greet(hello: Extract<ServerMessage, { type: 'hello' }>): void {
    if (hello.contract !== CONTRACT_VERSION) {
      this.#refuseContract(
        `this window speaks contract ${CONTRACT_VERSION}, the engine ${hello.contract}: ` +
          'reload the page; if that does not help, restart the engine',
      );
      return;
    }
    const { session } = useConnection.getState();
    if (session !== '' && session !== hello.session) this.#forgetSession();
    connectionChanged({
      terminal: hello.terminal,
      product: hello.product,
      version: hello.version,
      session: hello.session,
    });
  }

  /** Trying again would change nothing. */
  #refuseContract(reason: string): void {
    connectionChanged({ phase: 'mismatched', reason });
    this.#link.stop();
  }

  /** Another engine session: nothing that was shown belongs to it. */
  #forgetSession(): void {
    this.#decisions = [];
    this.#rows = noRows();
    this.#history.forget();
    historyForgotten();
    liveMarket.clear();
    statusForgotten();
    decisionsForgotten();
    activityForgotten();
    // Why there is another engine now is what the shell had to say.
    alertsRaised(this.#shellAlerts);
    liveMarket.forgetPast();
  }

  #status(status: EngineStatus): void {
    statusChanged(status);
    alertsRaised(status.alerts);
    const isFirst = !this.#isReady;
    this.#isReady = true;
    connectionChanged({ phase: 'live', reason: '', lastAliveWallMs: Date.now() });
    if (isFirst) this.#history.opened();
    this.#link.onStatus(status, isFirst);
  }

  #decision(decision: DecisionEvent): void {
    this.#decisions.push(decision);
    this.#flushSoon();
  }

  #keep<K extends ShelfKind>(kind: K, row: HistoryRows[K]): void {
    this.#rows[kind].push(row);
    this.#flushSoon();
  }

  #flushSoon(): void {
    this.#decisionTimer ??= setTimeout(() => this.flush(), DECISIONS_EVERY_MS);
  }

  /** Hands on what came live; only then is it known what is missing before it. */
  flush(): void {
    if (this.#decisionTimer !== null) clearTimeout(this.#decisionTimer);
    this.#decisionTimer = null;
    const decisions = this.#decisions;
    const rows = this.#rows;
    this.#decisions = [];
    this.#rows = noRows();
    if (decisions.length > 0) decisionsMade(decisions);
    for (const kind of SHELF_KINDS) {
      rowsTold(kind, rows[kind]);
      for (const { sequence } of rows[kind]) this.#history.heard(kind, sequence);
    }
    for (const { sequence } of decisions) this.#history.heard('decisions', sequence);
  }

  /** Looks, a few times a second, whether the tape of trades has holes to be asked for. */
  lookForHoles(): void {
    this.#history.look();
  }

  asked(command: Command): void {
    requestSent(command, performance.now());
  }

  /** Asked while there is no link: it went nowhere, and waits for nothing. */
  notSent(command: Command): void {
    const reason = 'not connected: nothing was sent';
    requestAnswered(
      { id: command.id, kind: command.kind, outcome: 'refused', reason },
      performance.now(),
    );
  }

  /** Gives up on requests that nothing was heard of; `lost` when the link broke. */
  expire(nowMs: number, lost: boolean): void {
    for (const { command, sentAtMs } of pendingRequests()) {
      if (isResent(command)) continue;
      const late = nowMs - sentAtMs > ANSWER_WITHIN_MS;
      if (lost) requestUnanswered(command.id, 'the link broke before an answer came', nowMs);
      else if (late) requestUnanswered(command.id, 'the engine has not answered', nowMs);
    }
  }
}

function noRows(): { [K in ShelfKind]: HistoryRows[K][] } {
  return { fills: [], orders: [], scalps: [], events: [], equity: [] };
}

/** Asking twice is safe and wanted: these are said again, under the same id, on the next link. */
export function isResent(command: Command): boolean {
  return command.kind === 'kill' || command.kind === 'disarm';
}
