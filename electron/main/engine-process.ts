/**
 * engine-process: supervises the engine's process: starts it, hears how it stands, starts it again
 * after a crash within a budget, and ends it in good order.
 *
 * An end that was asked for, or that the engine explained, is no crash. After a crash the engine
 * itself comes back HALTED when it was armed or exposed: its marker on disk says so.
 * What a process that is gone had said is not the state of anything: the summary is dropped, the
 * last one is kept apart for telling the person what was open.
 *
 * Imports   contract, protocol, ./restart-budget.
 */
import type { EnginePhase } from '../../engine/contract/bridge.ts';
import type {
  EngineFlagTexts,
  EngineSummary,
  FromEngine,
  RevealedKey,
  ToEngine,
} from '../protocol/engine-messages.ts';
import { parseFromEngine } from '../protocol/engine-messages.ts';
import { RestartBudget, RESTARTS_MAX } from './restart-budget.ts';

export const RESTART_PAUSE_MS = 500;
/** Disarm, cancel and verify take seconds at most; a hung engine is ended by force. */
export const STOP_WITHIN_MS = 20_000;
/** KILL is answered once the venue was asked; a person is told when that takes longer. */
export const KILL_ANSWER_WITHIN_MS = 5_000;

/** What it means that no engine runs. */
export const UNGUARDED =
  'Until it is back nothing is traded and no exit is watched; resting orders end with the ' +
  "venue's countdown. It comes back HALTED when anything was armed or open";

/** The part of Electron's UtilityProcess that is used. */
export interface ChildProcessLike<Port> {
  readonly pid: number | undefined;
  postMessage(message: unknown, transfer?: Port[]): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  /** A fatal error of its JavaScript engine; 'exit' follows. Unheard it would end the shell. */
  on(event: 'error', listener: (type: string, location: string) => void): unknown;
}

export interface EngineEvents {
  onPhase(phase: EnginePhase, text: string): void;
  onSummary(summary: EngineSummary | null): void;
  onExchangeWanted(args: readonly string[]): void;
  onLog(level: 'info' | 'warn' | 'error', line: string): void;
  /** KILL was refused or not answered: whoever pressed it must know. */
  onKillNotTaken(why: string): void;
  /** No restart is left, or it could not start at all: somebody must decide. */
  onGivenUp(reason: string): void;
}

export interface EngineProcessOptions<Port> {
  readonly fork: () => ChildProcessLike<Port>;
  readonly flags: () => EngineFlagTexts;
  readonly mainPid: number;
  readonly nowMs: () => number;
  /** Ends a process that no longer listens to a signal. */
  readonly endByForce: (pid: number) => void;
  readonly events: EngineEvents;
}

/** How the orderly end went. */
export interface StopReport {
  readonly left: readonly string[];
  /** False when it did not answer in time and was ended by force. */
  readonly isOrderly: boolean;
}

export class EngineProcess<Port> {
  readonly #options: EngineProcessOptions<Port>;
  readonly #budget = new RestartBudget();
  #child: ChildProcessLike<Port> | null = null;
  #phase: EnginePhase = 'stopping';
  #text = '';
  #summary: EngineSummary | null = null;
  #lastSummary: EngineSummary | null = null;
  #failure: string | null = null;
  #left: readonly string[] | null = null;
  #stopped: PromiseWithResolvers<void> | null = null;
  #crash = '';
  #restart: NodeJS.Timeout | undefined;
  #requests = 0;
  /** Each KILL that the engine has not answered yet. */
  readonly #unanswered = new Map<string, NodeJS.Timeout>();

  constructor(options: EngineProcessOptions<Port>) {
    this.#options = options;
  }

  get phase(): EnginePhase {
    return this.#phase;
  }

  get phaseText(): string {
    return this.#text;
  }

  /** What the running engine last said; null while none runs. */
  get summary(): EngineSummary | null {
    return this.#summary;
  }

  /** What was last heard from any engine of this run. */
  get lastSummary(): EngineSummary | null {
    return this.#lastSummary;
  }

  get isRunning(): boolean {
    return this.#phase === 'running';
  }

  start(): void {
    if (this.#child !== null || this.#stopped !== null) return;
    clearTimeout(this.#restart);
    this.#failure = null;
    const child = this.#options.fork();
    this.#child = child;
    child.on('message', (message) => {
      if (this.#child === child) this.#receive(message);
    });
    child.on('exit', (code) => {
      if (this.#child === child) this.#exited(code);
    });
    child.on('error', (type, location) => {
      this.#options.events.onLog('error', `the engine's process: ${type} at ${location}`);
    });
    const { flags, mainPid } = this.#options;
    this.#tell({ kind: 'start', flags: flags(), mainPid });
    // Why it is started again stays to be read until it runs.
    this.#enter('starting', this.#phase === 'restarting' ? this.#text : 'the engine starts');
  }

  /** A person asks for it after the budget was spent. */
  startAgain(): void {
    this.#budget.refill();
    this.start();
  }

  /** A person asks for another engine while one runs: that one ends in good order first. */
  async replace(): Promise<StopReport> {
    const report = await this.stop();
    this.#stopped = null;
    this.#left = null;
    // One that did not obey was ended by force and is no longer heard.
    this.#child = null;
    this.startAgain();
    return report;
  }

  /** Gives one window's port to the engine; false when there is no engine. */
  addTerminal(name: string, port: Port): boolean {
    return this.#tell({ kind: 'terminal', name }, [port]);
  }

  /** Straight from here to the engine. False when there is no process to tell. */
  kill(): boolean {
    const id = this.#nextId('kill');
    if (!this.#tell({ kind: 'kill', id })) return false;
    const unheard = (): void => {
      this.#unanswered.delete(id);
      this.#options.events.onKillNotTaken(
        `no answer for ${KILL_ANSWER_WITHIN_MS / 1000} s: the engine hangs or still asks the ` +
          'venue, orders may rest. Look at the venue; "Start the engine again" ends a hung one ' +
          'by force',
      );
    };
    this.#unanswered.set(id, setTimeout(unheard, KILL_ANSWER_WITHIN_MS).unref());
    return true;
  }

  disarm(reason: string): boolean {
    return this.#tell({ kind: 'disarm', id: this.#nextId('disarm'), reason });
  }

  giveKey(key: RevealedKey): boolean {
    return this.#tell({ kind: 'venueKey', key });
  }

  /** Disarm, cancel, verify, end; by force when it does not answer in time. */
  async stop(withinMs = STOP_WITHIN_MS): Promise<StopReport> {
    clearTimeout(this.#restart);
    const child = this.#child;
    this.#stopped ??= Promise.withResolvers<void>();
    if (child === null) return { left: [], isOrderly: true };
    this.#enter('stopping', 'disarming, cancelling, verifying');
    this.#tell({ kind: 'stop' });
    const timer = setTimeout(() => this.#force(child), withinMs);
    await this.#stopped.promise;
    clearTimeout(timer);
    if (this.#left !== null) return { left: this.#left, isOrderly: true };
    return { left: ['the engine did not say what is left'], isOrderly: false };
  }

  #force(child: ChildProcessLike<Port>): void {
    this.#options.events.onLog('error', 'the engine did not stop in time and is ended by force');
    // A signal that it would have to handle is as useless as the message was.
    if (child.pid === undefined) child.kill();
    else this.#options.endByForce(child.pid);
    // Whether or not the process obeys, the person is not kept waiting.
    this.#stopped?.resolve();
  }

  #tell(message: ToEngine, ports: Port[] = []): boolean {
    if (this.#child === null) return false;
    this.#child.postMessage(message, ports);
    return true;
  }

  #nextId(what: string): string {
    this.#requests += 1;
    return `main-${what}-${this.#requests}`;
  }

  #receive(raw: unknown): void {
    const message = parseFromEngine(raw);
    if (typeof message === 'string') {
      this.#options.events.onLog('warn', `the engine sent something malformed: ${message}`);
      return;
    }
    this.#handle(message);
  }

  #handle(message: FromEngine): void {
    const { events } = this.#options;
    switch (message.kind) {
      case 'ready':
        if (this.#phase !== 'stopping') this.#enter('running', this.#crash);
        this.#crash = '';
        events.onLog('info', `session ${message.session} (${message.mode}) is up`);
        return;
      case 'summary':
        this.#summary = message.summary;
        this.#lastSummary = message.summary;
        events.onSummary(message.summary);
        return;
      case 'exchangeWanted':
        events.onExchangeWanted(message.args);
        return;
      case 'answer':
        this.#answered(message.id, message.outcome, message.reason);
        return;
      case 'log':
        events.onLog(message.level, message.line);
        return;
      case 'failed':
        this.#failure = message.reason;
        return;
      case 'stopped':
        this.#left = message.left;
        return;
    }
  }

  #answered(id: string, outcome: 'applied' | 'refused', reason: string): void {
    const { events } = this.#options;
    events.onLog('info', `${id}: ${outcome} ${reason}`);
    const isKill = this.#unanswered.has(id);
    clearTimeout(this.#unanswered.get(id));
    this.#unanswered.delete(id);
    if (isKill && outcome === 'refused') events.onKillNotTaken(`refused: ${reason}`);
  }

  #exited(code: number): void {
    for (const timer of this.#unanswered.values()) clearTimeout(timer);
    this.#unanswered.clear();
    this.#child = null;
    this.#summary = null;
    this.#options.events.onSummary(null);
    if (this.#stopped !== null || this.#left !== null) {
      this.#enter('stopping', 'the engine has ended');
      this.#stopped?.resolve();
      return;
    }
    if (this.#failure !== null) {
      this.#giveUp(`the engine could not start: ${this.#failure}`);
      return;
    }
    this.#crashed(code);
  }

  #crashed(code: number): void {
    const what = `the engine's process ended unexpectedly (code ${code})`;
    this.#options.events.onLog('error', what);
    this.#crash = what;
    if (!this.#budget.take(this.#options.nowMs())) {
      this.#giveUp(`${what}, more than ${RESTARTS_MAX} times in five minutes`);
      return;
    }
    const { spent } = this.#budget;
    this.#enter(
      'restarting',
      `${what} and is started again (${spent} of ${RESTARTS_MAX}). ${UNGUARDED}`,
    );
    this.#restart = setTimeout(() => this.start(), RESTART_PAUSE_MS);
  }

  #giveUp(reason: string): void {
    this.#enter('failed', reason);
    this.#options.events.onGivenUp(reason);
  }

  #enter(phase: EnginePhase, text: string): void {
    this.#phase = phase;
    this.#text = text;
    this.#options.events.onPhase(phase, text);
  }
}
