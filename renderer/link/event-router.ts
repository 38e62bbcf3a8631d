/**
 * event-router: the only writer of the stores that hold what the engine said.
 *
 * Decisions come up to fifty a second; they are handed on ten times a second, so that a list
 * renders once for several of them. Everything else is handed on at once.
 *
 * Imports   contract, stores, ./server-message.
 */
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import type { ShellNotice } from '../../engine/contract/bridge.ts';
import type { Command } from '../../engine/contract/commands.ts';
import type { DecisionEvent, ServerMessage } from '../../engine/contract/events.ts';
import type { Alert, EngineStatus } from '../../engine/contract/status.ts';
import { activityForgotten, alertsRaised, fillHappened } from '../stores/activity-store.ts';
import {
  pendingRequests,
  requestAnswered,
  requestSent,
  requestUnanswered,
} from '../stores/commands-store.ts';
import { connectionChanged, useConnection } from '../stores/connection-store.ts';
import { decisionsForgotten, decisionsMade } from '../stores/decisions-store.ts';
import { statusChanged, statusForgotten } from '../stores/status-store.ts';
import { parseServerMessage } from './server-message.ts';

export const DECISIONS_EVERY_MS = 100;
/** After that long without an answer the screen says so; the answer may still come. */
export const ANSWER_WITHIN_MS = 4000;
/** What the shell said outlives an engine: so many of it are kept. */
const SHELL_ALERTS_KEPT = 10;
/** What an engine of another contract says when it closes the link. */
const MISMATCH_CLOSE = 'contract mismatch';

/** What the router asks of the link. */
export interface RouterLink {
  send(message: { readonly type: 'pong'; readonly number: number }): void;
  /** A status is in; after the first of a connection, what must be said again can be said. */
  onStatus(status: EngineStatus, isFirst: boolean): void;
  stop(): void;
}

export class EventRouter {
  readonly #link: RouterLink;
  #decisions: DecisionEvent[] = [];
  #decisionTimer: ReturnType<typeof setTimeout> | null = null;
  #isReady = false;
  #badMessages = 0;
  #lastError = '';
  #shellAlerts: Alert[] = [];

  constructor(link: RouterLink) {
    this.#link = link;
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
      case 'decision':
        this.#decision(message.decision);
        break;
      case 'fill':
        fillHappened(message.fill);
        break;
      case 'alert':
        alertsRaised([message.alert]);
        break;
      case 'error':
        this.#lastError = message.message;
        alertsRaised([
          { atMs: Date.now(), level: 'danger', code: message.code, text: message.message },
        ]);
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
    statusForgotten();
    decisionsForgotten();
    activityForgotten();
    // Why there is another engine now is what the shell had to say.
    alertsRaised(this.#shellAlerts);
  }

  #status(status: EngineStatus): void {
    statusChanged(status);
    alertsRaised(status.alerts);
    const isFirst = !this.#isReady;
    this.#isReady = true;
    connectionChanged({ phase: 'live', reason: '', lastAliveWallMs: Date.now() });
    this.#link.onStatus(status, isFirst);
  }

  #decision(decision: DecisionEvent): void {
    this.#decisions.push(decision);
    this.#decisionTimer ??= setTimeout(() => this.flushDecisions(), DECISIONS_EVERY_MS);
  }

  flushDecisions(): void {
    if (this.#decisionTimer !== null) clearTimeout(this.#decisionTimer);
    this.#decisionTimer = null;
    if (this.#decisions.length > 0) decisionsMade(this.#decisions);
    this.#decisions = [];
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

/** Asking twice is safe and wanted: these are said again, under the same id, on the next link. */
export function isResent(command: Command): boolean {
  return command.kind === 'kill' || command.kind === 'disarm';
}
