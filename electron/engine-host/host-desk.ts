/**
 * host-desk: the engine inside its own process: starts it as the main process asks, gives each
 * window's port to it, carries out kill, disarm and stop, and tells how it stands.
 *
 * Kill and disarm come straight from the main process, past every window, and are never refused by
 * this desk while an engine runs. When the main process is gone nobody is left to ask: the engine
 * is stopped in good order (disarm, cancel, verify) and the process ends. Exits of what is still
 * open end with it, which the marker on disk tells the next start.
 *
 * Imports   base, contract, runtime, protocol.
 */
import { EngineError, messageOf } from '../../engine/base/errors.ts';
import type { Ack, Command } from '../../engine/contract/commands.ts';
import type { LinkEvents, LinkPort } from '../../engine/contract/link.ts';
import type { EngineStatus } from '../../engine/contract/status.ts';
import type { EngineFlags } from '../../engine/runtime/launch/launch-engine.ts';
import type { ProcessHost } from '../../engine/runtime/exchange-process.ts';
import type { FromEngine, RevealedKey, ToEngine } from '../protocol/engine-messages.ts';
import { SummaryTeller, summaryOf } from './summary.ts';
import { TerminalPort, type PortLike } from './terminal-port.ts';

const SUMMARY_EVERY_MS = 250;
const MAIN_LOOK_EVERY_MS = 1000;
/** What the main process takes at most. */
const LINE_MAX = 4000;
const LEFT_MAX = 200;

/** The part of Engine that the desk uses. */
export interface HostedEngine {
  readonly start: { readonly session: { readonly id: string } };
  readonly terminalCount: number;
  addTerminal(port: LinkPort): LinkEvents;
  execute(command: Command, holdsLease: boolean): Promise<Ack>;
  status(): EngineStatus;
  stop(how: { readonly flatten: boolean }): Promise<readonly string[]>;
}

/** What the desk needs of its process; a test gives another. */
export interface HostSurroundings {
  post(message: FromEngine): void;
  launch(
    flags: EngineFlags,
    say: (line: string) => void,
    host: ProcessHost,
  ): Promise<{ readonly engine: HostedEngine; readonly config: { readonly dataFolder: string } }>;
  isAlive(processId: number): boolean;
  exit(code: number): void;
}

export class HostDesk {
  readonly #around: HostSurroundings;
  readonly #teller: SummaryTeller;
  readonly #timers: NodeJS.Timeout[] = [];
  /** Windows that came before the engine was up. */
  #waiting: TerminalPort[] = [];
  #engine: HostedEngine | null = null;
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  /** In clear, in this process only; nothing but a signer of LIVE may read it. */
  #key: RevealedKey | null = null;

  constructor(around: HostSurroundings) {
    this.#around = around;
    this.#teller = new SummaryTeller((summary) => around.post({ kind: 'summary', summary }));
  }

  receive(message: ToEngine, ports: readonly PortLike[]): void {
    switch (message.kind) {
      case 'start':
        this.#starting ??= this.#start(message.flags, message.mainPid);
        return;
      case 'terminal':
        if (ports[0] !== undefined) this.#terminal(ports[0]);
        return;
      case 'kill':
        void this.#execute({ kind: 'kill', id: message.id });
        return;
      case 'disarm':
        this.#log('info', `disarm: ${message.reason}`);
        void this.#execute({ kind: 'disarm', id: message.id, strategy: null, symbol: null });
        return;
      case 'venueKey':
        this.#key = message.key;
        this.#log('info', `key "${this.#key.label}" of ${this.#key.venue} is held`);
        return;
      case 'stop':
        void this.stop();
        return;
    }
  }

  /** Disarm, cancel, verify, tell what is left, end. Asked twice it is done once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(flags: EngineFlags, mainPid: number): Promise<void> {
    this.#every(MAIN_LOOK_EVERY_MS, () => this.#lookForMain(mainPid));
    try {
      const { engine, config } = await this.#around.launch(
        flags,
        (line) => this.#log('info', line),
        { start: (_entry, args) => this.#around.post({ kind: 'exchangeWanted', args: [...args] }) },
      );
      this.#engine = engine;
      const status = engine.status();
      this.#around.post({
        kind: 'ready',
        session: engine.start.session.id,
        mode: status.mode,
        dataFolder: config.dataFolder,
      });
      this.#every(SUMMARY_EVERY_MS, () => this.#summary());
      this.#summary();
      for (const port of this.#waiting.splice(0)) port.attach(engine.addTerminal(port));
    } catch (error) {
      if (this.#stopping === null) this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const code = error instanceof EngineError ? error.code : 'runtime/not-available';
    for (const port of this.#waiting.splice(0)) port.close('the engine could not start');
    this.#around.post({ kind: 'failed', code, reason: messageOf(error).slice(0, LINE_MAX) });
    this.#end(1);
  }

  #terminal(raw: PortLike): void {
    const port = new TerminalPort(raw);
    if (this.#stopping !== null) port.close('the engine stops');
    else if (this.#engine === null) this.#waiting.push(port);
    else port.attach(this.#engine.addTerminal(port));
  }

  async #execute(command: Command): Promise<void> {
    const { id } = command;
    if (this.#engine === null) {
      const reason = 'the engine is starting: nothing is armed yet';
      this.#around.post({ kind: 'answer', id, outcome: 'refused', reason });
      return;
    }
    try {
      const { outcome, reason } = await this.#engine.execute(command, false);
      this.#around.post({ kind: 'answer', id, outcome, reason });
    } catch (error) {
      this.#around.post({ kind: 'answer', id, outcome: 'refused', reason: messageOf(error) });
    }
    this.#summary();
  }

  async #stop(): Promise<void> {
    // An engine that is half built has threads and a lock: let it come up, then end it.
    await this.#starting;
    if (this.#engine === null) return this.#end(0);
    try {
      const left = await this.#engine.stop({ flatten: false });
      this.#around.post({ kind: 'stopped', left: left.slice(0, LEFT_MAX) });
      this.#end(left.length === 0 ? 0 : 1);
    } catch (error) {
      const line = `the orderly stop failed: ${messageOf(error)}`;
      this.#around.post({ kind: 'stopped', left: [line] });
      this.#end(1);
    }
  }

  #lookForMain(mainPid: number): void {
    if (!this.#around.isAlive(mainPid)) void this.stop();
  }

  #summary(): void {
    if (this.#engine === null || this.#stopping !== null) return;
    this.#teller.look(summaryOf(this.#engine.status(), this.#engine.terminalCount));
  }

  #log(level: 'info' | 'warn' | 'error', line: string): void {
    this.#around.post({ kind: 'log', level, line: line.slice(0, LINE_MAX) });
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }

  #end(code: number): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#key = null;
    this.#around.exit(code);
  }
}
